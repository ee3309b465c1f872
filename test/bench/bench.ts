/**
 * `npm run bench`: what the extension costs beside every alternative, as one table.
 *
 *     npm run bench -- calls files      only these groups
 *     npm run bench -- --check          fails where a ratio falls behind its bound (`bounds.json`), whatever the bars say
 *     npm run bench -- --json FILE      the figures as JSON
 *     npm run bench -- --document       the tables into docs/performance.md, those of the groups that are measured
 *
 * Without `--check` it fails where a bar is missed. Every group is a program of its own, read as it ships
 * (`node --import ./test/bench/loader/register.mjs test/bench/calls.ts`), and measures on a local engine of its own, or with
 * `BENCH_TARGET=environment` on the server of the `BACKEND_*` variables.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { runTool } from "../../scripts/support/tasks.js";
import { interruption } from "../host/interruption.js";
import { fallenBehind, readBounds } from "./harness/bounds.js";
import { writeDocument } from "./harness/document.js";
import { type Group, type GroupName, groups } from "./harness/groups.js";
import { type GroupResult, resultOf } from "./harness/result.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: "boolean" }, json: { type: "string" }, document: { type: "boolean" } },
});
const names = positionals.length > 0 ? positionals : Object.keys(groups);
const unknown = names.filter((name) => !Object.hasOwn(groups, name));
if (unknown.length > 0) {
  console.error(`No such group: ${unknown.join(", ")}. There are: ${Object.keys(groups).join(", ")}.`);
  process.exit(2);
}

const stop = new AbortController();
void interruption().then((reason) => stop.abort(new Error(reason)));
const bounds = await readBounds();
const results: GroupResult[] = [];
const behind: string[] = [];
for (const name of names as GroupName[]) {
  if (stop.signal.aborted) {
    break;
  }
  const result = await measure(name);
  results.push(result);
  behind.push(...fallenBehind(name, result.figures, bounds));
}
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
}
if (values.document === true) {
  await writeDocument(results);
}
const broken = results.flatMap(({ failures }) => failures);
const missed = results.reduce((count, { missed: each }) => count + each, 0);
const figures = results.reduce((count, { figures: each }) => count + each.length, 0);
console.log(
  `\n${figures} figures, ${missed} bars missed, ${behind.length} behind their bounds, ${broken.length} broken`,
);
for (const words of [...behind, ...broken]) {
  console.log(`✘ ${words}`);
}
const isBad = values.check === true ? behind.length > 0 : missed > 0;
process.exit(isBad || broken.length > 0 || stop.signal.aborted ? 1 : 0);

/** Runs a group, whose table is printed when it is whole. */
async function measure(name: GroupName): Promise<GroupResult> {
  const { file, title, minutes }: Group = groups[name];
  const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-bench-"));
  try {
    const found = path.join(folder, "result");
    await writeFile(found, "");
    const script = path.join(import.meta.dirname, file);
    const loader = path.join(import.meta.dirname, "loader", "register.mjs");
    const ended = await runTool(["node", "--import", loader, "--expose-gc", script], {
      deadlineMs: minutes * 60_000,
      env: { BENCH_RESULT: found },
      signal: stop.signal,
    });
    console.log(`\n## ${title}\n\n${ended.output.trim()}\n\n(${ended.seconds.toFixed(0)} s)`);
    return resultOf({ name, title, text: await readFile(found, "utf8"), ended });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
