import { mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { RuntimeName } from "../contract.js";
import { RuntimeMissingError } from "../errors.js";
import type { ProcessHost } from "../process/processHost.js";
import type { Run } from "../run/run.js";
import { findRuntime } from "../runtimes.js";
import type { OneShotQuery } from "./language.js";
import { runStep } from "./shellStep.js";

/**
 * Runs a query as a program of its own, built in the session's scratch and run in its home; the exit code of the build or
 * of the program.
 *
 * @throws RuntimeMissingError
 */
export async function runOneShot(
  host: ProcessHost,
  run: Run,
  runtime: RuntimeName,
  query: OneShotQuery,
  code: string,
): Promise<number> {
  const info = await findRuntime(runtime);
  if (info === undefined) {
    throw new RuntimeMissingError(runtime);
  }
  const folder = await mkdtemp(path.join(host.stateDir, "query-"));
  try {
    const file = path.join(folder, query.fileName(code));
    await writeFile(file, query.wrap?.(code) ?? code);
    const args = ["-c", query.script, info.command, file, path.join(folder, "program")];
    return await runStep(host, run, { file: "/bin/sh", args });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
