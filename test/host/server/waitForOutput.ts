import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

/** How much of the output is kept to look through. */
const outputLimitChars = 10_000;

/** What is waited for, and how a failure is worded. */
export interface OutputWait<T> {
  /** Looks through what was printed so far; undefined says: not yet. */
  readonly find: (output: string) => T | undefined;
  readonly deadlineMs: number;
  /** Names the program at the beginning of the error. */
  readonly program: string;
  /** Named at the end of the error. */
  readonly logFile: string;
}

/** Waits until a program has printed something; the error of a program that fails instead has its last words. */
export async function waitForOutput<T>(child: ChildProcess, wait: OutputWait<T>): Promise<T> {
  const timer = new AbortController();
  let output = "";
  let complaints = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-outputLimitChars);
  });
  const found = new Promise<T>((resolve) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-outputLimitChars);
      const value = wait.find(output);
      if (value !== undefined) {
        resolve(value);
      }
    });
  });
  const failure = Promise.race([
    endOfOutput(child).then((code) => `ended with ${String(code)}`),
    delay(wait.deadlineMs, "did not start in time", { signal: timer.signal }).catch(() => "was not needed"),
  ]).then((reason): never => {
    throw new Error(`${wait.program} ${reason}: ${lastWords(output + complaints)} (log: ${wait.logFile})`);
  });
  failure.catch(() => undefined); // only the race below reports it
  try {
    return await Promise.race([found, failure]);
  } finally {
    timer.abort();
  }
}

/** Later than the exit: by then everything that was printed has arrived. */
function endOfOutput(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once("close", (code, signal) => {
      resolve(code ?? signal ?? "unknown");
    });
  });
}

/** What a program complained about, such as a port in use; else the last that it printed. */
function lastWords(output: string): string {
  const lines = output.trim().split("\n");
  const error = lines.findLast((line) => /\berror\b/i.test(line)) ?? lines.at(-1);
  return error === undefined || error === ""
    ? "it said nothing"
    : error.replace(/^\[[^\]]*\]\s+error\s+/, "");
}
