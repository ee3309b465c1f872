import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { placeholders, readBundle } from "../../../scripts/support/translations.js";

/** Members of the manifest that people read. */
const read =
  /^(title|description|markdownDescription|contents|label|contextualTitle|altText|displayName|userDescription)$/;
const lists = /^(markdown)?[eE]numDescriptions$/;

/** What is the same in every language. */
const same = ["Backend.AI", "Backend.AI Sessions", "Backend.AI local engine", "${path}"];

describe("texts of the manifest", () => {
  const english = readBundle("package.nls.json");
  const korean = readBundle("package.nls.ko.json");
  const manifest = readFileSync("package.json", "utf8");

  it("are in Korean, all of them, with the same places to click", () => {
    assert.deepEqual(Object.keys(korean).sort(), Object.keys(english).sort());
    const links = (text: string): string[] => (text.match(/\]\([^)]+\)|`#[\w.]+#`/g) ?? []).sort();
    for (const [key, text] of Object.entries(english)) {
      assert.deepEqual(links(korean[key] ?? ""), links(text), key);
      assert.deepEqual(placeholders(korean[key] ?? ""), placeholders(text), key);
    }
  });

  it("are used, all of them", () => {
    const used = new Set([...manifest.matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key!));
    assert.deepEqual([...used].sort(), Object.keys(english).sort());
  });

  it("are where people read", () => {
    const bare: string[] = [];
    const visit = (value: unknown, key: string): void => {
      if (Array.isArray(value)) {
        value.forEach((item) => visit(item, lists.test(key) ? "description" : ""));
      } else if (typeof value === "object" && value !== null) {
        Object.entries(value)
          .filter(([name]) => name !== "inputSchema") // language models read it
          .forEach(([name, member]) => visit(member, name));
      } else if (typeof value === "string" && read.test(key) && !/^%.*%$/.test(value)) {
        bare.push(value);
      }
    };
    const { contributes } = JSON.parse(manifest) as { contributes: Record<string, unknown> };
    visit(contributes, "");
    assert.deepEqual(
      bare.filter((text) => !same.includes(text)),
      [],
    );
  });
});
