import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { disconnect, open, run, shows } from "./support.js";

describe("Transfers", () => {
  let local: string;

  before(async () => {
    local = await mkdtemp(path.join(os.tmpdir(), "backendai-transfers-"));
    await vscode.commands.executeCommand("backendai.account.connectLocal");
  });

  after(async () => {
    await disconnect();
    await rm(local, { recursive: true, force: true });
  });

  it("uploads what the Explorer's menu was opened on, and downloads it again", async () => {
    const code = [
      "import os",
      "print('session=' + os.environ['BACKENDAI_SESSION_NAME'] + '=')",
      "for folder, _, files in sorted(os.walk('transfer-up')):",
      "    print(folder, sorted(files))",
      "",
    ].join("\n");
    const { uri } = await open("transfers.py", code);
    await run(uri); // the session that is uploaded to
    const name = /^session=(.+)=$/m.exec(await shows("transfers.py", /exit code 0/))?.[1] ?? "";
    const folder = path.join(local, "transfer-up");
    await mkdir(path.join(folder, "inner"), { recursive: true });
    for (let index = 0; index < 12; index += 1) {
      await writeFile(path.join(folder, "inner", `${index}.txt`), `number ${index}`);
    }
    await writeFile(path.join(folder, "large.bin"), Buffer.alloc(2_000_000, 5));
    const clicked = vscode.Uri.file(folder);
    await vscode.commands.executeCommand("backendai.files.upload", clicked, [clicked]);
    await run(uri);
    await shows(
      "transfers.py",
      /transfer-up \['large\.bin'\]\s+transfer-up\/inner \['0\.txt', '1\.txt', '10\.txt'/,
    );

    const back = path.join(local, "back");
    await mkdir(back);
    const remote = vscode.Uri.from({
      scheme: "backendai",
      authority: "local",
      path: `/${name}/home/work/transfer-up`,
    });
    await vscode.commands.executeCommand("backendai.files.download", remote, undefined, {
      folder: vscode.Uri.file(back),
    });
    assert.equal((await readdir(path.join(back, "transfer-up/inner"))).length, 12);
    assert.equal(await readFile(path.join(back, "transfer-up/inner/11.txt"), "utf8"), "number 11");
    const large = await readFile(path.join(back, "transfer-up/large.bin"));
    assert.ok(large.equals(Buffer.alloc(2_000_000, 5)));
  });
});
