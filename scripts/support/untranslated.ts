/**
 * Finds texts for people that are not translated: literals that read like a label or a sentence outside `l10n.t(…)`, in the rooms
 * whose words people see. It is a guess by looks, on purpose a greedy one. What is no text for people says so, by `// for programs`
 * on its line or the line before; a file that is all of that kind is named here.
 */
import ts from "typescript";
import { saidText, sourceFiles, treeOf } from "./sourceTexts.js";

export interface Untranslated {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * The SDK, the engine and the protocol speak English: to programs, logs and developers. So does the assistant: to language models; its
 * questions to people are translated.
 */
const roomsForPeople = [
  "account",
  "completion",
  "files",
  "platform",
  "run",
  "sessions",
  "support",
  "terminal",
  "tunnel",
  "welcome",
];

/** Programs for the session, statements of protocols. */
const forPrograms: readonly RegExp[] = [
  /^src\/completion\/position\/languages\//,
  /^src\/completion\/remote\/servers\/serverScripts\.ts$/,
  /^src\/completion\/source\/kernel\/(helperCommand|inspection)\.ts$/,
  /^src\/sessions\/logs\/ansiStyle\.ts$/, // names of colours of the theme
  /^src\/run\/debug\/adapter\/adapterScript\.ts$/,
  /^src\/run\/debug\/dap\/framing\.ts$/,
  /^src\/run\/jobs\/jobScripts\.ts$/,
  /^src\/run\/plan\/languages\.ts$/, // names of languages, which are keys too
  /^src\/run\/results\/render\/(exportPage|frameDocument)\.ts$/,
  /^src\/tunnel\/external\/config\/hostBlock\.ts$/, // of ssh's configuration; its one error is translated
  /^src\/tunnel\/external\/proxyCommand\.ts$/, // a program of its own, without VS Code
];

const marker = "// for programs";

const words = /[A-Za-z]{2,}[,.:]? [A-Za-z{]{2,}/;
const label = /^[A-Z][a-z]+…?$/;
const sentence = /^[A-Z][a-z]+.*[a-z].*[.?!…]$/;

/** In the whole of `src`, by file. */
export function findUntranslated(): Untranslated[] {
  const room = new RegExp(`^src/((${roomsForPeople.join("|")})/|compose\\.ts)`);
  return sourceFiles((file) => room.test(file) && !forPrograms.some((pattern) => pattern.test(file))).flatMap(
    ({ file, source }) => inTree(file, source),
  );
}

/** In one file, which is `text`. */
export function inFile(file: string, text: string): Untranslated[] {
  return inTree(file, treeOf(file, text));
}

function inTree(file: string, source: ts.SourceFile): Untranslated[] {
  const lines = source.text.split("\n");
  const found: Untranslated[] = [];
  const visit = (node: ts.Node): void => {
    if (isForPrograms(node)) {
      return;
    }
    if (ts.isCallExpression(node) && saidText(node) !== undefined) {
      node.arguments.slice(1).forEach(visit);
      return;
    }
    const literal = literalText(node);
    if (literal !== undefined && isForPeople(literal)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      if (!lines[line]?.includes(marker) && !lines[line - 1]?.includes(marker)) {
        found.push({ file, line: line + 1, text: literal });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What has many lines is a program for the session. */
function isForPeople(text: string): boolean {
  return text.split("\n").length < 4 && (words.test(text) || label.test(text) || sentence.test(text));
}

/** Names of modules, types, and what is logged. */
function isForPrograms(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) {
    return true;
  }
  return (
    ts.isCallExpression(node) &&
    /\b#?log(ger)?(\??\.(debug|info|warn|error|trace))?$/i.test(node.expression.getText())
  );
}

function literalText(node: ts.Node): string | undefined {
  const { parent } = node;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => `{}${span.literal.text}`).join("");
  }
  const isName = parent !== undefined && ts.isPropertyAssignment(parent) && parent.name === node;
  return ts.isStringLiteralLike(node) && !isName ? node.text : undefined;
}
