/**
 * Whether memory and handles stay while a window is used for long: `npm run soak`, an hour, or `SOAK_MINUTES`. The layers are the
 * extension's, put together as in a window, on the built engine in a process of its own; sessions come and go, terminals are opened,
 * typed into and closed, programs run, files are written, listed and read, code is completed, all at once and round after round.
 * Prints a table, writes `test-results/soak.json`, and exits with 1 when something grows.
 */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { delay } from "../../src/base/abort.js";
import { resultsRoot } from "../host/paths.js";
import { until } from "../support/until.js";
import {
  codeIsCompleted,
  filesAreUsed,
  programRuns,
  sessionComesAndGoes,
  type SoakSession,
  terminalIsTyped,
} from "./activities.js";
import { type Sample, takeSample } from "./sample.js";
import { openSoakPlace, type SoakPlace } from "./soakPlace.js";
import { type Growth, judge } from "./verdict.js";

const minutes = Number(process.env["SOAK_MINUTES"] ?? 60);
const result = path.join(resultsRoot, "soak.json");

/** Looks that a soak is judged by, at most, and how many of them count objects. */
const looks = 240;
const everyObjects = 4;

const place = await openSoakPlace();
let samples: readonly Sample[];
try {
  samples = await soak(place);
} finally {
  await place.close();
}
const verdict = judge(samples);
await mkdir(path.dirname(result), { recursive: true });
await writeFile(result, JSON.stringify({ minutes, node: process.version, verdict, samples }));
print();
process.exit(verdict.isMet ? 0 : 1); // whatever is still open has been counted

async function soak(at: SoakPlace): Promise<readonly Sample[]> {
  const { id } = await at.client.sessions.create({ image: at.image, name: "soak" });
  const taken: Sample[] = [];
  const everyMs = (minutes * 60_000) / looks;
  const begun = performance.now();
  for (let rounds = 1; performance.now() - begun < minutes * 60_000; rounds += 1) {
    await round(at, { id, name: "soak" }, rounds);
    const elapsed = performance.now() - begun;
    if (elapsed >= taken.length * everyMs) {
      await until("rest", () => at.store.size === 1);
      await delay(250); // goodbyes of sockets
      const hasObjects = taken.length % everyObjects === everyObjects - 1;
      const sample = await takeSample(at, { seconds: Math.round(elapsed / 1000), rounds, hasObjects });
      taken.push(sample);
      console.log(JSON.stringify(sample));
    }
  }
  return taken;
}

async function round(at: SoakPlace, session: SoakSession, number: number): Promise<void> {
  await Promise.all([
    sessionComesAndGoes(at, `soak-${String(number)}`),
    terminalIsTyped(at, session, "pty"),
    terminalIsTyped(at, session, number % 4 === 0 ? "ttyd" : "ssh"),
    filesAreUsed(at, session, "sftp"),
    filesAreUsed(at, session, "api"),
    programRuns(at, session, "ssh"),
    programRuns(at, session, "api").then(async () => codeIsCompleted(at, session)),
  ]);
}

function print(): void {
  const { rounds = 0 } = samples.at(-1) ?? {};
  console.log(`\n${minutes} min, ${rounds} rounds, ${samples.length} looks\n`);
  console.log("| what | after warm-up | at the end | |\n| --- | --- | --- | --- |");
  for (const growth of verdict.memory) {
    row(growth, (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`);
  }
  for (const growth of verdict.counts) {
    row(growth, String);
  }
}

function row({ name, first, last, isMet }: Growth, words: (value: number) => string): void {
  console.log(`| ${name} | ${words(first)} | ${words(last)} | ${isMet ? "PASS" : "**FAIL**"} |`);
}
