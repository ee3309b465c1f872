import assert from "node:assert/strict";
import { readCall } from "../../../../../src/completion/source/kernel/callText.js";
import { callSignatureOf, descriptionOf } from "../../../../../src/completion/source/kernel/inspection.js";

/** As IPython 9 tells it. */
const join =
  "\u001b[31mSignature:\u001b[39m os.path.join(a, *p)\n\u001b[31mDocstring:\u001b[39m\nJoin two or more.\n\nNote: all of it.\n" +
  "\u001b[31mFile:\u001b[39m      /usr/lib/python3.11/posixpath.py\n\u001b[31mType:\u001b[39m      function";

const instance =
  "Type:           K\nString form:    <__main__.K object at 0x7f>\nLength: 3\nDocstring:      A k.\nInit docstring: Makes it.";

const ofC =
  "Init signature: datetime.datetime(self, /, *args, **kwargs)\nDocstring:     \ndatetime(year, month, day[, hour[, minute]])\n\nThe year.\nType:           type";

const long = `Signature:
pd.read(
    path: 'str | None' = None,
    *,
    sep=', ',
    names: dict[str, int] = {},
) -> 'DataFrame'
Docstring: <no docstring>
Type:      function`;

describe("what a kernel tells of an object", () => {
  it("describes functions by their call, and data by type and value", () => {
    assert.deepEqual(descriptionOf("os.path.join", join), {
      signature: "join(a, *p)",
      type: "function",
      value: undefined,
      documentation: "Join two or more.\n\nNote: all of it.",
    });
    assert.deepEqual(descriptionOf("k", instance), {
      signature: "K",
      type: "K",
      value: "<__main__.K object at 0x7f>",
      documentation: "A k.\n\nMakes it.",
    });
  });

  it("keeps lines of a table as they are", () => {
    const table = "Type:        DataFrame\nString form:\n   a  b\n0  1  2\nDocstring:   Two-dimensional.";
    assert.equal(descriptionOf("df", table)?.value, "   a  b\n0  1  2");
  });

  it("takes the words of kernels without IPython's form for documentation", () => {
    assert.deepEqual(descriptionOf("sum", "  sum(itr)\n\nReturns the sum. "), {
      documentation: "sum(itr)\n\nReturns the sum.",
    });
    assert.equal(descriptionOf("x", "  \n"), undefined);
    assert.equal(descriptionOf("x", "y".repeat(9_000))?.documentation?.length, 8_000);
  });

  it("tells how things are called", () => {
    assert.deepEqual(callSignatureOf("os.path.join", join)?.parameters, ["a", "*p"]);
    assert.deepEqual(callSignatureOf("pd.read", long), {
      label: "read(path: 'str | None' = None, *, sep=', ', names: dict[str, int] = {}) -> 'DataFrame'",
      parameters: ["path: 'str | None' = None", "*", "sep=', '", "names: dict[str, int] = {}"],
      documentation: undefined,
    });
    assert.deepEqual(callSignatureOf("datetime.datetime", ofC), {
      label: "datetime(year, month, day[, hour[, minute]])",
      parameters: ["year", "month", "day[, hour[, minute]]"],
      documentation: "datetime(year, month, day[, hour[, minute]])\n\nThe year.",
    });
    const max =
      "Docstring:\nmax(iterable, *[, default=obj, key=func]) -> value\nmax(arg1)\nType: builtin_function_or_method";
    assert.equal(callSignatureOf("max", max)?.label, "max(iterable, *[, default=obj, key=func]) -> value");
    assert.equal(callSignatureOf("k", instance), undefined);
  });

  it("reads calls that never end, or end at once", () => {
    assert.equal(readCall("f(a, b"), undefined);
    assert.equal(readCall("f(a, ')'"), undefined);
    assert.equal(readCall("nothing"), undefined);
    assert.equal(readCall(`f(${"a,".repeat(10_000)})`), undefined);
    assert.deepEqual(readCall("f()"), { text: "()", parameters: [] });
    assert.deepEqual(readCall("f(a='\\'(', b=[1, (2)])"), {
      text: "(a='\\'(', b=[1, (2)])",
      parameters: ["a='\\'('", "b=[1, (2)]"],
    });
  });
});
