import assert from "node:assert/strict";
import { utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { delay } from "../../../../src/base/abort.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { type ProjectFile, projectFiles } from "../../../../src/run/project/projectFiles.js";
import { ProjectSender, type SentCount } from "../../../../src/run/project/projectSender.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";
import { outgoing, withUploads } from "../../files/support/uploadTarget.js";
import { diskFolder, writeTree } from "./support/diskFolder.js";

describe("ProjectSender", function () {
  this.timeout(120_000);
  const at = withUploads();
  const newFolder = temporaryFolders();
  const { signal } = new AbortController();
  let root: string;
  let sender: ProjectSender;
  let main: string;

  beforeEach(async () => {
    root = await newFolder();
    await at.programs.run("rm -rf main.py lib data.txt");
    await writeTree(root, { "lib/a.py": "aaaa", "lib/b.py": "bbbb", "data.txt": "data" });
    sender = new ProjectSender({ tunnels: at.tunnels, logger: silentLogger });
    main = "print(1)";
  });

  const files = async (): Promise<readonly ProjectFile[]> => {
    const folder = diskFolder(root);
    const selection = { include: ["**"], exclude: [] };
    return (await projectFiles({ main: outgoing("main.py", main), folder, selection, signal })).files;
  };

  const send = async (): Promise<SentCount> =>
    sender.send(at.client, at.sessionId, await files(), { signal });

  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await sender.compare(at.client, at.sessionId, await files())).map(({ file, state }) => [
        file.path,
        state,
      ]),
    );

  const inSession = async (): Promise<string> =>
    (await at.programs.run("cat main.py lib/a.py lib/b.py data.txt")).trim();

  it("sends everything once, then what has changed alone", async () => {
    assert.deepEqual(await send(), { sent: 4, unchanged: 0 });
    assert.deepEqual(await send(), { sent: 0, unchanged: 4 });
    main = "print(2)";
    await writeFile(path.join(root, "lib/a.py"), "longer than before");
    await writeFile(path.join(root, "lib/b.py"), "BBBB");
    await utimes(path.join(root, "data.txt"), 1000, 1000); // touched, not changed
    assert.deepEqual(await states(), {
      "main.py": "changed",
      "lib/a.py": "changed",
      "lib/b.py": "changed",
      "data.txt": "unchanged",
    });
    assert.deepEqual(await send(), { sent: 3, unchanged: 1 });
    assert.equal(await inSession(), "print(2)longer than beforeBBBBdata");
  });

  it("sends again what the session lost or changed", async () => {
    await send();
    await at.programs.run("rm data.txt; echo more >> lib/a.py");
    assert.deepEqual(await send(), { sent: 2, unchanged: 2 });
    assert.equal(await inSession(), "print(1)aaaabbbbdata");
    await at.programs.run("rm -rf lib");
    assert.deepEqual(await send(), { sent: 2, unchanged: 2 });
  });

  it("leaves the newer text where two runs send at once", async () => {
    let open = (): void => undefined;
    const isOpen = new Promise<void>((resolve) => {
      open = resolve;
    });
    const text = (content: string, ready: Promise<void>): ProjectFile => ({
      ...outgoing("main.py", content),
      mtimeMs: undefined,
      read: async () => {
        await ready;
        return Buffer.from(content);
      },
    });
    const place = [at.client, at.sessionId] as const;
    const first = sender.send(...place, [text("print('old')", isOpen)], { signal });
    const second = sender.send(...place, [text("print('new')", Promise.resolve())], { signal });
    await Promise.race([second, delay(1500)]);
    open();
    await Promise.all([first, second]);
    assert.equal(await at.programs.run("cat main.py"), "print('new')");
  });

  it("does not count what did not arrive", async () => {
    const failing: ProjectFile = {
      ...outgoing("lib/b.py", "bbbb"),
      mtimeMs: 1,
      read: () => Promise.reject(new Error("unplugged")),
    };
    const all = (await files()).map((file) => (file.path === failing.path ? failing : file));
    await assert.rejects(sender.send(at.client, at.sessionId, all, { signal }), /unplugged/);
    assert.equal((await states())["lib/b.py"], "new");
    assert.equal((await send()).unchanged, 0);
    assert.equal(await inSession(), "print(1)aaaabbbbdata");
  });

  it("begins anew with a session that was restarted", async () => {
    await send();
    sender.forget(at.client, at.sessionId);
    assert.deepEqual(await states(), Object.fromEntries((await files()).map((file) => [file.path, "new"])));
    assert.deepEqual(await send(), { sent: 4, unchanged: 0 });
  });
});
