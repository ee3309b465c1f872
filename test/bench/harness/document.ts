import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { extensionRoot } from "../../host/paths.js";
import { tableHead, tableRow } from "./figure.js";
import type { GroupResult } from "./result.js";

const file = path.join(extensionRoot, "docs/performance.md");
const [begin, end] = ["<!-- figures: begin -->", "<!-- figures: end -->"];

/** Puts the tables between the marks of `docs/performance.md`; the words around them are written by hand. */
export async function writeDocument(results: readonly GroupResult[]): Promise<void> {
  const text = await readFile(file, "utf8");
  const [before, after] = [text.split(begin)[0], text.split(end)[1]];
  if (before === undefined || after === undefined) {
    throw new Error(`${file} has no marks for the figures.`);
  }
  const tables = results.map(
    ({ title, server, figures }) =>
      `### ${title}\n\nOn ${server}.\n\n${[tableHead, ...figures.map(tableRow)].join("\n")}\n`,
  );
  await writeFile(file, `${before}${begin}\n\n${machineWords()}\n\n${tables.join("\n")}\n${end}${after}`);
}

/** The shape of the computer: ratios depend on it, if less than times. */
function machineWords(): string {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  return `Measured on ${day}: ${cpus.length} cores (${cpus[0]?.model.trim() ?? "unknown"}), ${memory} GiB of memory, ${os.type()}, Node ${process.versions.node}.`;
}
