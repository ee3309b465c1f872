import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Carrier } from "../../../src/run/carriers/carrierChoice.js";
import type { BenchPlace } from "./benchPlace.js";
import type { FloodResult } from "./flood.js";
import type { Report } from "./report.js";

const barMebibytes = 64;

/** Measures a flood in a process that does nothing else: memory that another measurement left would hide what grows. */
export async function measureFlood(
  { server, session }: BenchPlace,
  {
    carrier,
    megabytes,
    report,
  }: { readonly carrier: Carrier; readonly megabytes: number; readonly report: Report },
): Promise<void> {
  const file = path.resolve(import.meta.dirname, "../runsFlood.ts");
  const words = ["--import", "tsx", file, session.id, carrier, String(megabytes)];
  const env = { ...process.env, ...server.environment };
  const { stdout } = await promisify(execFile)(process.execPath, words, { env, timeout: 600_000 });
  const { grown, seconds, kept, printed } = JSON.parse(stdout) as FloodResult;
  for (const [what, mebibytes] of [
    ["heap and external", grown.heap],
    ["resident", grown.rss],
  ] as const) {
    report.row(
      `${carrier}: ${megabytes} MB printed, most ${what} memory over that before`,
      `${mebibytes.toFixed(0)} MiB`,
      `< ${barMebibytes} MiB`,
      mebibytes < barMebibytes,
    );
  }
  report.note(`${carrier}: printed, drawn and written down`, `${(megabytes / seconds).toFixed(1)} MB/s`);
  report.row(
    `${carrier}: the log of ${megabytes} MB`,
    `sha256 ${kept.slice(0, 12)}…`,
    `${printed.slice(0, 12)}…, as printed`,
    kept === printed,
  );
}
