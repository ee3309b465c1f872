import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { OutputLog } from "../../../../src/run/history/outputLog.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";

describe("OutputLog", () => {
  const folder = temporaryFolders();

  it("keeps what was written, byte by byte, for its owner alone", async () => {
    const file = path.join(await folder(), "a.log");
    const log = await OutputLog.create(file);
    await log.write(Buffer.from([0, 255, 10, 13]));
    await log.write(new Uint8Array());
    await log.write(Buffer.from("안녕"));
    await log.close();
    assert.deepEqual(
      await readFile(file),
      Buffer.concat([Buffer.from([0, 255, 10, 13]), Buffer.from("안녕")]),
    );
    assert.deepEqual([log.size, log.isWhole], [10, true]);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it("keeps the beginning when there is more than its bound, and says so", async () => {
    const file = path.join(await folder(), "a.log");
    const log = await OutputLog.create(file, 5);
    await log.write(Buffer.from("12345"));
    assert.equal(log.isWhole, true);
    await log.write(Buffer.from("67"));
    await log.write(Buffer.from("8"));
    await log.close();
    assert.equal(await readFile(file, "utf8"), "12345");
    assert.deepEqual([log.size, log.isWhole], [5, false]);
  });

  it("begins anew what was there", async () => {
    const file = path.join(await folder(), "a.log");
    for (const text of ["a long first one", "second"]) {
      const log = await OutputLog.create(file);
      await log.write(Buffer.from(text));
      await log.close();
    }
    assert.equal(await readFile(file, "utf8"), "second");
  });

  it("fails once on a full disk, and is not whole from then on", async function () {
    if (!existsSync("/dev/full")) {
      this.skip(); // Linux's alone
    }
    const log = await OutputLog.create("/dev/full");
    await assert.rejects(log.write(Buffer.from("one")), { code: "ENOSPC" });
    await log.write(Buffer.from("two")); // thousands of pieces may follow, and one word about the disk is enough
    await log.close();
    assert.deepEqual([log.size, log.isWhole], [0, false]);
  });
});
