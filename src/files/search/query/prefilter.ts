import { type Dialect, writeClass } from "./byteClass.js";
import type { ExpressionNode } from "./expressionNodes.js";
import { expressionTree } from "./expressionTree.js";
import { escaped } from "./lineMatcher.js";
import type { SearchPattern } from "./searchQuery.js";

/** Counts above this are not told to programs: some refuse them, and others grow by them. */
const countLimit = 50;

const byteOrderMark = "\uFEFF";

interface Written {
  readonly text: string;
  /** Whether it has repetitions without an end, which must not be repeated again: Python would try all ways to share them out. */
  readonly isOpen: boolean;
}

/**
 * An expression over bytes, for lines without their line feed, that every line with a match matches, and perhaps others do. Programs
 * look for it in the session, so that they need not agree in what an expression means: the lines are looked at again here.
 */
export function prefilterOf({ text, isRegex, isCaseSensitive }: SearchPattern, dialect: Dialect): string {
  const tree = expressionTree(isRegex ? text : escaped(text), isCaseSensitive);
  const parts = tree.kind === "sequence" ? [...tree.parts] : [tree];
  while (parts[0]?.kind === "anything") {
    parts.shift();
  }
  while (parts.at(-1)?.kind === "anything") {
    parts.pop();
  }
  const { text: whole } = write({ kind: "sequence", parts }, dialect);
  return whole === "" ? "^" : whole;
}

function write(node: ExpressionNode, dialect: Dialect): Written {
  switch (node.kind) {
    case "class": {
      const one = writeClass(node, dialect);
      return node.isWide ? { text: `${one}+`, isOpen: true } : { text: one, isOpen: false };
    }
    case "text":
      return { text: `(${writeText(node.text, dialect)})`, isOpen: false };
    case "start":
      return { text: `^(${writeText(byteOrderMark, dialect)})?`, isOpen: false };
    case "end":
      return { text: "\r?$", isOpen: false };
    case "anything":
      return { text: ".*", isOpen: true };
    case "sequence": {
      const parts = node.parts.map((part) => write(part, dialect));
      const texts = parts.map(({ text }) => text);
      const merged = texts.filter((text, index) => text !== ".*" || texts[index - 1] !== ".*");
      return { text: merged.join(""), isOpen: parts.some(({ isOpen }) => isOpen) };
    }
    case "either": {
      const options = node.options.map((option) => write(option, dialect));
      const texts = options.map(({ text }) => text);
      const full = texts.filter((text) => text !== "");
      const isOpen = options.some((option) => option.isOpen);
      if (full.length === 0) {
        return { text: "", isOpen: false };
      }
      return { text: `(${full.join("|")})${full.length < texts.length ? "?" : ""}`, isOpen };
    }
    case "repeat":
      return writeRepeat(node, dialect);
  }
}

/** Characters beyond ASCII, which expressions over bytes have as bytes. */
function writeText(text: string, dialect: Dialect): string {
  return dialect === "posix"
    ? text
    : [...Buffer.from(text, "utf8")].map((byte) => `\\x${byte.toString(16)}`).join("");
}

function writeRepeat(
  { node, min, max }: Extract<ExpressionNode, { kind: "repeat" }>,
  dialect: Dialect,
): Written {
  if (max === 0) {
    return { text: "", isOpen: false };
  }
  if (node.kind === "class" && node.isWide) {
    return { text: `${writeClass(node, dialect)}${min === 0 ? "*" : "+"}`, isOpen: true };
  }
  const { text, isOpen } = write(node, dialect);
  if (text === "") {
    return { text: "", isOpen: false };
  }
  if (isOpen) {
    return { text: min === 0 ? ".*" : `(${text}).*`, isOpen: true };
  }
  const isBounded = max <= countLimit;
  const count = isBounded ? `{${min},${max}}` : min === 0 ? "*" : "+";
  return { text: node.kind === "class" ? text + count : `(${text})${count}`, isOpen: !isBounded };
}
