import { blockComment, character, lineComment, longString, quoted } from "./form.js";
import { words, type Lexicon } from "./lexicon.js";

const raw = { after: /[\p{L}\p{N}_]$/u };
const withHoles = { hole: "$(", hasNames: true } as const;

/** Julia. A quote right after a value transposes it; a letter right before a string keeps it raw. */
export const julia: Lexicon = {
  forms: [
    blockComment("#=", "=#", true),
    lineComment("#"),
    longString('"""', raw),
    longString('"""', withHoles),
    quoted('"', { ...raw, isLong: true }),
    quoted('"', { ...withHoles, isLong: true }),
    longString("`", withHoles),
    { ...character, after: /(?:^|[^\p{L}\p{N}_)\]}'".!])$/u },
  ],
  wordExtras: "!",
  sigil: "@",
  members: ["."],
  keywords: words(
    "abstract baremodule begin break catch const continue do else elseif end export false finally for function global if import in isa " +
      "let local macro module mutable primitive quote return struct true try using where while",
  ),
  declares:
    /(?:\b(?:function|macro|struct|module|baremodule|abstract\s+type|primitive\s+type|catch|as)\s+|\bfor\s+(?:(?!\bin\b)[\p{L}\p{N}_\s,()])*)$/u,
  parameters: /\b(?:function|macro)\s+[\p{L}\p{N}_.!]+$/u,
  anchor: /^(?:function|macro|struct|mutable struct|module|using|import|end)\b/,
  subscripts: "[",
  separators: ",;",
  hasKeywordArguments: true,
  hasSymbols: true,
  pathCalls:
    /(?:^|\.)(?:open|read|readlines|readdir|readdlm|writedlm|write|include|load|save|cd|isfile|isdir|ispath|joinpath|mkdir|mkpath|rm|File|savefig)$/,
};
