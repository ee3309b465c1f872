import assert from "node:assert/strict";
import { serverReport } from "../../../src/account/serverReport.js";
import { Findings } from "../../../src/api/findings.js";
import { dialectFor } from "../../../src/wire/dialect.js";

function report(findings: Findings, manager = "24.09.14"): string {
  return serverReport(
    { dialect: dialectFor({ version: "v8.20240915", manager }), findings },
    "api.example.com",
  );
}

describe("serverReport", () => {
  it("tells what was met, what is known of the release, and what works all the same", () => {
    const findings = new Findings("24.09.14");
    findings.saw("executeFails");
    findings.disproved("terminalMute");
    const text = report(findings);
    assert.match(text, /^# api\\\.example\\\.com\n\nManager 24\\\.09\\\.14, API v8\\\.20240915\./);
    assert.match(text, /## Does not work here\n[^#]*\| Answers every execute call with 500/);
    assert.match(text, /## Known of this release\n[^#]*loses output/i);
    assert.match(text, /## Works here[^#]*terminal that never shows anything[^|]*\| – \|/);
  });

  it("says so when nothing is known", () => {
    assert.match(report(new Findings("26.8.1", [])), /No defect is known of this server/);
    assert.match(report(new Findings("18.03")), /No defect is known of this server/);
  });

  it("does not let a server's words become Markdown", () => {
    const text = report(new Findings("1"), "24.09.14 [click](http://evil) <img>");
    assert.ok(text.includes(String.raw`\[click\]\(http\://evil\) \<img\>`), text);
  });
});
