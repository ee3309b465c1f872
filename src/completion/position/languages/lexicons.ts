import { c, cpp, go, java, rust } from "./compiled.js";
import { javascript } from "./javascript.js";
import { julia } from "./julia.js";
import type { Lexicon } from "./lexicon.js";
import { python } from "./python.js";
import { r } from "./r.js";
import { lua, perl, php, shellscript } from "./scripts.js";

const lexicons: ReadonlyMap<string, Lexicon> = new Map([
  ["python", python],
  ["r", r],
  ["julia", julia],
  ["javascript", javascript],
  ["javascriptreact", javascript],
  ["typescript", javascript],
  ["typescriptreact", javascript],
  ["c", c],
  ["cpp", cpp],
  ["go", go],
  ["java", java],
  ["rust", rust],
  ["shellscript", shellscript],
  ["lua", lua],
  ["php", php],
  ["perl", perl],
]);

/** What the code of a VS Code language id looks like; `undefined` for languages that nothing is known of. */
export function lexiconOf(languageId: string): Lexicon | undefined {
  return lexicons.get(languageId);
}
