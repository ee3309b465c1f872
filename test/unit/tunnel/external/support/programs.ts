import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { createHash } from "node:crypto";

/** Skips every test of a `describe` where one of these programs is missing, and says which. */
export function needPrograms(...programs: readonly string[]): void {
  const missing = programs.filter((program) => spawnSync(program, ["-h"]).error !== undefined);
  before(function () {
    if (missing.length > 0) {
      console.log(`      skipped: no ${missing.join(", ")} on this computer`);
      this.skip();
    }
  });
}

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run one. */
export interface RunOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end. */
export async function run(
  [program, ...words]: readonly [string, ...string[]],
  { input = "", env = process.env }: RunOptions = {},
): Promise<Ended> {
  const child = spawn(program, words, { env });
  child.stdin.on("error", () => undefined); // it may end without reading
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** Runs a program on bytes, and gives the hash of the bytes that it answered. */
export async function hashThrough(
  [program, ...words]: readonly [string, ...string[]],
  bytes: Buffer,
): Promise<{ readonly code: number | null; readonly hash: string }> {
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
  const hash = createHash("sha256");
  child.stdout.on("data", (chunk: Buffer) => hash.update(chunk));
  child.stdin.end(bytes);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, hash: hash.digest("hex") };
}

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
