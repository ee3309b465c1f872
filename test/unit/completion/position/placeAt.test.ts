import assert from "node:assert/strict";
import type { Place } from "../../../../src/completion/position/place.js";
import { placeAt } from "../../../../src/completion/position/placeAt.js";
import { cursorIn } from "./support/cursor.js";
import type { Row } from "./support/rows.js";
import { generic } from "./tables/generic.js";
import { javascript } from "./tables/javascript.js";
import { julia } from "./tables/julia.js";
import { python } from "./tables/python.js";
import { r } from "./tables/r.js";

const tables: Readonly<Record<string, readonly Row[]>> = {
  python,
  r,
  julia,
  javascript,
  typescript: javascript,
  ...generic,
};

function rowOf(code: string, place: Place, line: string): Row {
  switch (place.kind) {
    case "none":
      return [code, "none"];
    case "name":
      return [code, "name", place.token, line.slice(place.start, place.end)];
    case "path":
      return [code, "path", place.typed, line.slice(place.start, place.end)];
    case "key":
      return [code, "key", place.typed, line.slice(place.start, place.end), place.object, place.quote];
  }
}

describe("the place of a completion", () => {
  for (const [languageId, rows] of Object.entries(tables)) {
    describe(`in ${languageId}`, () => {
      for (const row of rows) {
        it(JSON.stringify(row[0]), () => {
          const { lines, row: at, col } = cursorIn(row[0]);
          assert.deepEqual(rowOf(row[0], placeAt(languageId, lines, at, col), lines.line(at)), row);
        });
      }
    });
  }

  it("is nothing in a language that is not known", () => {
    const { lines, row, col } = cursorIn("pri|");
    assert.deepEqual(placeAt("plaintext", lines, row, col), { kind: "none" });
  });
});
