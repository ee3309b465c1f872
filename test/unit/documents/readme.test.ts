import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { withTables } from "../../../scripts/support/readmeTables.js";

describe("README.md", () => {
  const readme = readFileSync("README.md", "utf8");

  it("has the settings and commands that the manifest has", () => {
    assert.equal(withTables(readme), readme, "npm run readme && npx prettier --write README.md");
  });

  it("shows pictures that exist", () => {
    for (const [, file] of readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) {
      assert.ok(readFileSync(file!).length > 1000, file);
    }
  });

  it("links to documents that exist", () => {
    for (const [, file] of readme.matchAll(/(?<!!)\[[^\]]*\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)) {
      assert.ok(readFileSync(file!).length > 100, file);
    }
  });
});
