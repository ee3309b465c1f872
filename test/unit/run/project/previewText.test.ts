import assert from "node:assert/strict";
import { previewText } from "../../../../src/run/project/previewText.js";
import type { ComparedFile } from "../../../../src/run/project/sentFiles.js";
import { planRun } from "../../../../src/run/plan/runPlan.js";
import { outgoing } from "../../files/support/uploadTarget.js";

describe("previewText", () => {
  const compared = (path: string, size: number, state: ComparedFile["state"]): ComparedFile => ({
    file: { ...outgoing(path, size), mtimeMs: 1 },
    state,
  });
  const plan = planRun("c", "src/tool.c");
  const place = "In session c-1234 on Local engine.";

  it("tells place, commands, files and warnings", () => {
    const files = [
      compared("src/tool.c", 1200, "changed"),
      compared("src/tool.h", 80, "unchanged"),
      compared("data.bin", 45_000_000, "new"),
    ];
    assert.equal(
      previewText({ place, plan, files, warnings: ["Links don't travel: l."] }),
      [
        "# Run of src/tool.c",
        "",
        "In session c-1234 on Local engine.",
        "",
        "## Warnings",
        "",
        "- Links don't travel: l.",
        "",
        "## Build",
        "",
        "```sh",
        plan.build,
        "```",
        "",
        "## Run",
        "",
        "```sh",
        "exec ./.backendai-build/tool",
        "```",
        "",
        "## Files",
        "",
        "3 files, 45.0 MB; 2 of them are sent, 45.0 MB.",
        "",
        "```text",
        "changed     1.2 kB  src/tool.c",
        "unchanged     80 B  src/tool.h",
        "new        45.0 MB  data.bin",
        "```",
        "",
      ].join("\n"),
    );
  });

  it("says how much of it is sent", () => {
    const totals = (...states: readonly ComparedFile["state"][]): string | undefined =>
      /## Files\n\n(.*)\n/.exec(
        previewText({ place, plan, warnings: [], files: states.map((s, n) => compared(`f${n}`, 1000, s)) }),
      )?.[1];
    assert.equal(totals("new"), "1 file, 1.0 kB; all of it is sent.");
    assert.equal(totals("unchanged", "unchanged"), "2 files, 2.0 kB; the session has it already.");
    assert.equal(totals("new", "unchanged"), "2 files, 2.0 kB; 1 of them is sent, 1.0 kB.");
  });

  it("lists as many as a person may read, and shows control characters as what they are not", () => {
    const many = Array.from({ length: 2000 }, (_, index) => compared(`f${index}`, 1, "new"));
    const text = previewText({
      place,
      plan,
      warnings: [],
      files: [compared("a\n```\x1b[2J", 1, "new"), ...many],
    });
    assert.match(text, /and 1,501 more\n```\n$/);
    assert.ok(text.includes("new        1 B  a\uFFFD```\uFFFD[2J\n"));
    assert.equal(text.split("\n").filter((line) => line.startsWith("new ")).length, 500);
  });
});
