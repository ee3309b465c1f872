import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { extensionRoot } from "../../host/paths.js";
import { tableHead, tableRow } from "./figure.js";
import type { GroupResult } from "./result.js";

const file = path.join(extensionRoot, "docs/performance.md");
const [begin, end] = ["<!-- figures: begin -->", "<!-- figures: end -->"];

/**
 * Puts the tables between the marks of `docs/performance.md`, in place of those of the same groups that are there; the words around
 * them are written by hand.
 */
export async function writeDocument(results: readonly GroupResult[]): Promise<void> {
  const text = await readFile(file, "utf8");
  const [before, rest] = text.split(begin);
  const [there, after] = rest?.split(end) ?? [];
  if (before === undefined || there === undefined || after === undefined) {
    throw new Error(`${file} has no marks for the figures.`);
  }
  const tables = new Map(
    there
      .split(/^(?=### )/m)
      .slice(1)
      .map((table) => [titleOf(table), `${table.trim()}\n`]),
  );
  for (const { title, server, figures } of results) {
    const rows = [tableHead, ...figures.map(tableRow)].join("\n");
    tables.set(title, `### ${title}\n\nOn ${server}.\n\n${rows}\n`);
  }
  const all = [...tables.values()].join("\n");
  await writeFile(file, `${before}${begin}\n\n${machineWords()}\n\n${all}\n${end}${after}`);
}

function titleOf(table: string): string {
  return /^### (.*)$/m.exec(table)?.[1] ?? "";
}

/** The shape of the computer: ratios depend on it, if less than times. */
function machineWords(): string {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  return `Measured on ${day}: ${cpus.length} cores (${cpus[0]?.model.trim() ?? "unknown"}), ${memory} GiB of memory, ${os.type()}, Node ${process.versions.node}.`;
}
