import { findSourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/** A place in a file, as V8 writes it into a stack. */
const place = /([^\s()]+\.cjs):(\d+):(\d+)/g;

/**
 * Names the places of a stack in our sources instead of in the bundle. Node would do that by itself, but VS Code puts
 * its own formatting of stacks in front. Needs `process.setSourceMapsEnabled(true)` before the bundle is loaded.
 */
export function sourceStack(stack: string): string {
  return stack.replace(place, (written, file: string, line: string, column: string) => {
    const entry = findSourceMap(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !("originalSource" in entry)) {
      return written;
    }
    const { originalSource, originalLine, originalColumn } = entry;
    const source = originalSource.startsWith("file:") ? fileURLToPath(originalSource) : originalSource;
    return `${source}:${String(originalLine + 1)}:${String(originalColumn + 1)}`;
  });
}
