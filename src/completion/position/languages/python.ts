import { lineComment, longString, quoted } from "./form.js";
import { words, type Lexicon } from "./lexicon.js";

/** Cells of IPython end where the document does. */
const never = /(?!)/;

const withHoles = { after: /(?<![\p{L}\p{N}_])(?:[ft]r?|r[ft])$/iu, hole: "{" } as const;

/** Python, with the commands of IPython. */
export const python: Lexicon = {
  forms: [
    lineComment("#"),
    longString('"""', withHoles),
    longString("'''", withHoles),
    longString('"""'),
    longString("'''"),
    quoted('"', withHoles),
    quoted("'", withHoles),
    quoted('"'),
    quoted("'"),
  ],
  lineForms: [
    { kind: "shell", open: /^%%(?:bash|sh|script)\b/, close: never, isHead: true },
    {
      kind: "comment",
      open: /^%%(?!time|prun|capture|python|pypy|memit|mprun|lprun)[a-z]/i,
      close: never,
      isHead: true,
    },
    { kind: "shell", open: /^\s*(?:[\p{L}_][\p{L}\p{N}_, ]*=\s*)?!/u },
  ],
  wordExtras: "",
  members: ["."],
  keywords: words(
    "False None True and as assert async await break class continue def del elif else except finally for from global if import in is " +
      "lambda nonlocal not or pass raise return try while with yield",
  ),
  declares:
    /(?:\b(?:as|def|class)\s+|\bfor\s+(?:(?!\bin\b)[\p{L}\p{N}_\s,()*])*|\blambda\b(?:[^:=()[\]"']|=[^,:]*,)*)$/u,
  parameters: /\bdef\s+[\p{L}\p{N}_]+\s*(?:\[[^\]]*\]\s*)?$/u,
  anchor: /^(?:(?:async\s+def|def|class|import|from)\s|@[\p{L}_])/u,
  subscripts: "[",
  indexer: /\.(?:loc|at)$/,
  keyCalls: {
    methods: words(
      "drop_duplicates dropna explode get groupby nlargest nsmallest pop set_index setdefault sort_values value_counts",
    ),
    keywords: words("by columns id_vars index left_on on subset value_vars values"),
  },
  separators: ",",
  hasKeywordArguments: true,
  pathCalls:
    /(?:^|\.)(?:open|read_(?!sql|clipboard|gbq)\w+|to_(?:csv|excel|feather|hdf|html|json|markdown|parquet|pickle|stata|xml)|load|loadtxt|genfromtxt|fromfile|save|savez|savetxt|savefig|imread|imsave|Path|chdir|listdir|scandir|walk|stat|makedirs|mkdir|remove|unlink|rmtree|exists|isfile|isdir|path\.join|glob|iglob|ImageFolder|read_table)$/,
  hasMagics: true,
};
