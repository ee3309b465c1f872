import { readFileSync } from "node:fs";
import { readBundle } from "../../scripts/support/translations.js";

/** `package.json` as VS Code reads it: with the texts of its keys. */
export function readManifest(language: "en" | "ko" = "en"): unknown {
  const english = readBundle("package.nls.json");
  const texts = language === "en" ? english : { ...english, ...readBundle("package.nls.ko.json") };
  return JSON.parse(readFileSync("package.json", "utf8"), (_, value: unknown) => {
    const [, key] = /^%([\w.-]+)%$/.exec(typeof value === "string" ? value : "") ?? [];
    return key === undefined ? value : texts[key];
  }) as unknown;
}
