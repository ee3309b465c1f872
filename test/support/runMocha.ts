/**
 * Runs the mocha tests of the folders and files given, and writes the counts and the slowest tests to the file named by
 * `TEST_RESULT`:
 *
 *     tsx test/support/runMocha.ts test/unit test/conformance [--grep PATTERN] [--share 1/2]
 */
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import Mocha from "mocha";
import { messageOf } from "../../src/base/errors.js";
import { type Counts, type FailedTest, type SlowTest, slowest } from "../../scripts/support/counts.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    grep: { type: "string" },
    timeout: { type: "string", default: "45000" },
    /** How often a test that failed is tried once more: on a busy computer some are late. It is told. */
    retries: { type: "string", default: "0" },
    /** The first, second … of so many shares of the files. */
    share: { type: "string", default: "1/1" },
  },
});

const mocha = new Mocha({
  ui: "bdd",
  timeout: Number(values.timeout),
  failZero: true,
  retries: Number(values.retries),
  forbidOnly: process.env["CI"] !== undefined,
  ...(values.grep !== undefined && { grep: values.grep }),
});
for (const file of shareOf(positionals.flatMap(testFiles))) {
  await load(file);
}

/** What failed without being a test. */
const others: FailedTest[] = [];
process.on("unhandledRejection", (reason) => {
  others.push({ title: "unhandled rejection", message: messageOf(reason) });
  console.error("unhandled rejection:", reason);
});

const durations: SlowTest[] = [];
let running = "what comes before the first test";
const runner = mocha.run((failures) => {
  writeResult();
  // A test that leaves a handle open must not hold the run; the handles themselves are tested where they matter.
  process.exit(failures + others.length > 0 ? 1 : 0);
});
runner.on("hook", (hook) => (running = hook.fullTitle()));
runner.on("test", (test) => (running = test.fullTitle()));
runner.on("test end", (test) => {
  if (test.duration !== undefined) {
    durations.push({ title: test.fullTitle(), ms: test.duration });
  }
});
const failed: Mocha.Test[] = [];
const failures: FailedTest[] = [];
runner.on("fail", (test, error) => {
  failed.push(test);
  failures.push({ title: test.fullTitle(), message: messageOf(error) });
});
const doubted: FailedTest[] = [];
runner.on("retry", (test: Mocha.Test, error: unknown) => {
  doubted.push({ title: test.fullTitle(), message: messageOf(error) });
  console.log(`      … failed and is tried again: ${test.title}: ${messageOf(error)}`);
});
process.on("SIGTERM", () => {
  Mocha.reporters.Base.list(failed);
  console.error(`\nGiven up in the middle of: ${running}`);
  others.push({ title: running, message: "It was given up in the middle." });
  writeResult();
  process.exit(1);
});

function writeResult(): void {
  const { passes: passed = 0, pending: skipped = 0, failures: count = 0 } = runner.stats ?? {};
  const counts: Counts = {
    passed,
    failed: count + others.length,
    skipped,
    slowest: slowest(durations),
    failures: [...failures, ...others],
    doubted,
  };
  const file = process.env["TEST_RESULT"];
  if (file !== undefined) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(counts));
  }
}

function testFiles(place: string): string[] {
  if (statSync(place).isFile()) {
    return [path.resolve(place)];
  }
  return readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .sort()
    .map((file) => path.resolve(place, file));
}

/** Neighbours are much alike, so they are dealt out. */
function shareOf(files: readonly string[]): string[] {
  const [which = 1, of = 1] = values.share.split("/").map(Number);
  return files.filter((_, index) => index % of === which - 1);
}

/**
 * By `import`, as the code under test imports: mocha would `require` the files, and what both ways reach would be there
 * twice, each class not an instance of the other.
 */
async function load(file: string): Promise<void> {
  mocha.suite.emit("pre-require", globalThis, file, mocha);
  const module: unknown = await import(pathToFileURL(file).href);
  mocha.suite.emit("require", module, file, mocha);
  mocha.suite.emit("post-require", globalThis, file, mocha);
}
