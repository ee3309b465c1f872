import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { chooseHost, type HostKind } from "../choice.js";
import { extensionRoot, resultsRoot, testEntry } from "../paths.js";
import { openSamples } from "../samples.js";
import type { Settings } from "../server/profile.js";
import { runInCodeServer } from "./inCodeServer.js";
import { runOnDesktop } from "./onDesktop.js";
import { isBroken, type HostResult } from "./result.js";

/** What a caller may change about a run. */
export interface HostOptions {
  /** Runs only tests whose full title matches; `VSCODE_TEST_GREP` does the same. */
  readonly grep?: string;
  /** Folder for V8 coverage of everything in the extension host; `c8 report` reads it. */
  readonly coverageFolder?: string;
  /** Extra environment of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** User settings. */
  readonly settings?: Settings;
  /** Default 180 s, or `VSCODE_TEST_DEADLINE_MS`. */
  readonly deadlineMs?: number;
  /** Receives the lines of the mocha report; default `console.log`. */
  readonly onOutput?: (line: string) => void;
  /** Default: the repository. */
  readonly developmentPath?: string;
  /** Default: the bundled tests of the repository. */
  readonly testsPath?: string;
}

/** One run, with everything decided. */
export interface TestRun extends Required<
  Pick<HostOptions, "deadlineMs" | "developmentPath" | "testsPath" | "onOutput">
> {
  readonly settings: Settings | undefined;
  readonly env: Record<string, string>;
  readonly workspace: string;
  readonly evidenceFolder: string;
  readonly summaryFile: string;
}

/**
 * Runs the bundled integration tests inside a real extension host, on a copy of the samples. Never throws for a failing
 * test: a run that breaks counts as one failure with the reason. Evidence goes to `test-results/integration/`.
 */
export async function runInHost(
  options: HostOptions = {},
): Promise<HostResult & { readonly host: HostKind }> {
  const testsPath = options.testsPath ?? testEntry;
  if (!existsSync(testsPath)) {
    throw new Error(`The tests are not built: ${testsPath} is missing.`);
  }
  const evidenceFolder = path.join(resultsRoot, "integration");
  await rm(evidenceFolder, { recursive: true, force: true });
  await mkdir(evidenceFolder, { recursive: true });
  const host = await chooseHost();
  const samples = await openSamples();
  const summaryFile = path.join(evidenceFolder, "summary.json");
  const run: TestRun = {
    testsPath,
    evidenceFolder,
    summaryFile,
    workspace: samples.folder,
    settings: options.settings,
    developmentPath: options.developmentPath ?? extensionRoot,
    deadlineMs: options.deadlineMs ?? Number(process.env["VSCODE_TEST_DEADLINE_MS"] ?? 180_000),
    onOutput: options.onOutput ?? console.log,
    env: {
      ...options.env,
      VSCODE_TEST_SUMMARY: summaryFile,
      ...(options.grep !== undefined && { VSCODE_TEST_GREP: options.grep }),
      ...(options.coverageFolder !== undefined && { NODE_V8_COVERAGE: options.coverageFolder }),
    },
  };
  try {
    const result = host === "desktop" ? await runOnDesktop(run) : await runInCodeServer(run);
    if (isBroken(result)) {
      run.onOutput(result.failures.map(({ stack }) => stack).join("\n")); // no test has told of it
    }
    return { host, ...result };
  } finally {
    await samples.remove();
  }
}
