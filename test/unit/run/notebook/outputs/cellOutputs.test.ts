import assert from "node:assert/strict";
import { CellOutputs, type OutputLimits } from "../../../../../src/run/notebook/outputs/cellOutputs.js";
import { until } from "../../../../support/until.js";
import { RecordingScreen } from "../support/recordingScreen.js";

describe("CellOutputs", () => {
  function begin(limits: Partial<OutputLimits> = {}): { screen: RecordingScreen; outputs: CellOutputs } {
    const screen = new RecordingScreen();
    return { screen, outputs: new CellOutputs(screen, { pauseMs: 5, ...limits }) };
  }

  it("joins text of one stream and keeps the order of everything else", async () => {
    const { screen, outputs } = begin();
    outputs.text("stdout", "a");
    outputs.text("stdout", "b\n");
    outputs.text("stderr", "oops\n");
    outputs.data("image/png", new Uint8Array(3));
    outputs.text("stdout", "c");
    await outputs.finish();
    assert.deepEqual(screen.short, ["out:ab\n", "err:oops\n", "image/png", "out:c"]);
  });

  it("shows the first text at once, and gathers what follows", async () => {
    const { screen, outputs } = begin({ pauseMs: 60_000 });
    outputs.text("stdout", "0 ");
    await until("the first writing", () => screen.writings === 1);
    for (let i = 1; i < 1000; i++) {
      outputs.text("stdout", `${String(i)} `);
    }
    await outputs.finish();
    assert.equal(screen.writings, 2);
    assert.equal(screen.short[0], `out:${Array.from({ length: 1000 }, (_, i) => `${String(i)} `).join("")}`);
  });

  it("keeps the beginning and the end of a flood, with a note about what is missing", async () => {
    const { screen, outputs } = begin({ headChars: 10, tailChars: 6 });
    for (const text of ["0123456", "789abc", "d".repeat(3000), "efghij"]) {
      outputs.text("stdout", text);
      await until("the writing", () => screen.writings > 0);
    }
    await outputs.finish();
    assert.equal(screen.short[0], "out:0123456789");
    assert.match(screen.short[1] ?? "", /^out:\x1b\[0m\n\[… 3\.0 kB left out: [^\n]*…\]\nefghij$/);
    assert.equal(screen.short.length, 2);
  });

  it("cuts no character in two", async () => {
    const { screen, outputs } = begin({ headChars: 2, tailChars: 2 });
    outputs.text("stdout", "a😀b😀");
    await outputs.finish();
    assert.equal(screen.short[0], "out:a");
    assert.match(screen.short[1] ?? "", /\n😀$/);
  });

  it("shows a picture after a flood, and an error whatever came before", async () => {
    const { screen, outputs } = begin({ headChars: 4, tailChars: 4, outputs: 3, dataBytes: 100 });
    outputs.text("stdout", "x".repeat(50));
    outputs.data("image/png", new Uint8Array(60));
    outputs.data("image/png", new Uint8Array(60));
    outputs.error({ name: "E", message: "m", stack: "" });
    await outputs.finish();
    assert.equal(screen.short[2], "image/png");
    assert.match(screen.short[3] ?? "", /\[… 1 picture left out/);
    assert.equal(screen.short[4], "error:E:m");
  });

  it("bounds the outputs of a program that changes streams all the time", async () => {
    const { screen, outputs } = begin({ outputs: 20 });
    for (let i = 0; i < 500; i++) {
      outputs.text(i % 2 ? "stdout" : "stderr", `${String(i)}\n`);
    }
    await outputs.finish();
    assert.equal(screen.outputs.length, 21);
    assert.match(screen.short.at(-1) ?? "", /\n499\n$/);
  });
});
