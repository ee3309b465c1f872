import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The package index answers in seconds, or hardly at all. */
const pipMs = 90_000;

/** Gets a Python package into `folder`; returns why that did not work, or `undefined`. */
export async function installForTests(name: string, folder: string): Promise<string | undefined> {
  return pip(name, "install", "--target", folder);
}

/** Why this computer's Python can't get a package; `undefined` when it can. `folder` is for what comes down meanwhile. */
export async function whyNoPackage(name: string, folder: string): Promise<string | undefined> {
  return pip(name, "download", "--no-deps", "--dest", folder);
}

async function pip(name: string, verb: string, ...options: readonly string[]): Promise<string | undefined> {
  const words = ["-m", "pip", verb, "--quiet", "--retries", "1", "--timeout", "15", ...options, name];
  try {
    await run("python3", words, { timeout: pipMs });
    return undefined;
  } catch (error) {
    return `this computer's Python can't get ${name}: ${String(error).split("\n").slice(0, 2).join(" ")}`;
  }
}
