import * as l10n from "@vscode/l10n";

/** Bytes of one name; every file system of sessions takes as many, and none more. */
const nameBytes = 255;

/** What is wrong with a name for a file of a session, in a sentence; `undefined` for a good one. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === "") {
    return l10n.t("A name is needed.");
  }
  if (name.includes("/")) {
    return l10n.t("A name has no slash.");
  }
  if (name.includes("\0")) {
    return l10n.t("A name has no null character.");
  }
  if (name === "." || name === "..") {
    return l10n.t("{0} is the name of a folder that is there already.", name);
  }
  return Buffer.byteLength(name) > nameBytes
    ? l10n.t("A name has at most {0} bytes; this one has {1}.", nameBytes, Buffer.byteLength(name))
    : undefined;
}

/** A name beside one that is taken: `data.tar.gz` becomes `data (1).tar.gz`, the first that is free. */
export function nameBeside(name: string, isTaken: (name: string) => boolean): string {
  const [, stem = name, ending = ""] = /^(.+?)((?:\.tar)?\.[^.\s]{1,10})?$/s.exec(name) ?? [];
  for (let number = 1; ; number += 1) {
    const suffix = ` (${number})${ending}`;
    const candidate = cut(stem, nameBytes - Buffer.byteLength(suffix)) + suffix;
    if (!isTaken(candidate)) {
      return candidate;
    }
  }
}

/** The beginning of a text that has at most so many bytes, without half a character. */
function cut(text: string, bytes: number): string {
  return Buffer.byteLength(text) <= bytes
    ? text
    : Buffer.from(text)
        .subarray(0, bytes)
        .toString("utf8")
        .replace(/\uFFFD$/, "");
}
