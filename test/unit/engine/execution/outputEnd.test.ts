import assert from "node:assert/strict";
import { writeSync } from "node:fs";
import { outputEnd } from "../../../../src/engine/execution/process/outputEnd.js";
import { PipeStock } from "../../../../src/engine/execution/process/pipeStock.js";
import { openProcessPipes } from "../../../../src/engine/execution/process/processPipes.js";
import { FlowGate } from "../../../../src/engine/execution/run/flowGate.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";

describe("the end of a process's output", () => {
  const makeFolder = temporaryFolders();

  it("comes behind what was written, also where this process had no turn meanwhile", async () => {
    const stock = new PipeStock(await makeFolder());
    const pipes = await openProcessPipes(stock, false);
    const { stdout, stderr, childEnds } = pipes;
    let text = "";
    stdout.on("data", (bytes: Buffer) => (text += bytes.toString()));
    await new Promise((resolve) => setImmediate(resolve));
    const ended = outputEnd([stdout], new FlowGate()); // what holds the pipe open may be a background process
    await new Promise((resolve) => setImmediate(resolve));
    writeSync(childEnds[1], "last words");
    const until = performance.now() + 400;
    while (performance.now() < until) {
      // busy
    }
    await ended;
    assert.equal(text, "last words");
    pipes.closeChildEnds();
    stdout.destroy();
    stderr.destroy();
    await stock.end();
  });
});
