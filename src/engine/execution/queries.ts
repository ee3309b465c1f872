import path from "node:path";
import type { RuntimeName } from "./contract.js";
import { RuntimeMissingError } from "./errors.js";
import type { ProcessHost } from "./process/processHost.js";
import type { Command } from "./process/sessionProcess.js";
import { PersistentRunner } from "./runner/persistentRunner.js";
import { findRuntime } from "./runtimes.js";
import { electronAsNode } from "./steps/batch.js";

/** Python hears a signal at any moment, and nothing else while code runs. */
const pythonSignalAfterMs = 0;
/** Node is deaf to a signal, or dies of it, while it enters or leaves code that a signal can stop; that takes some ms. */
const nodeSignalAfterMs = 200;

/** The runner of a language whose queries keep their state, or `undefined` for the others. */
export function persistentRunner(host: ProcessHost, runtime: RuntimeName): PersistentRunner | undefined {
  switch (runtime) {
    case "python":
      return new PersistentRunner(
        host,
        () => runnerCommand(host, runtime, ["python", "runner.py"], {}),
        pythonSignalAfterMs,
      );
    case "nodejs":
      return new PersistentRunner(
        host,
        () => runnerCommand(host, runtime, ["node", "runner.cjs"], electronAsNode),
        nodeSignalAfterMs,
      );
    default:
      return undefined;
  }
}

async function runnerCommand(
  host: ProcessHost,
  runtime: RuntimeName,
  script: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Command> {
  const info = await findRuntime(runtime);
  if (info === undefined) {
    throw new RuntimeMissingError(runtime);
  }
  return { file: info.command, args: [path.join(host.runnersDir, ...script)], environment };
}
