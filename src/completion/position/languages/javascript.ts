import { blockComment, lineComment, longString, quoted } from "./form.js";
import { words, type Lexicon } from "./lexicon.js";

/** JavaScript and TypeScript. A slash begins a regular expression where no value stands before it. */
export const javascript: Lexicon = {
  forms: [
    lineComment("//"),
    blockComment(String.raw`/\*`, "*/"),
    {
      kind: "string",
      open: String.raw`/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.){0,500}\]){1,500}/`,
      after:
        /(?:^|[(,=:[!&|?{};+\-*%<>~^]|(?<![\p{L}\p{N}_$.])(?:return|typeof|case|in|of|do|else|void|delete|yield|await))\s*$/u,
      behind: 24,
      close: "whole",
    },
    longString("`", { hole: "${", isWord: true }),
    quoted('"'),
    quoted("'"),
  ],
  wordExtras: "$#",
  members: ["?.", "."],
  keywords: words(
    "async await break case catch class const continue debugger default delete do else enum export extends false finally for function if " +
      "import in instanceof interface let new null of return super switch throw true try type typeof undefined var void while with yield",
  ),
  declares:
    /(?:(?<![\p{L}\p{N}_$.])(?:function\s*\*?|class|const|let|var|enum|interface|as)\s+|\bcatch\s*\(\s*|\b(?:const|let|var)\s*[{[][\p{L}\p{N}_$\s,]*)$/u,
  parameters: /\bfunction\s*\*?\s*[\p{L}\p{N}_$]*\s*$/u,
  anchor: /^(?:function|class|import|export|const|let|var|async function)\s/,
  subscripts: "[",
  separators: ",",
  hasKeywordArguments: false,
  pathCalls:
    /(?:^|\.)(?:require|import|open|openSync|readFile(?:Sync)?|writeFile(?:Sync)?|appendFile(?:Sync)?|createReadStream|createWriteStream|readdir(?:Sync)?|stat(?:Sync)?|existsSync|mkdir(?:Sync)?|unlink(?:Sync)?|rm(?:Sync)?|chdir)$/,
};
