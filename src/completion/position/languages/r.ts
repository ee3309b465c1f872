import { lineComment, longString, quoted } from "./form.js";
import { words, type Lexicon } from "./lexicon.js";

const closings: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** R. Names may have dots; a name in backquotes may have anything. */
export const r: Lexicon = {
  forms: [
    lineComment("#"),
    longString(String.raw`["']-*[([{]`, {
      begins: "\"'",
      after: /(?<![\p{L}\p{N}_.])r$/iu,
      escapes: false,
      close: (opened) =>
        `${closings[opened.at(-1) ?? ""] ?? ""}${"-".repeat(opened.length - 2)}${opened.charAt(0)}`,
    }),
    quoted('"', { isLong: true }),
    quoted("'", { isLong: true }),
    quoted("`"),
  ],
  wordExtras: ".",
  members: [":::", "::", "$", "@"],
  keywords: words("FALSE Inf NA NULL NaN TRUE break else for function if in next repeat return while"),
  declares: /\bfor\s*\(\s*$/,
  parameters: /(?:\bfunction|\\)\s*$/,
  anchor: /^(?:[\p{L}.][\p{L}\p{N}._]*\s*(?:<-|=)\s*function\b|(?:library|source)\()/u,
  subscripts: "[",
  separators: ",",
  hasKeywordArguments: true,
  pathCalls:
    /(?:^|:)(?:read[._]\w+|readRDS|readLines|readr|scan|source|file|file\.path|file\.exists|dir|list\.files|setwd|load|write[._]?\w*|saveRDS|sink|pdf|png|svg|jpeg|unlink|fread|fwrite|ggsave|normalizePath|dir\.create|dir\.exists)$/,
};
