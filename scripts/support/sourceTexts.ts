/** The files of `src` as syntax trees, and what is said in them by `l10n.t`. */
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

/** A text for people. */
export interface SaidText {
  /** As VS Code looks it up: the message, and its comment behind a slash. */
  readonly key: string;
  readonly message: string;
}

/** A file of `src`, by its path from the repository's root. */
interface SourceFile {
  readonly file: string;
  readonly source: ts.SourceFile;
}

/** Those that are wanted, sorted by path. */
export function sourceFiles(isWanted: (file: string, text: string) => boolean): SourceFile[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" })
    .map((name) => `src/${name.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => ({ file, text: readFileSync(file, "utf8") }))
    .filter(({ file, text }) => isWanted(file, text))
    .map(({ file, text }) => ({ file, source: treeOf(file, text) }));
}

/** The tree of a file's text, whose nodes know their parents. */
export function treeOf(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** What is said where `node` is `l10n.t(…)` of a literal, or of an object with a literal `message`. */
export function saidText(node: ts.Node): SaidText | undefined {
  if (!ts.isCallExpression(node) || node.expression.getText() !== "l10n.t") {
    return undefined;
  }
  const [argument] = node.arguments;
  if (argument !== undefined && ts.isStringLiteralLike(argument)) {
    return { key: argument.text, message: argument.text };
  }
  return argument !== undefined && ts.isObjectLiteralExpression(argument) ? commented(argument) : undefined;
}

function commented(argument: ts.ObjectLiteralExpression): SaidText | undefined {
  const members = argument.properties.filter((property) => ts.isPropertyAssignment(property));
  const member = (name: string): ts.Expression | undefined =>
    members.find((property) => property.name.getText() === name)?.initializer;
  const message = member("message");
  if (message === undefined || !ts.isStringLiteralLike(message)) {
    return undefined;
  }
  const comment = member("comment");
  const lines = comment !== undefined && ts.isArrayLiteralExpression(comment) ? comment.elements : [comment];
  const words = lines.map((line) => (line !== undefined && ts.isStringLiteralLike(line) ? line.text : ""));
  const key = comment === undefined ? message.text : `${message.text}/${words.join("")}`;
  return { key, message: message.text };
}
