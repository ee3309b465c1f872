import { randomBytes } from "node:crypto";
import { access, appendFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { RunResult } from "../../execution/contract.js";
import type { Execution } from "../execution.js";
import type { Session } from "../session.js";
import { taskLogPath } from "./taskLog.js";

/** How long `bootstrap.sh` may take before the session counts as failed to start; milliseconds. */
const bootstrapTimeoutMs = 60_000;
/** Exit code of a command that was stopped because it took too long, as of `timeout(1)`. */
const timeoutExitCode = 124;
const flushMs = 500;

/** Runs `/home/work/bootstrap.sh`, if the session has one; its output goes to the container's log. */
export async function bootstrap(session: Session, execution: Execution, signal: AbortSignal): Promise<void> {
  const script = path.join(session.workDir, "bootstrap.sh");
  if (session.spec.bootstrapScript !== null) {
    await writeFile(script, session.spec.bootstrapScript, { mode: 0o755 });
  }
  if (await exists(script)) {
    const steps = runCommand(execution, "sh ./bootstrap.sh", bootstrapTimeoutMs, signal);
    while ((await steps.next()).done !== true); // its output is in the log
  }
}

/**
 * Runs the startup command of a batch session; its output goes to the task log as well.
 * @returns its exit code.
 */
export async function runStartupCommand(
  session: Session,
  execution: Execution,
  signal: AbortSignal,
): Promise<number> {
  const log = path.join(session.workDir, ".logs", taskLogPath(session.kernelId));
  await mkdir(path.dirname(log), { recursive: true });
  await writeFile(log, "");
  let exitCode = 0;
  const { startupCommand, batchTimeoutMs } = session.spec;
  for await (const step of runCommand(execution, startupCommand ?? "", batchTimeoutMs, signal)) {
    await appendFile(log, textOf(step));
    exitCode = step.exitCode ?? exitCode;
  }
  return exitCode;
}

/** The steps of a batch run that does only one command. */
async function* runCommand(
  execution: Execution,
  command: string,
  timeoutMs: number,
  signal: AbortSignal,
): AsyncGenerator<RunResult> {
  const runId = `startup-${randomBytes(8).toString("hex")}`;
  const endsAt = timeoutMs > 0 ? Date.now() + timeoutMs : Number.POSITIVE_INFINITY;
  const options = { exec: command };
  let step = await execution.execute({ mode: "batch", code: "", runId, options }, flushMs, signal);
  while (step.status !== "finished" && step.status !== "exec-timeout") {
    yield step;
    if (Date.now() > endsAt) {
      await execution.restart();
      yield { ...step, exitCode: timeoutExitCode, console: [] };
      return;
    }
    step = await execution.execute({ mode: "continue", code: "", runId }, flushMs, signal);
  }
  yield step;
}

function textOf(step: RunResult): string {
  return step.console.map(([kind, data]) => (kind === "stdout" || kind === "stderr" ? data : "")).join("");
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
