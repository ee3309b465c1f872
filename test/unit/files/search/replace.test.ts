import assert from "node:assert/strict";
import { applyReplacement, planReplacement } from "../../../../src/files/search/replace/fileReplacement.js";
import { replacedText } from "../../../../src/files/search/replace/replacedText.js";
import { sshPrograms } from "../../../../src/files/search/inside/sshProgram.js";
import { rankNames } from "../../../../src/files/search/names/fuzzyNames.js";
import { type FileMatches, searchFiles } from "../../../../src/files/search/searchFiles.js";
import { SftpAccess } from "../../../../src/files/access/sftp/sftpAccess.js";
import { SessionSftp } from "../../../../src/files/sftp/sessionSftp.js";
import { LocalSide } from "../../../../src/files/sync/localSide.js";
import { applyMirror, planMirror } from "../../../../src/files/sync/mirror.js";
import { producedSince } from "../../../../src/files/sync/produced.js";
import { SessionSide } from "../../../../src/files/sync/sessionSide.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { withUploads } from "../support/uploadTarget.js";

const { signal } = new AbortController();
const plain = { text: "a", isRegex: false, isCaseSensitive: true, isWholeWord: false };

describe("replacedText", () => {
  const all = new Set([1, 2, 3]);

  it("replaces in the lines that were found, and keeps line breaks and the byte order mark", () => {
    const lines = new Set([1, 3]);
    assert.deepEqual(replacedText("\uFEFFa a\r\na\na", { pattern: plain, replacement: "$&b", lines }), {
      text: "\uFEFF$&b $&b\r\na\n$&b",
      count: 3,
    });
  });

  it("knows groups and escapes where the pattern is an expression", () => {
    const pattern = { ...plain, text: "(?<x>\\w)=(\\d)", isRegex: true };
    const { text } = replacedText("a=1 b=2", { pattern, replacement: "$2\\t$<x>\\\\n", lines: all });
    assert.equal(text, "1\ta\\n 2\tb\\n");
  });
});

describe("rankNames", () => {
  it("has names before folders, wholes before parts, and leaves out what does not fit", () => {
    const paths = [
      "train/data.txt",
      "src/train.py",
      "src/my_train.py",
      "t/r/a/i/n.md",
      "other.c",
      "src/Trainer.ts",
    ];
    assert.deepEqual(
      rankNames("train", paths, 10).map(({ path: name }) => name),
      ["src/train.py", "src/Trainer.ts", "src/my_train.py", "train/data.txt"].concat(
        rankNames("train", ["t/r/a/i/n.md"], 1).map(({ path: name }) => name),
      ),
    );
    assert.equal(rankNames("a", paths, 2).length, 2);
  });
});

describe("Files of a session that are changed from here", function () {
  this.timeout(120_000);
  const at = withUploads();
  const folders = temporaryFolders();
  const access = (): SftpAccess =>
    new SftpAccess({ client: at.client, sessionId: at.sessionId }, new SessionSftp(at.tunnels, silentLogger));

  it("are replaced in as they were found, and not when they have changed", async () => {
    await at.programs.run(
      "mkdir -p rep && printf 'a b\\r\\nA\\r\\n' > rep/x.txt && printf '\\377 a\\n' > rep/bad.txt",
    );
    const query = { ...plain, folder: "/home/work/rep", include: [], exclude: [], maxLines: 100 };
    const found: FileMatches[] = [];
    for await (const file of searchFiles(sshPrograms(at.tunnels.ssh(at.client, at.sessionId)), query, {
      signal,
    })) {
      found.push(file);
    }
    const [bad, good] = found.sort((a, b) => (a.path < b.path ? -1 : 1));
    const replacing = { pattern: query, replacement: "é", signal };
    await assert.rejects(planReplacement(access(), bad!, replacing), { failure: "invalid" });
    const plan = await planReplacement(access(), good!, replacing);
    await at.programs.run("printf 'a c\\r\\nA\\r\\n' > rep/x.txt");
    await assert.rejects(applyReplacement(access(), plan, signal), { failure: "changed" });
    await assert.rejects(planReplacement(access(), good!, replacing), { failure: "changed" });
    await at.programs.run("printf 'a b\\r\\nA\\r\\n' > rep/x.txt");
    await applyReplacement(access(), await planReplacement(access(), good!, replacing), signal);
    assert.equal(await at.programs.run("cat rep/x.txt"), "é b\r\nA\r\n");
  });

  it("are mirrored both ways", async () => {
    const here = await folders();
    await mkdir(path.join(here, "d"));
    await writeFile(path.join(here, "d", "mine 'é'.txt"), "mine");
    await writeFile(path.join(here, "both"), "local");
    await at.programs.run(
      "mkdir -p mirror/e && printf theirs > mirror/e/t && printf remote > mirror/both && ln -s both mirror/link",
    );
    const sides = {
      local: new LocalSide(here),
      remote: new SessionSide(access(), "/home/work/mirror", "session"),
      choice: () => true,
    };
    const options = { direction: "both", deletes: true, signal } as const;
    let base = { files: new Map(), at: 0 };
    for (const turn of [1, 2]) {
      const plan = await planMirror(sides, base, options);
      const outcome = await applyMirror(sides, plan, { steps: plan.steps, base, signal });
      assert.deepEqual([turn, ...outcome.failures], [turn]);
      base = { files: new Map(outcome.base.files), at: outcome.base.at };
    }
    assert.deepEqual((await planMirror(sides, base, options)).steps, []);
    assert.equal(
      await at.programs.run(
        "cd mirror && for f in both 'both (session)' \"d/mine 'é'.txt\" e/t; do cat \"$f\"; echo; done",
      ),
      "local\nremote\nmine\ntheirs\n",
    );
    assert.equal(await readFile(path.join(here, "both (session)"), "utf8"), "remote");
    assert.equal(await readFile(path.join(here, "e", "t"), "utf8"), "theirs");
  });

  it("are found by when they were changed", async () => {
    await at.programs.run(
      "mkdir -p out/sub out/__pycache__ && echo 1 > out/sub/new && echo 1 > out/old && touch -d '2 days ago' out/old && echo > out/__pycache__/x.pyc",
    );
    const sides = {
      local: new LocalSide(await folders()),
      remote: new SessionSide(access(), "/home/work/out", "session"),
    };
    const plan = await producedSince(sides, Date.now() - 3_600_000, signal);
    assert.deepEqual(
      plan.steps.map(({ path: name }) => name),
      ["sub/new"],
    );
  });
});
