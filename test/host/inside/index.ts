/** Runs mocha inside the extension host. Bundled to `dist/test/integration/index.cjs`, beside the tests. */
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";
import v8 from "node:v8";
import Mocha from "mocha";
import * as vscode from "vscode";
import { type FailedTest, type SlowTest, slowest } from "../../../scripts/support/counts.js";
import type { Failure, HostResult } from "../verdict/result.js";
import { watchNetwork } from "./networkWatch.js";
import { sourceStack } from "./sourceStack.js";

/** A computer that is busy with other tests must not fail one that waits for VS Code. */
const testTimeoutMs = 60_000;

/** Called by VS Code inside the extension host; a rejection makes the run fail. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  watchNetwork(vscode.extensions.getExtension("backendai.backendai-sessions")?.isActive === true);
  const mocha = new Mocha({
    ui: "bdd",
    color: false,
    timeout: testTimeoutMs,
    retries: 1, // as journeys, and told as theirs
    failZero: true,
    ...grepOption(),
  });
  const files = readdirSync(__dirname).filter((name) => name.endsWith(".test.cjs"));
  for (const file of files.sort()) {
    mocha.addFile(path.join(__dirname, file));
  }
  // The console of a remote extension host does not format.
  Mocha.reporters.Base.consoleLog = (...values: unknown[]) => {
    print(format(...values));
  };
  await loadTests(mocha);
  const result = await runAll(mocha);
  writeResult(result);
  if (process.env["NODE_V8_COVERAGE"] !== undefined) {
    v8.takeCoverage();
  }
  if (result.failed > 0 || result.passed === 0) {
    throw new Error(`${String(result.passed)} passed, ${String(result.failed)} failed`);
  }
}

function grepOption(): { grep?: string } {
  const grep = process.env["VSCODE_TEST_GREP"];
  return grep === undefined ? {} : { grep };
}

async function loadTests(mocha: Mocha): Promise<void> {
  try {
    await mocha.loadFilesAsync();
  } catch (error) {
    const failure = describeFailure("loading the tests", error);
    print(failure.stack);
    writeResult({ passed: 0, failed: 1, skipped: 0, failures: [failure] });
    throw error;
  }
}

function runAll(mocha: Mocha): Promise<HostResult> {
  return new Promise((resolve) => {
    const failures: Failure[] = [];
    const doubted: FailedTest[] = [];
    const durations: SlowTest[] = [];
    const runner = mocha.run(() => {
      const { passes: passed = 0, pending: skipped = 0 } = runner.stats ?? {};
      resolve({ passed, skipped, failed: failures.length, failures, doubted, slowest: slowest(durations) });
    });
    runner.on("test end", (test) => {
      durations.push({ title: test.fullTitle(), ms: test.duration ?? 0 });
    });
    runner.on("retry", (test: Mocha.Test, error: unknown) => {
      doubted.push({ title: test.fullTitle(), message: describeFailure("", error).message });
      print(`… ${test.fullTitle()} failed and is tried again: ${describeFailure("", error).message}`);
    });
    runner.on("fail", (test, error: unknown) => {
      failures.push(describeFailure(test.fullTitle(), error));
    });
  });
}

function describeFailure(title: string, error: unknown): Failure {
  if (error instanceof Error && error.stack !== undefined) {
    error.stack = sourceStack(error.stack); // before mocha's own report of it
  }
  return error instanceof Error
    ? { title, message: error.message, stack: error.stack ?? error.message }
    : { title, message: String(error), stack: String(error) };
}

/** The exit code of VS Code proves nothing; this file does. */
function writeResult(result: HostResult): void {
  const file = process.env["VSCODE_TEST_SUMMARY"];
  if (file !== undefined) {
    writeFileSync(file, JSON.stringify(result, undefined, 2));
  }
}

/** The mark lets the harness tell what tests print from VS Code's own output. */
function print(text: string): void {
  console.log(`[test] ${text}`);
}
