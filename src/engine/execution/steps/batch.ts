import { shellQuote } from "../../../base/text.js";
import type { BatchOptions, RuntimeName } from "../contract.js";
import { RuntimeMissingError } from "../errors.js";
import type { ProcessHost } from "../process/processHost.js";
import type { Run } from "../run/run.js";
import { findRuntime } from "../runtimes.js";
import type { Language, Workspace } from "./language.js";
import { languages } from "./languages.js";
import { runStep } from "./shellStep.js";
import { note, shell, skip, type StepPlan } from "./stepPlan.js";
import { workspaceOf } from "./workspaceFiles.js";

/** The exit code of a run whose build failed (`protocol.md` §4.4). */
const notRunExitCode = 127;

type PlanDefault = (language: Language, workspace: Workspace, tool: string) => StepPlan;

/** Runs clean, build and exec with their notices in order; the exit code of the run (`protocol.md` §4.4). */
export async function runBatch(
  host: ProcessHost,
  run: Run,
  runtime: RuntimeName,
  options: BatchOptions,
): Promise<number> {
  const step = async (command: string | null | undefined, plan: PlanDefault): Promise<number> =>
    perform(host, run, runtime, await planStep(host.workDir, runtime, command, plan));
  const clean = await step(options.clean, (language, workspace) => language.clean(workspace));
  run.stepFinished("clean-finished", clean);
  const build = await step(options.build, (language, workspace, tool) =>
    workspace.has("Makefile") ? shell("exec make") : language.build(workspace, tool),
  );
  run.stepFinished("build-finished", build);
  return build === 0
    ? step(options.exec, (language, workspace, tool) => language.exec(workspace, tool))
    : notRunExitCode;
}

async function planStep(
  workDir: string,
  runtime: RuntimeName,
  command: string | null | undefined,
  plan: PlanDefault,
): Promise<StepPlan> {
  if (command === undefined || command === null || command === "") {
    return skip;
  }
  if (command !== "*") {
    return shell(command);
  }
  const info = await findRuntime(runtime);
  return info === undefined
    ? note(runtime, new RuntimeMissingError(runtime).message, notRunExitCode)
    : plan(languages[runtime], workspaceOf(workDir), shellQuote(info.command));
}

async function perform(host: ProcessHost, run: Run, runtime: RuntimeName, plan: StepPlan): Promise<number> {
  if (run.isStopping) {
    return notRunExitCode;
  }
  if (plan.kind === "skip") {
    return 0;
  }
  if (plan.kind === "note") {
    run.text("stderr", plan.text);
    return plan.exitCode;
  }
  return runStep(host, run, {
    file: "/bin/sh",
    args: ["-c", plan.script],
    environment: { _BACKEND_BATCH_MODE: "1", ...(runtime === "nodejs" ? electronAsNode : {}) },
  });
}

/** Makes an Electron that stands in for Node act as one. */
export const electronAsNode: Readonly<Record<string, string>> =
  process.versions["electron"] === undefined ? {} : { ELECTRON_RUN_AS_NODE: "1" };
