/**
 * `npm test`: every test there is, and at the end the plain line `N passed, N failed`. It ends by itself: whatever hangs
 * is given up, is told, and is a failure.
 *
 *     npm test -- unit conformance      only these parts
 *     TEST_ROWS=1 npm test              one part after the other, with its output as it comes
 *     TEST_PROCESSES=1 npm test         the unit tests in one process
 */
import { mkdir, rm } from "node:fs/promises";
import { deadline } from "../src/base/abort.js";
import { interruption } from "../test/host/interruption.js";
import { resultsRoot } from "../test/host/paths.js";
import { broken, type Counts } from "./support/counts.js";
import { parts, type PartName, rows } from "./support/parts.js";
import { runRows } from "./support/runRows.js";
import { runTool } from "./support/tasks.js";

/** Rows that run at the same time. */
const lanes = Number(process.env["TEST_ROWS"] ?? rows.length);

/** For all of it: below it, every part has a deadline of its own. One part after the other takes longer. */
const totalMs = lanes === 1 ? 6_000_000 : 3_600_000;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(", ")}. There are: ${Object.keys(parts).join(", ")}.`);
  process.exit(2);
}

const stop = new AbortController();
void interruption().then((reason) => stop.abort(new Error(reason)));
const limit = deadline(totalMs, "total", "npm test");
limit.signal.addEventListener("abort", () => stop.abort(limit.signal.reason));

await rm(resultsRoot, { recursive: true, force: true });
await mkdir(resultsRoot, { recursive: true });
const built = await runTool(["node", "esbuild.mjs", "--tests"], { deadlineMs: 180_000, signal: stop.signal });
const total = built.ok ? await runWanted() : brokenBuild();
for (const [mark, tests = []] of [
  ["… tried once more:", total.doubted],
  ["✘", total.failures],
] as const) {
  for (const { title, message } of tests) {
    console.log(`${mark} ${title}\n    ${firstLines(message)}`);
  }
}
console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
);
// What hangs on in this process must not hold it.
process.exit(total.failed > 0 ? 1 : 0);

async function runWanted(): Promise<Counts> {
  const isWanted = (name: PartName): boolean => wanted.length === 0 || wanted.includes(name);
  const print = (text: string): void => void process.stdout.write(text);
  return runRows({ rows: rows.map((row) => row.filter(isWanted)), parts, lanes, signal: stop.signal, print });
}

function brokenBuild(): Counts {
  console.error(
    `${built.output}\nThe build failed${built.givenUp === undefined ? "" : `: ${built.givenUp}`}.`,
  );
  return broken("build", built.givenUp ?? "The build failed.");
}

/** Enough of an error to recognise it: the whole stands above, with its part. */
function firstLines(message: string): string {
  return message.split("\n", 12).join("\n    ");
}
