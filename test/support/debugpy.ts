import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The package index answers in seconds, or hardly at all. */
const pipMs = 90_000;

/** Gets debugpy into `folder`; returns why that did not work, or `undefined`. */
export async function installForTests(folder: string): Promise<string | undefined> {
  return pip("install", "--target", folder);
}

/** Why this computer's Python can't get debugpy; `undefined` when it can. `folder` is for what comes down meanwhile. */
export async function whyNoDebugpy(folder: string): Promise<string | undefined> {
  return pip("download", "--no-deps", "--dest", folder);
}

async function pip(verb: string, ...options: readonly string[]): Promise<string | undefined> {
  const words = ["-m", "pip", verb, "--quiet", "--retries", "1", "--timeout", "15", ...options, "debugpy"];
  try {
    await run("python3", words, { timeout: pipMs });
    return undefined;
  } catch (error) {
    return `this computer's Python can't get debugpy: ${String(error).split("\n").slice(0, 2).join(" ")}`;
  }
}
