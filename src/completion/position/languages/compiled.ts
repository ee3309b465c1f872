import { blockComment, character, lineComment, longString, quoted, type Form } from "./form.js";
import { words, type Lexicon } from "./lexicon.js";

const comments: readonly Form[] = [lineComment("//"), blockComment(String.raw`/\*`, "*/")];

const base: Lexicon = {
  forms: [...comments, quoted('"'), character],
  wordExtras: "",
  members: [".", "->", "::"],
  keywords: words(
    "break case catch class const continue default delete do else enum export extern false final finally for goto if implements import " +
      "namespace new null nullptr package private protected public return sizeof static struct switch template throw true try typedef " +
      "union using void volatile while",
  ),
  declares: /(?:\b(?:class|struct|enum|union|namespace|typename|interface)\s+|^\s*#\s*include\s*<[^>]*)$/,
  anchor: /^(?:\}|#include\b|(?:package|import|using|namespace|class|public|static|typedef)\s)/,
  subscripts: "[",
  separators: ",",
  hasKeywordArguments: false,
  pathCalls:
    /(?:^|\.|::)(?:fopen|freopen|open|ifstream|ofstream|fstream|opendir|stat|access|imread|File|FileReader|FileWriter|FileInputStream|FileOutputStream|Path\.of|Paths\.get)$/,
};

export const c: Lexicon = { ...base, members: ["->", "."] };

export const cpp: Lexicon = {
  ...base,
  forms: [
    ...comments,
    longString(String.raw`"[^()\\\s"]{0,16}\(`, {
      after: /R$/,
      escapes: false,
      close: (opened) => `)${opened.slice(1, -1)}"`,
    }),
    quoted('"'),
    character,
  ],
};

export const java: Lexicon = {
  ...base,
  forms: [...comments, longString('"""'), quoted('"'), character],
  members: ["::", "."],
};

export const go: Lexicon = {
  ...base,
  forms: [...comments, quoted('"'), longString("`", { escapes: false }), character],
  members: ["."],
  keywords: words(
    "break case chan const continue default defer else fallthrough false for func go goto if import interface map nil package range " +
      "return select struct switch true type var",
  ),
  declares: /\b(?:func|type|var|const|package)\s+$/,
  anchor: /^(?:\}|(?:func|type|package|import|var|const)\s)/,
  pathCalls: /(?:^|\.)(?:Open|OpenFile|Create|ReadFile|WriteFile|ReadDir|Stat|Chdir|Mkdir|MkdirAll|Remove)$/,
};

export const rust: Lexicon = {
  ...base,
  forms: [
    lineComment("//"),
    blockComment(String.raw`/\*`, "*/", true),
    longString('#*"', {
      begins: '#"',
      after: /(?<![\p{L}\p{N}_])[bc]?r$/u,
      escapes: false,
      close: (opened) => `"${"#".repeat(opened.length - 1)}`,
    }),
    quoted('"', { isLong: true }),
    character,
  ],
  members: ["::", "."],
  keywords: words(
    "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return " +
      "static struct trait true type unsafe use where while",
  ),
  declares:
    /\b(?:fn|struct|enum|trait|union|mod|type|const|static|let|let\s+mut|use\s[^;]*\sas|for(?=\s+$))\s+$/,
  parameters: /\bfn\s+[\p{L}\p{N}_]+\s*(?:<[^>]*>)?$/u,
  anchor: /^(?:\}|(?:pub|fn|use|mod|impl|struct|enum|trait|static|const|type|async)\b)/,
  pathCalls:
    /(?:^|::)(?:open|create|Path::new|PathBuf::from|read|read_to_string|write|read_dir|create_dir(?:_all)?|remove_file|metadata)$/,
};
