/** The texts of the source and of the manifest, and their translations. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import * as z from "zod/mini";

export const koreanBundle = "l10n/bundle.l10n.ko.json";

const Bundle = z.record(z.string(), z.string());

/** A file of texts by key: a bundle, or the texts of the manifest. */
export function readBundle(file: string): Record<string, string> {
  return Bundle.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** A text of the source. */
interface SourceText {
  /** As VS Code looks it up: the message, and its comment behind a slash. */
  readonly key: string;
  readonly message: string;
}

/** All that is said by `l10n.t` in `src`, sorted by key. */
export function textsOfSource(): SourceText[] {
  const found = new Map<string, SourceText>();
  for (const name of readdirSync("src", { recursive: true, encoding: "utf8" })) {
    const content = name.endsWith(".ts") ? readFileSync(path.join("src", name), "utf8") : "";
    if (content.includes("l10n.t(")) {
      visit(ts.createSourceFile(name, content, ts.ScriptTarget.Latest, true), found);
    }
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function visit(node: ts.Node, found: Map<string, SourceText>): void {
  if (ts.isCallExpression(node) && node.expression.getText() === "l10n.t") {
    const text = textOf(node.arguments[0]);
    if (text !== undefined) {
      found.set(text.key, text);
    }
  }
  ts.forEachChild(node, (child) => visit(child, found));
}

/** Of a literal, or of an object with `message` and `comment`. */
function textOf(argument: ts.Expression | undefined): SourceText | undefined {
  if (argument !== undefined && ts.isStringLiteralLike(argument)) {
    return { key: argument.text, message: argument.text };
  }
  if (argument === undefined || !ts.isObjectLiteralExpression(argument)) {
    return undefined;
  }
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

/** The placeholders of a text, `{0}` or `{name}`, sorted; a text may name one twice. */
export function placeholders(text: string): string[] {
  return (text.match(/\{\w+\}/g) ?? []).sort();
}
