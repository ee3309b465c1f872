/**
 * `npm run check`: everything that can be said of the code in under a minute, two things at a time.
 *
 *     npm run check -- --without-unit --without-lint   what is left of it in `npm test`
 */
import { readdirSync } from "node:fs";
import { runTool } from "./support/tasks.js";

const cache = "node_modules/.cache";

/** These start hundreds of processes: `npm test` has time for them. */
const slowUnits = ["engine", "run", "runner", "terminal", "tunnel"];
const quickUnits = readdirSync("test/unit", { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !slowUnits.includes(entry.name))
  .map((entry) => `test/unit/${entry.name}`);

const tasks: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  {
    name: "lint",
    command: [
      "eslint",
      "--cache",
      "--cache-location",
      `${cache}/eslint-check.json`,
      "--max-warnings",
      "0",
      ".",
    ],
  },
  { name: "types", command: ["tsc", "-p", "."] },
  { name: "unit", command: ["tsx", "test/support/runMocha.ts", "--retries", "1", ...quickUnits] },
  {
    name: "format",
    command: [
      "prettier",
      "--cache",
      "--cache-location",
      `${cache}/prettier-check.json`,
      "--check",
      "--log-level",
      "warn",
      ".",
    ],
  },
  { name: "check build", command: ["tsx", "scripts/checkBuild.ts"] },
  { name: "dead code", command: ["knip"] },
];

/** For one of them, on a busy computer. */
const deadlineMs = 600_000;

const left = new Set(process.argv.flatMap((word) => /^--without-(\w+)$/.exec(word)?.[1] ?? []));
const waiting = tasks.filter(({ name }) => !left.has(name));
let failed = 0;

async function work(): Promise<void> {
  for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
    const { ok, seconds, output, givenUp } = await runTool(task.command, { deadlineMs });
    console.log(`${ok ? "✔" : "✘"} ${task.name} (${seconds.toFixed(1)} s)${givenUp ?? ""}`);
    if (!ok) {
      failed += 1;
      console.log(output);
    }
  }
}

await Promise.all([work(), work()]);
process.exitCode = failed > 0 ? 1 : 0;
