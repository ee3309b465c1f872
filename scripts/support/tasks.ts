import { spawn } from "node:child_process";
import path from "node:path";
import { deadline, delay } from "../../src/base/abort.js";
import { extensionRoot } from "../../test/host/paths.js";
import { endProcessGroup, exitOf } from "../../test/host/server/processGroup.js";
import { descendantsOf, killAll } from "./descendants.js";

/** How a command ended. */
export interface Ended {
  readonly ok: boolean;
  readonly seconds: number;
  /** What it printed; of megabytes, the end. */
  readonly output: string;
  /** Why it was given up, if it was. */
  readonly givenUp: string | undefined;
}

/** How a command is run. */
export interface ToolOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Folder that it works in. Default: the repository. */
  readonly folder?: string;
  /** Longest that it may take; then it is ended, with all that it started. */
  readonly deadlineMs: number;
  /** How long it may put its things away when it is given up. Default 5 s. */
  readonly endMs?: number;
  /** Gives it up sooner, for the reason that it aborts with. */
  readonly signal?: AbortSignal | undefined;
  /** Receives what it prints as it comes; without one it is only kept. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/** How much output is kept. */
const outputLimitChars = 4_000_000;

/** How long output may come after the end: what a command started may hold its pipes for ever. */
const restMs = 3_000;

/** Runs a program of `node_modules/.bin`, `node`, or `tsx` with a file. Never rejects. */
export async function runTool(
  [tool = "", ...args]: readonly string[],
  { env = {}, folder = extensionRoot, deadlineMs, endMs = 5_000, signal, onOutput }: ToolOptions,
): Promise<Ended> {
  const startedAt = performance.now();
  const late = deadline(deadlineMs, "total", [tool, ...args].join(" "));
  const given = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]);
  const child = spawn(...commandOf(tool, args), {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, so that it can be ended with all that it started
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-outputLimitChars);
      onOutput?.(text);
    });
  }
  const closed = new Promise((resolve) => child.once("close", resolve));
  let ending: Promise<void> | undefined;
  const giveUp = (): void => {
    ending ??= endTree();
  };
  const endTree = async (): Promise<void> => {
    const started = await descendantsOf(child.pid);
    await endProcessGroup(child, endMs);
    await killAll(started); // those that have groups of their own
  };
  const givenUp = new Promise<string>((resolve) => {
    given.addEventListener("abort", () => {
      giveUp();
      void ending?.then(() => resolve("It can't be ended."));
    });
  });
  if (given.aborted) {
    giveUp();
  }
  const code = await Promise.race([exitOf(child), givenUp]);
  await ending;
  await Promise.race([closed, delay(restMs)]);
  late.clear();
  child.stdout.destroy();
  child.stderr.destroy();
  return {
    ok: code === 0 && !given.aborted,
    seconds: (performance.now() - startedAt) / 1000,
    output: child.pid === undefined ? String(code) : output,
    givenUp: given.aborted ? wordsOf(given.reason) : undefined,
  };
}

/** Not by tsx's own command, which is one more process between us and the tests. */
function commandOf(tool: string, args: readonly string[]): [program: string, args: string[]] {
  switch (tool) {
    case "node":
      return [process.execPath, [...args]];
    case "tsx":
      return [process.execPath, ["--import", "tsx", ...args]];
    default:
      return [path.join(extensionRoot, "node_modules", ".bin", tool), [...args]];
  }
}

function wordsOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
