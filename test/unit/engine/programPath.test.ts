import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { availableRuntimes } from "../../../src/engine/execution/index.js";
import { programPath } from "../../../src/engine/sessions/startup/programPath.js";
import { pick } from "./support/client.js";
import { engines } from "./support/engines.js";

describe("programs on a session's PATH", () => {
  const start = engines();
  let folder = "";
  const program = async (file: string): Promise<string> => {
    const full = path.join(folder, file);
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, "#!/bin/sh\necho another\n");
    await chmod(full, 0o755);
    return full;
  };
  const joined = (...names: string[]): string =>
    names.map((name) => path.join(folder, name)).join(path.delimiter);

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "bai-path-"));
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  it("are the image's own also where a version manager's script comes first", async () => {
    const own = await program("versions/3.11/python3");
    await program("shims/python3");
    assert.equal(
      programPath(own, joined("nothing", "shims", "bin")),
      joined("versions/3.11", "nothing", "shims", "bin"),
    );
  });

  it("stay as they are where the image's own comes first, or is not on PATH, or is only a name", async () => {
    const own = await program("first/python3");
    await program("second/python3");
    await mkdir(path.join(folder, "folder/python3"), { recursive: true });
    await mkdir(path.join(folder, "text"));
    await writeFile(path.join(folder, "text/python3"), "no program");
    assert.equal(programPath(own, joined("folder", "text", "first", "second")), undefined);
    assert.equal(programPath(own, joined("folder", "text")), undefined);
    assert.equal(programPath(own, ""), undefined);
    assert.equal(programPath("node", joined("second")), undefined);
  });

  it("are those of the image in its sessions, of runs and of what runs start", async () => {
    const python = (await availableRuntimes()).find(({ name }) => name === "python");
    assert.ok(python);
    await program("scripts/python3");
    await symlink(path.join(folder, "scripts/python3"), path.join(folder, "scripts/python"));
    const before = process.env["PATH"] ?? "";
    const { client } = await start();
    process.env["PATH"] = `${path.join(folder, "scripts")}${path.delimiter}${before}`;
    try {
      const id = await client.create("own-python", { image: "python" });
      const code =
        "import subprocess; print(subprocess.check_output(['python3', '-c', 'print(6 * 7)'], text=True))";
      assert.match(String(pick(await client.execute(id, code), "console.0.1")), /^42\n/);
      const other = await client.create("no-python", { image: "shell" });
      assert.match(String(pick(await client.execute(other, "python3"), "console.0.1")), /^another\n/);
    } finally {
      process.env["PATH"] = before;
    }
  });
});
