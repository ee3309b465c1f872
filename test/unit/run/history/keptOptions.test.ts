import assert from "node:assert/strict";
import { keptOptions } from "../../../../src/run/history/keptOptions.js";

describe("options of a run that is written down", () => {
  it("hold no secret, and say which variables are to be asked for", () => {
    const env = { API_TOKEN: "hush-hush", MODE: "fast", EMPTY_TOKEN: "" };
    const kept = keptOptions({ args: "--epochs 3 --password hush-too", exec: "python3 x.py", env });
    assert.deepEqual(kept, {
      options: {
        args: "--epochs 3 --password ••••••",
        exec: "python3 x.py",
        env: { MODE: "fast", EMPTY_TOKEN: "" },
      },
      withheld: ["API_TOKEN"],
    });
  });

  it("are as they were where there is none", () => {
    const options = { args: "--epochs 3 'two words'", build: "", env: { MODE: "fast" } };
    assert.deepEqual(keptOptions(options), { options });
    assert.deepEqual(keptOptions({}), { options: {} });
  });
});
