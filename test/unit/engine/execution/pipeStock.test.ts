import assert from "node:assert/strict";
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { SessionEndedError } from "../../../../src/engine/execution/index.js";
import { PipeStock } from "../../../../src/engine/execution/process/pipeStock.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";

describe("pipes for the processes of a session", () => {
  const makeFolder = temporaryFolders();

  it("are handed out once each, however many ask at the same time, and go with their stock", async () => {
    const folder = await makeFolder();
    const stock = new PipeStock(folder);
    const taken = (await Promise.all(Array.from({ length: 40 }, async () => stock.take(3)))).flat();
    assert.equal(new Set(taken).size, 120);
    for (const name of taken) {
      const { mode } = lstatSync(name);
      assert.deepEqual([lstatSync(name).isFIFO(), mode & 0o777], [true, 0o600]);
      rmSync(name);
    }
    await stock.take(2).then((names) => names.forEach((name) => rmSync(name)));
    await stock.end();
    assert.deepEqual(readdirSync(folder), []);
    await assert.rejects(stock.take(2), SessionEndedError);
  });

  it("are made anew where somebody has tidied the folder", async () => {
    const folder = await makeFolder();
    const stock = new PipeStock(folder);
    await stock.take(2);
    readdirSync(folder).forEach((name) => rmSync(`${folder}/${name}`));
    assert.ok((await stock.take(3)).every((name) => lstatSync(name).isFIFO()));
    rmSync(folder, { recursive: true });
    await assert.rejects(stock.take(3));
    await stock.end();
  });
});
