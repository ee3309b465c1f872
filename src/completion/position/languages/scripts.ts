import { blockComment, hereDocument, lineComment, longString, quoted } from "./form.js";
import { words, type Lexicon } from "./lexicon.js";

const never = /(?!)/;

/** Shells: a word is a command or a path. */
export const shellscript: Lexicon = {
  forms: [
    lineComment("#", /(?:^|[\s;(|&])$/),
    hereDocument(String.raw`<<-?\s*["']?[\p{L}_][\p{L}\p{N}_]*["']?`),
    quoted('"', { isLong: true, hasNames: true, hole: "$(" }),
    quoted("'", { isLong: true, escapes: false }),
  ],
  wordExtras: "$",
  members: [],
  keywords: words("case do done elif else esac fi for function if in select then until while"),
  declares: /(?:\bfunction|\bfor)\s+$/,
  anchor: /^(?:function\s|[\p{L}_][\p{L}\p{N}_]*\s*\(\)|\})/u,
  subscripts: "",
  separators: "",
  hasKeywordArguments: false,
  pathCalls: never,
  isShell: true,
};

export const lua: Lexicon = {
  forms: [
    {
      ...blockComment(String.raw`--\[=*\[`, "]]"),
      close: (opened) => `]${"=".repeat(opened.length - 4)}]`,
    },
    lineComment("--"),
    longString(String.raw`\[=*\[`, {
      escapes: false,
      close: (opened) => `]${"=".repeat(opened.length - 2)}]`,
    }),
    quoted('"'),
    quoted("'"),
  ],
  wordExtras: "",
  members: [".", ":"],
  keywords: words(
    "and break do else elseif end false for function goto if in local nil not or repeat return then true until while",
  ),
  declares: /(?:\b(?:function|local|goto)\s+|\bfor\s+(?:(?!\bin\b)[\p{L}\p{N}_\s,])*)$/u,
  parameters: /\bfunction\b[^()]*$/,
  anchor: /^(?:local\s|function\s|end\b)/,
  subscripts: "[",
  separators: ",",
  hasKeywordArguments: false,
  pathCalls: /(?:^|\.)(?:open|lines|input|output|dofile|loadfile|remove)$/,
};

export const php: Lexicon = {
  forms: [
    lineComment("//"),
    lineComment(String.raw`#(?!\[)`),
    blockComment(String.raw`/\*`, "*/"),
    hereDocument(String.raw`<<<\s*["']?[\p{L}_][\p{L}\p{N}_]*["']?`),
    quoted('"', { isLong: true, hasNames: true }),
    quoted("'", { isLong: true }),
  ],
  wordExtras: "$",
  members: ["?->", "->", "::"],
  keywords: words(
    "abstract and array as break case catch class clone const continue default do echo else elseif extends false final finally fn for " +
      "foreach function global if implements instanceof interface isset list match namespace new null or print private protected public " +
      "return static switch throw trait true try unset use var while yield",
  ),
  declares: /\b(?:function|class|interface|trait|enum|const|namespace|as)\s+$/,
  parameters: /\b(?:function|fn)\s*[\p{L}\p{N}_]*\s*$/u,
  anchor: /^(?:\}|<\?php|(?:namespace|use|function|class|abstract|final)\s)/,
  subscripts: "[",
  separators: ",",
  hasKeywordArguments: false,
  pathCalls:
    /^(?:fopen|file|file_get_contents|file_put_contents|readfile|opendir|scandir|is_file|is_dir|file_exists|unlink|mkdir|chdir|copy|rename)$/,
};

export const perl: Lexicon = {
  forms: [
    lineComment("#", /(?:^|[^$\\])$/),
    hereDocument(String.raw`<<~?["']?[A-Z_][A-Z0-9_]*["']?`),
    {
      kind: "string",
      open: String.raw`/(?:[^/\\\n]|\\.){1,500}/`,
      after: /(?:[=!]~|(?:split|if|unless|and|or|not|&&|\|\||[(,])\s*)\s*$/,
      behind: 24,
      close: "whole",
    },
    quoted('"', { isLong: true, hasNames: true }),
    quoted("'", { isLong: true, after: /(?:^|[^\p{L}\p{N}_&])$/u }),
  ],
  lineForms: [{ kind: "comment", open: /^=[a-z]/, close: /^=cut\b/ }],
  wordExtras: "$@",
  members: ["->", "::"],
  keywords: words(
    "and cmp do else elsif eq for foreach ge gt if last le lt my ne next no not or our package redo require return sub undef unless until " +
      "use while xor",
  ),
  declares: /\b(?:sub|package|my|our|local)\s+\(?(?:[$@%]?[\p{L}\p{N}_]*\s*,\s*)*[$@%]?$/u,
  anchor: /^(?:\}|(?:sub|package|use)\s)/,
  subscripts: "[{",
  separators: ",",
  hasKeywordArguments: false,
  pathCalls: /^(?:open|opendir|require|do|unlink|mkdir|chdir|stat|rename|read_file)$/,
};
