import assert from "node:assert/strict";
import { TextDocument } from "vscode-languageserver-textdocument";
import { pointIn } from "../../../../src/completion/server/documents.js";

describe("completion: the code around a cursor", () => {
  const documentOf = (text: string): TextDocument => TextDocument.create("file:///a.py", "python", 1, text);

  it("is all of a short document", () => {
    const point = pointIn(documentOf("a\r\nb.c\nd"), 1, 3);
    assert.deepEqual(point, { languageId: "python", code: "a\r\nb.c\nd", row: 1, col: 3 });
  });

  it("is bounded, and has the cursor's line in it", () => {
    const lines = Array.from(
      { length: 200_000 },
      (_, row) => `name_${String(row)} = ${"x".repeat(row % 300)}`,
    );
    const document = documentOf(lines.join("\n"));
    for (const row of [0, 1, 99_999, 199_999]) {
      const point = pointIn(document, row, 4);
      assert.ok(point && point.code.length <= 100_000);
      assert.equal(point.code.split("\n")[point.row], lines[row]);
    }
  });

  it("is nothing in a line without an end", () => {
    assert.equal(pointIn(documentOf(`a\n${"x".repeat(200_000)}`), 1, 100_000), undefined);
  });
});
