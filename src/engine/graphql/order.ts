import { compareTexts } from "./filter.js";
import type { Node } from "./sessions/sessionNode.js";

/** Sorts rows by an expression such as `-created_at,name`; a leading minus turns a key round. */
export function ordered<T extends Node>(rows: readonly T[], order: string): T[] {
  const keys = order
    .split(",")
    .map((key) => key.trim())
    .filter((key) => key !== "");
  return [...rows].sort((a, b) => {
    for (const key of keys) {
      const name = key.replace(/^[+-]/, "");
      const difference = compareTexts(textOf(a[name]), textOf(b[name]));
      if (difference !== 0) {
        return key.startsWith("-") ? -difference : difference;
      }
    }
    return 0;
  });
}

function textOf(value: unknown): string {
  return typeof value === "string"
    ? value
    : value === null || value === undefined
      ? ""
      : JSON.stringify(value);
}
