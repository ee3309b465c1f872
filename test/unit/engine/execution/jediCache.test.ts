import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { readdir, stat, truncate } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { warmUpScript } from "../../../../src/completion/source/kernel/warmUpScript.js";
import { extensionRoot } from "../../../host/paths.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";

/** What the runner does with jedi in a session, for a person whose home is `sys.argv[2]`; prints the completions. */
const runner = String.raw`
import os, sys, types
sys.path.insert(0, sys.argv[1])
import complete
person = types.SimpleNamespace(pw_dir=sys.argv[2])
complete.pwd = types.SimpleNamespace(getpwuid=lambda _: person)
jedi = complete._Jedi()
jedi._thread = "runs by hand"
jedi._get_ready()
print(jedi.words(["import zlib", ""], 1, "zlib.compressob", {}))
`;

/** Ends the process in the middle of the first file of the cache. */
const cutShort = String.raw`
import os, parso.cache, types
def dump(item, file, protocol):
    file.write(b"half")
    file.flush()
    os._exit(0)
parso.cache.pickle = types.SimpleNamespace(dump=dump, HIGHEST_PROTOCOL=0)
`;

describe("what jedi keeps on the disk", function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();
  let home: string;

  before(function () {
    try {
      execFileSync("python3", ["-c", "import jedi"], { stdio: "ignore" });
    } catch {
      console.log("      skipped: this computer's Python has no jedi");
      this.skip();
    }
  });

  beforeEach(async () => (home = await newFolder()));

  const python = async (script: string): Promise<string> => {
    const runners = path.join(extensionRoot, "media", "runners", "python");
    const env = { ...process.env, HOME: home, XDG_CACHE_HOME: undefined, PYTHONDONTWRITEBYTECODE: "1" };
    const { stdout } = await promisify(execFile)("python3", ["-c", script, runners, home], { env });
    return stdout.trim();
  };

  const files = async (): Promise<string[]> => {
    const cache = path.join(home, process.platform === "darwin" ? "Library/Caches/Jedi" : ".cache/jedi");
    const all = await readdir(cache, { recursive: true, withFileTypes: true });
    return all
      .filter((entry) => entry.isFile() && !entry.name.endsWith("-LOCK"))
      .map((entry) => path.join(entry.parentPath, entry.name));
  };

  it("is mended where a file of it is half there", async () => {
    assert.equal(await python(runner), "['compressobj']");
    for (const [index, file] of (await files()).entries()) {
      await truncate(file, index % 2 === 0 ? 0 : Math.floor((await stat(file)).size / 2));
    }
    assert.equal(await python(runner), "['compressobj']");
  });

  for (const [who, script] of [
    ["a session of the local engine", runner],
    ["what gets the kernel of a session ready", warmUpScript],
  ] as const) {
    it(`never has half a file by its name, of ${who} that was ended meanwhile`, async () => {
      await python(cutShort + script);
      const left = await files();
      assert.deepEqual(
        left.filter((file) => !file.endsWith(".part")),
        [],
      );
      assert.equal(left.length, 1);
    });
  }
});
