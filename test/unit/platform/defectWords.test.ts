import assert from "node:assert/strict";
import { defectWords } from "../../../src/platform/errors/defectWords.js";
import { defects } from "../../../src/wire/defects.js";

describe("defectWords", () => {
  it("say in English what the table of defects says", () => {
    const table = Object.entries(defects).map(([name, { does, instead }]) => [name, { does, instead }]);
    assert.deepEqual(defectWords, Object.fromEntries(table));
  });
});
