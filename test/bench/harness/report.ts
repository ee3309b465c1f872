import { appendFileSync } from "node:fs";
import { messageOf } from "../../../src/base/errors.js";
import { type Figure, isWithin, tableHead, tableRow } from "./figure.js";

/** A line of the file by which a group tells `bench.ts` what it has found. */
export type ReportLine =
  { readonly title: string } | { readonly figure: Figure } | { readonly failure: string };

/**
 * What a group finds: printed as a table while it comes, and told to `bench.ts` by the file that `BENCH_RESULT` names. A group ends with
 * exit code 1 when it misses a bar.
 */
export class Report {
  constructor(title: string) {
    console.log(`${title}\n\n${tableHead}`);
    this.#tell({ title });
  }

  figure(figure: Figure): void {
    console.log(tableRow(figure));
    this.#tell({ figure });
    if (figure.bar !== undefined && !isWithin(figure.value, figure.bar)) {
      process.exitCode = 1;
    }
  }

  /** A measurement that broke: no figure, and never a good end. The others go on. */
  failure(what: string, error: unknown): void {
    const words = `${what}: ${messageOf(error).replaceAll(/[|\s]+/g, " ")}`;
    console.log(`| ${words} | | | | | **broken** |`);
    this.#tell({ failure: words });
    process.exitCode = 1;
  }

  #tell(line: ReportLine): void {
    const file = process.env["BENCH_RESULT"];
    if (file !== undefined) {
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    }
  }
}
