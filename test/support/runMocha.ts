/**
 * Runs the mocha tests under the folders given and writes the counts to the file named by `TEST_RESULT`:
 *
 *     tsx test/support/runMocha.ts test/unit test/conformance [--grep PATTERN]
 */
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import Mocha from "mocha";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: "string" }, timeout: { type: "string", default: "20000" } },
});

const mocha = new Mocha({
  ui: "bdd",
  timeout: Number(values.timeout),
  failZero: true,
  forbidOnly: process.env["CI"] !== undefined,
  ...(values.grep !== undefined && { grep: values.grep }),
});
mocha.suite.emit("pre-require", globalThis, "", mocha); // gives `describe` and the like to all files
for (const folder of positionals) {
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (file.endsWith(".test.ts")) {
      // Not by mocha, which requires them: what they import later would then be a second copy, of classes as well.
      await import(pathToFileURL(path.resolve(folder, file)).href);
    }
  }
}

let unhandled = 0;
process.on("unhandledRejection", (reason) => {
  unhandled += 1;
  console.error("unhandled rejection:", reason);
});

const failures = await new Promise<number>((resolve) => {
  const runner = mocha.run(resolve);
  runner.once("end", () => {
    const { passes: passed = 0, pending: skipped = 0 } = runner.stats ?? {};
    const failed = (runner.stats?.failures ?? 0) + unhandled;
    if (process.env["TEST_RESULT"] !== undefined) {
      writeFileSync(process.env["TEST_RESULT"], JSON.stringify({ passed, failed, skipped }));
    }
  });
});
// A test that leaves a handle open must not hold the run; the handles themselves are tested where they matter.
process.exit(failures + unhandled > 0 ? 1 : 0);
