/** Journeys: what a user sets out to do, from a fresh window to the end. */
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type FailedTest, type SlowTest, slowest } from "../../scripts/support/counts.js";
import { LeakError } from "./leaks/leakWatch.js";
import { extensionRoot, resultsRoot } from "./paths.js";
import type { Settings } from "./server/profile.js";
import { withWorkbench, type WorkbenchOptions } from "./session.js";
import type { Failure, HostResult } from "./verdict/result.js";
import type { Workbench } from "./window/workbench.js";

/** What a window needs from its surroundings. */
interface Surroundings extends Pick<WorkbenchOptions, "language" | "size" | "file" | "linked" | "secrets"> {
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: Settings;
}

/** Surroundings that had to be started, such as an engine, and are ended after the journey. */
interface PreparedSurroundings extends Surroundings {
  readonly stop: () => Promise<void>;
}

/** A file `test/e2e/<name>.journey.ts` exports one as `journey`. */
export interface Journey extends Surroundings {
  /** Starts what must run before the window opens; its variables and settings are added to the journey's own. */
  readonly prepare?: () => Promise<PreparedSurroundings>;
  /** A reason to leave the journey out on this computer; it is counted and printed. */
  readonly skip?: string | undefined;
  /** @param env The variables that the window has. */
  run(workbench: Workbench, env: Readonly<Record<string, string>>): Promise<void>;
}

/** Which journeys to run, and against what. */
interface JourneyOptions {
  /** Default `test/e2e`. */
  readonly folder?: string;
  /** Runs only journeys whose name has this. */
  readonly only?: string | undefined;
  /** Packages to install instead of loading the extension from source. */
  readonly install?: readonly string[];
  /** The extension to load from source. Default: the repository. */
  readonly developmentPath?: string;
  /** Variables for all of them. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the journeys one after another, each in a fresh window; stops early only when somebody interrupts. */
export async function runJourneys(options: JourneyOptions = {}): Promise<HostResult> {
  const folder = options.folder ?? path.join(extensionRoot, "test/e2e");
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".journey.ts") && file.includes(options.only ?? ""))
    .sort();
  await rm(path.join(resultsRoot, "journeys"), { recursive: true, force: true });
  const failures: Failure[] = [];
  const doubted: FailedTest[] = [];
  const durations: SlowTest[] = [];
  let passed = 0;
  let skipped = 0;
  for (const file of files) {
    const name = path.basename(file, ".journey.ts");
    const startedAt = Date.now();
    const seconds = (): string => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
    try {
      const journey = await loadJourney(path.join(folder, file));
      if (journey.skip !== undefined) {
        skipped++;
        console.log(`  - ${name}: ${journey.skip}`);
        continue;
      }
      await runDoubted(name, journey, { ...options, onDoubt: (doubt) => doubted.push(doubt) });
      passed++;
      durations.push({ title: name, ms: Date.now() - startedAt });
      console.log(`  ✔ ${name} (${seconds()})`);
    } catch (error) {
      const failure = describeFailure(name, error);
      failures.push(failure);
      console.error(`  ✘ ${name} (${seconds()})\n${failure.stack}`);
      if (failure.message.startsWith("stopped by")) {
        break;
      }
    }
  }
  return { passed, failed: failures.length, skipped, failures, doubted, slowest: slowest(durations) };
}

/** Windows of a busy computer are late now and then: what fails is told and tried once more, and what fails twice has failed. */
async function runDoubted(
  name: string,
  journey: Journey,
  { onDoubt, ...options }: JourneyOptions & { readonly onDoubt: (doubt: FailedTest) => void },
): Promise<void> {
  try {
    await runJourney(name, journey, options);
  } catch (error) {
    const { message } = describeFailure(name, error);
    if (message.startsWith("stopped by") || error instanceof LeakError) {
      throw error;
    }
    onDoubt({ title: name, message });
    console.error(`  … ${name} failed and is tried again: ${message}`);
    await runJourney(name, journey, options);
  }
}

async function loadJourney(file: string): Promise<Journey> {
  const module = (await import(pathToFileURL(file).href)) as { readonly journey?: Journey };
  if (module.journey === undefined) {
    throw new Error(`${file} exports no journey.`);
  }
  return module.journey;
}

async function runJourney(name: string, journey: Journey, options: JourneyOptions): Promise<void> {
  const prepared = await journey.prepare?.();
  const env = { ...options.env, ...journey.env, ...prepared?.env };
  try {
    await withWorkbench(
      {
        name,
        language: journey.language,
        size: journey.size,
        file: journey.file,
        linked: journey.linked,
        install: options.install,
        developmentPath: options.developmentPath,
        env,
        settings: { ...journey.settings, ...prepared?.settings },
        secrets: () => ({ ...journey.secrets?.(), ...prepared?.secrets?.() }),
      },
      (workbench) => journey.run(workbench, env),
    );
  } finally {
    await prepared?.stop();
  }
}

function describeFailure(title: string, error: unknown): Failure {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  return { title, message, stack: stack ?? message };
}
