import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Carrier } from "../../../src/run/carriers/carrierChoice.js";
import type { BenchPlace } from "./benchPlace.js";
import type { FloodResult } from "./flood.js";
import type { Report } from "../harness/report.js";

const barMegabytes = 64;

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
  const loader = path.resolve(import.meta.dirname, "../loader/register.mjs");
  const words = ["--import", loader, file, session.id, carrier, String(megabytes)];
  const env = { ...process.env, ...server.environment };
  const { stdout } = await promisify(execFile)(process.execPath, words, { env, timeout: 600_000 });
  const { grown, seconds, kept, printed } = JSON.parse(stdout) as FloodResult;
  if (kept !== printed) {
    throw new Error(`The log of ${megabytes} MB has SHA-256 ${kept}, and what was printed ${printed}.`);
  }
  for (const [key, what, mebibytes] of [
    ["heap", "heap and external", grown.heap],
    ["resident", "resident", grown.rss],
  ] as const) {
    report.figure({
      id: `${carrier}/flood/${key}`,
      what: `${carrier}: ${megabytes} MB printed, drawn and written down, most ${what} memory over that before`,
      value: mebibytes,
      unit: "MB",
      sides: `${(megabytes / seconds).toFixed(1)} MB/s`,
      bar: { atMost: barMegabytes },
    });
  }
}
