import assert from "node:assert/strict";
import fc from "fast-check";
import { callAt } from "../../../../src/completion/position/call.js";
import { expressionAt } from "../../../../src/completion/position/expression.js";
import { linesOf } from "../../../../src/completion/position/lineSource.js";
import { placeAt } from "../../../../src/completion/position/placeAt.js";

const languageIds =
  "python r julia javascript typescript c cpp go rust java shellscript lua php perl plaintext".split(" ");

const pieces = [
  ..."()[]{}'\"`#$@%!.,:;=<>\\/|&*-_ \t\n\né😀".split(""),
  "f'",
  'r"',
  '"""',
  "'''",
  "${",
  "$(",
  "{{",
  "#=",
  "=#",
  "/*",
  "*/",
  "//",
  "--[[",
  "]]",
  "<<EOF\n",
  "EOF\n",
  "=pod\n",
  "=cut\n",
  "name",
  "os.path",
  "df[",
  "def ",
  "for ",
  "lambda ",
  "in ",
  "as ",
  "1.5",
  "\n!ls ",
  "\ud800",
];

const code = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(""));

/** Words as they stand in comments and strings: no marks that end or interrupt any of those. */
const prose = fc
  .array(fc.constantFrom("os.path", "word", "größe", "df.a", "f(x)", "1.5", "a, b", "x = y"), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(" "));

/** What begins and ends a comment or a string of each language, and whether it may have more than one line. */
const wraps: readonly (readonly [languageId: string, open: string, close: string, isLong?: true])[] = [
  ["python", "x = 1  # ", "\n"],
  ["python", "x = '", "'"],
  ["python", 'f("', '")'],
  ["python", "x = r'''", "'''", true],
  ["python", 'x = f"""', '"""', true],
  ["r", "x <- 1 # ", "\n"],
  ["r", 'x <- "', '"', true],
  ["r", 'x <- r"(', ')"', true],
  ["julia", "#= ", " =#", true],
  ["julia", 'x = """', '"""', true],
  ["javascript", "/* ", " */", true],
  ["javascript", "x = `", "`", true],
  ["javascript", "f(1); // ", "\n"],
  ["javascript", "f('", "')"],
  ["cpp", 'auto x = R"x(', ')x"', true],
  ["c", "/* ", " */", true],
  ["go", "x := `", "`", true],
  ["rust", 'let x = r#"', '"#', true],
  ["rust", "/* /* ", " */ */", true],
  ["java", 'x = """\n', '"""', true],
  ["shellscript", "cat <<EOF\n", "\nEOF", true],
  ["shellscript", "ls # ", "\n"],
  ["lua", "--[==[ ", " ]==]", true],
  ["php", "/* ", " */", true],
  ["perl", "=pod\n\n", "\n\n=cut", true],
];

describe("places, expressions and calls of any code", () => {
  it("never fail, and lie within their line with the cursor in them", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...languageIds),
        code,
        fc.nat(12),
        fc.nat(60),
        (languageId, text, row, col) => {
          const lines = linesOf(text);
          const line = lines.line(row);
          const at = Math.min(col, line.length);
          const place = placeAt(languageId, lines, row, col);
          if (place.kind !== "none") {
            assert.ok(place.start >= 0 && place.start <= at, "the start is not behind the cursor");
            assert.ok(at <= place.end && place.end <= line.length, "the end is behind the cursor");
            const typed = place.kind === "name" ? place.token : place.typed;
            assert.ok(typed.endsWith(line.slice(place.start, at)), "what is replaced is what was typed");
          }
          const expression = expressionAt(languageId, lines, row, col);
          if (expression) {
            assert.equal(line.slice(expression.start, expression.end), expression.expression);
            assert.ok(expression.start <= at && at <= expression.end);
          }
          assert.ok((callAt(languageId, lines, row, col)?.argument ?? 0) >= 0);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("take cursors outside of the document to its nearest place", () => {
    for (const [row, col] of [
      [-1, -1],
      [NaN, 3],
      [0, 1e9],
      [1e4, 0],
      [0.5, 1.5],
      [Infinity, Infinity],
    ] as const) {
      const place = placeAt("python", linesOf("os.path"), row, col);
      assert.equal(place.kind, "name");
    }
  });

  for (const [languageId, open, close, isLong] of wraps) {
    it(`find no name in a text of ${languageId} that begins with ${JSON.stringify(open)}`, () => {
      fc.assert(
        fc.property(fc.array(prose, { minLength: 1, maxLength: 4 }), fc.nat(), (parts, seed) => {
          const inside = parts.join(isLong ? "\n" : " ");
          const at = open.length + (seed % (inside.length + 1));
          const text = `${open}${inside}${close}`;
          const row = text.slice(0, at).split("\n").length - 1;
          const col = at - (text.lastIndexOf("\n", at - 1) + 1);
          const lines = linesOf(`${text}\nafter`);
          assert.notEqual(placeAt(languageId, lines, row, col).kind, "name");
          assert.equal(expressionAt(languageId, lines, row, col), undefined);
          const end = text.split("\n").length;
          assert.equal(placeAt(languageId, lines, end, 5).kind, "name", "code goes on behind it");
        }),
        { numRuns: 100 },
      );
    });
  }
});
