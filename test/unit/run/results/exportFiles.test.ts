import assert from "node:assert/strict";
import { baseName, exportFiles } from "../../../../src/run/results/exportFiles.js";
import { ResultStore } from "../../../../src/run/results/resultStore.js";
import { redPng } from "./pictures.js";

describe("files of results", () => {
  it("has each picture and piece of HTML byte for byte, and the text without colours", () => {
    const run = new ResultStore().begin({ title: "plots/my plot.py", where: "s-1 on test" });
    run.add({ type: "output", stream: "stdout", text: "\x1b[31mred\x1b[0m\n" });
    run.add({ type: "media", mimeType: "image/png", data: `data:image/png;base64,${redPng}` });
    run.add({ type: "html", html: "<script>안녕</script>" });
    run.add({ type: "output", stream: "stderr", text: "end\n" });
    const files = exportFiles(run);
    assert.deepEqual(
      files.map(({ name }) => name),
      ["my plot-2.png", "my plot-3.html", "my plot.txt"],
    );
    assert.deepEqual(Buffer.from(files[0]!.content), Buffer.from(redPng, "base64"));
    assert.equal(
      Buffer.from(files[1]!.content).toString(),
      `<!doctype html>\n<meta charset="utf-8">\n<script>안녕</script>`,
    );
    assert.equal(Buffer.from(files[2]!.content).toString(), "red\nend\n");
  });

  it("makes of any title a name that stays where it is put", () => {
    assert.equal(baseName({ title: "a/../../etc/passwd" }), "passwd");
    assert.equal(baseName({ title: "C:\\x\\..\\.." }), "results");
    assert.equal(baseName({ title: "선택 <1>.py" }), "선택 _1_");
    assert.equal(baseName({ title: "" }), "results");
    assert.ok(baseName({ title: "x".repeat(500) }).length <= 60);
  });
});
