import assert from "node:assert/strict";
import { expressionAt } from "../../../../src/completion/position/expression.js";
import { cursorIn } from "./support/cursor.js";

/** Language, code with its cursor, and the expression there, or nothing. */
const table: readonly (readonly [languageId: string, code: string, expression?: string])[] = [
  ["python", "os.path.jo|in(a)", "os.path.join"],
  ["python", "os.pa|th.join(a)", "os.path"],
  ["python", "|os.path", "os"],
  ["python", "x = os|.path", "os"],
  ["python", "x = os.|path", "os.path"],
  ["python", "df.head|", "df.head"],
  ["python", "größ|e.x", "größe"],
  ["python", "😀 = na|me", "name"],
  ["python", "def fo|o(): pass", "foo"],
  ["python", "f'{na|me}'", "name"],
  ["python", "f'na|me'"],
  ["python", "'na|me'"],
  ["python", "'|name'"],
  ["python", "f|'name'"],
  ["python", "# na|me"],
  ["python", "#|name"],
  ["python", "'''\nna|me\n'''"],
  ["python", "ret|urn x"],
  ["python", "1.5|"],
  ["python", "0xf|f"],
  ["python", "a +| b"],
  ["python", "a  |  b"],
  ["python", "|"],
  ["python", "foo().ba|r"],
  ["python", "fo|o().bar", "foo"],
  ["python", 'df["a"].me|an()'],
  ["python", "'a'.up|per()"],
  ["r", "dplyr::fil|ter(x)", "dplyr::filter"],
  ["r", "df$co|l", "df$col"],
  ["r", "data.fr|ame()", "data.frame"],
  ["r", "'df$co|l'"],
  ["julia", "Base.pu|sh!(a)", "Base.push!"],
  ["julia", "@ti|me x", "@time"],
  ["julia", "#= @ti|me =#"],
  ["javascript", "console.lo|g(1)", "console.log"],
  ["javascript", "map.del|ete(1)", "map.delete"],
  ["javascript", "`a ${b.c|}`", "b.c"],
  ["javascript", "`a b.c|`"],
  ["javascript", "/ab|c/.test(x)"],
  ["typescript", "a?.b|", "a?.b"],
  ["cpp", "std::vec|tor<int>", "std::vector"],
  ["go", "fmt.Print|ln()", "fmt.Println"],
  ["plaintext", "na|me"],
];

describe("the expression under a cursor", () => {
  for (const [languageId, code, expression] of table) {
    it(`in ${languageId}: ${JSON.stringify(code)}`, () => {
      const { lines, row, col } = cursorIn(code);
      const found = expressionAt(languageId, lines, row, col);
      assert.equal(found?.expression, expression);
      if (found) {
        assert.equal(lines.line(row).slice(found.start, found.end), expression);
      }
    });
  }
});
