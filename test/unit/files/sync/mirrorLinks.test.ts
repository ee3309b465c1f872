import assert from "node:assert/strict";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { LocalSide } from "../../../../src/files/sync/localSide.js";
import {
  applyMirror,
  type MirrorOutcome,
  planMirror,
  type RememberedBase,
} from "../../../../src/files/sync/mirror.js";
import { SessionSide } from "../../../../src/files/sync/sessionSide.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";
import { withFiles } from "../support/filesTarget.js";

const { signal } = new AbortController();
const options = { direction: "both", deletes: true, signal } as const;

/** A folder that is a link is not looked into: what were written there would count as deleted the next time. */
describe("mirroring beside links", function () {
  this.timeout(60_000);
  const at = withFiles();
  const newFolder = temporaryFolders();
  let [here, there] = ["", ""];

  beforeEach(async () => {
    [here, there] = [await newFolder(), await at.folder()];
  });

  const mirror = async (base: RememberedBase = { files: new Map(), at: 0 }): Promise<MirrorOutcome> => {
    const remote = new SessionSide(at.access, there, "session");
    const sides = { local: new LocalSide(here), remote, choice: () => true };
    const plan = await planMirror(sides, base, options);
    return applyMirror(sides, plan, { steps: plan.steps, base, signal });
  };

  it("writes nothing through a link of this computer, and deletes nothing for it in the session", async () => {
    const outside = await newFolder();
    await symlink(outside, path.join(here, "data"));
    await at.run(`cd '${there}' && mkdir -p data/inner && echo all > data/inner/file && echo other > other`);
    const { base, failures } = await mirror();
    assert.deepEqual(
      failures.map(({ step }) => step.path),
      ["data/inner/file"],
    );
    assert.match(String(failures[0]?.error), /through a link/);
    assert.deepEqual(await readdir(outside), []);
    assert.equal(await readFile(path.join(here, "other"), "utf8"), "other\n");
    await mirror(base);
    assert.equal(await at.run(`cat '${there}/data/inner/file'`), "all\n");
  });

  it("writes nothing through a link of the session, and deletes nothing for it on this computer", async () => {
    await at.run(`cd '${there}' && mkdir ../outside && ln -s ../outside data`);
    await mkdir(path.join(here, "data", "inner"), { recursive: true });
    await writeFile(path.join(here, "data", "inner", "file"), "all");
    await writeFile(path.join(here, "other"), "other");
    const { base, failures } = await mirror();
    assert.deepEqual(
      failures.map(({ step }) => step.path),
      ["data/inner/file"],
    );
    assert.match(String(failures[0]?.error), /through a link/);
    assert.equal(await at.run(`ls '${there}/../outside'; cat '${there}/other'`), "other");
    await mirror(base);
    assert.equal(await readFile(path.join(here, "data", "inner", "file"), "utf8"), "all");
  });
});
