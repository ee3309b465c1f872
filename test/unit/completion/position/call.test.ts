import assert from "node:assert/strict";
import { callAt } from "../../../../src/completion/position/call.js";
import { cursorIn } from "./support/cursor.js";

type Told = readonly [callee: string, argument: number, keyword?: string];

/** Language, code with its cursor, and the call there, or nothing. */
const table: readonly (readonly [languageId: string, code: string, call?: Told])[] = [
  ["python", "print(|", ["print", 0]],
  ["python", "print(|)", ["print", 0]],
  ["python", "print(1)|"],
  ["python", "print|(1)"],
  ["python", "os.path.join(a, |b)", ["os.path.join", 1]],
  ["python", "f(g(1, 2), |", ["f", 1]],
  ["python", "f(g(1, |", ["g", 1]],
  ["python", "f([1, 2, |3])", ["f", 0]],
  ["python", "f({'a': 1, 'b': 2}, (3, |4))", ["f", 1]],
  ["python", "f('a, (b', |", ["f", 1]],
  ["python", 'f("""a,\n(b""", |', ["f", 1]],
  ["python", "f(\n    1,  # one, (two\n    |2,\n)", ["f", 1]],
  ["python", "f(1, sep=|", ["f", 1, "sep"]],
  ["python", "f(1,\n  # a note\n  sep=','|", ["f", 1, "sep"]],
  ["python", "f(a == |b)", ["f", 0]],
  ["python", "f(sep=',', |", ["f", 1]],
  ["python", "open('da|ta')", ["open", 0]],
  ["python", "print(f'{g(1, |)}')", ["g", 1]],
  ["python", "print(f'{x|}')", ["print", 0]],
  ["python", "f(1)  # g(|"],
  ["python", "def f(a, |"],
  ["python", "class A(B, |"],
  ["python", "if (a and |b)"],
  ["python", "x = (1, |2)"],
  ["python", "return (a, |"],
  ["python", "foo().bar(|"],
  ["python", "foo()(|"],
  ["python", 'df["a"].mean(|'],
  ["python", "f(1,\ndef g():\n  |pass"],
  ["python", "größe.f(1, 2, |", ["größe.f", 2]],
  ["python", "f(lambda a, b: |a)", ["f", 1]],
  ["python", "@cache(|", ["cache", 0]],
  ["r", "dplyr::filter(df, |", ["dplyr::filter", 1]],
  ["r", "read.csv('a', sep = |", ["read.csv", 1, "sep"]],
  ["r", "read.csv('a', na.strings = |", ["read.csv", 1, "na.strings"]],
  ["r", "f <- function(a, |"],
  ["r", "if (a |"],
  ["r", "lapply(x, function(y) { |"],
  ["julia", "push!(a, |", ["push!", 1]],
  ["julia", "plot(x; color=|", ["plot", 1, "color"]],
  ["julia", "sin.(|", ["sin", 0]],
  ["julia", "function f(a, |"],
  ["javascript", "console.log(`${1}, (`, |", ["console.log", 1]],
  ["javascript", "f(/,(/, |", ["f", 1]],
  ["javascript", "f({ a: 1, b: |", ["f", 0]],
  ["javascript", "f(() => { |"],
  ["javascript", "f(function () { |"],
  ["javascript", "map.delete(|", ["map.delete", 0]],
  ["javascript", "new Foo(1, |", ["Foo", 1]],
  ["javascript", "while (a, |"],
  ["javascript", "f(a = |", ["f", 0]],
  ["typescript", "f(a, |", ["f", 1]],
  ["cpp", "std::max(1, |", ["std::max", 1]],
  ["c", "printf(\"a, (\", ',', |", ["printf", 2]],
  ["rust", "foo(x, &'a y, |", ["foo", 2]],
  ["plaintext", "f(|"],
];

describe("the call around a cursor", () => {
  for (const [languageId, code, told] of table) {
    it(`in ${languageId}: ${JSON.stringify(code)}`, () => {
      const { lines, row, col } = cursorIn(code);
      const call = callAt(languageId, lines, row, col);
      const found = call && [
        call.callee,
        call.argument,
        ...(call.keyword === undefined ? [] : [call.keyword]),
      ];
      assert.deepEqual(found, told);
    });
  }
});
