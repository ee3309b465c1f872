import { DisposableStore } from "../../../base/lifecycle.js";
import { outputEnd } from "../process/outputEnd.js";
import type { ProcessHost } from "../process/processHost.js";
import { readText } from "../process/outputReader.js";
import type { Command, SessionProcess } from "../process/sessionProcess.js";
import type { Run } from "../run/run.js";
import { InputHook } from "./inputHook.js";

/**
 * Runs one command of a run to its end, its output into the run; the exit code.
 *
 * @throws ProcessStartError
 */
export async function runStep(host: ProcessHost, run: Run, command: Command): Promise<number> {
  const store = new DisposableStore();
  try {
    const hook = await InputHook.listen(host, run);
    store.add(hook);
    const child = await host.start({
      ...command,
      environment: { ...command.environment, ...hook.environment },
    });
    store.add(run.onDidInterrupt((count) => interrupt(run, child, count)));
    if (run.isStopping) {
      interrupt(run, child, run.interruptCount);
    }
    return await readToEnd(child, run);
  } finally {
    store.dispose();
  }
}

async function readToEnd(child: SessionProcess, run: Run): Promise<number> {
  const sockets = [child.stdout, child.stderr];
  const flow = new DisposableStore();
  sockets.forEach((socket) => flow.add(run.flow.add(socket)));
  readText(child.stdout, (text) => run.text("stdout", text));
  readText(child.stderr, (text) => run.text("stderr", text));
  const exitCode = await child.exited;
  await outputEnd(sockets, run.flow);
  flow.dispose();
  return exitCode;
}

/** The third interrupt is for programs that do not listen. */
function interrupt(run: Run, child: SessionProcess, count: number): void {
  child.signal(count >= 3 ? "SIGKILL" : "SIGINT");
  run.answer(undefined);
}
