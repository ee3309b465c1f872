import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { InputPipe } from "./inputPipe.js";

const run = promisify(execFile);

/** The standard streams of a process to be started. */
export interface ProcessPipes {
  readonly input: InputPipe | undefined;
  readonly stdout: Socket;
  readonly stderr: Socket;
  /** The ends for the child, as `spawn` takes them: file descriptors to be inherited. */
  readonly childEnds: readonly [number | "ignore", number, number];
  /** To be called once the child has them; without it the readers never end. */
  closeChildEnds(): void;
}

/**
 * Opens real pipes. What `spawn` would make are socket pairs, and a program can't open `/dev/stdout` or `/dev/stderr`
 * on those, which shell scripts do. Node has no call for a pipe, so named ones are made; those for output are unlinked at once.
 */
export async function openProcessPipes(stateDir: string, withInput: boolean): Promise<ProcessPipes> {
  const stem = path.join(stateDir, `pipe-${randomBytes(6).toString("hex")}`);
  const outputs = [`${stem}.out`, `${stem}.err`] as const;
  const inputName = `${stem}.in`;
  try {
    await run("mkfifo", ["-m", "600", ...outputs, ...(withInput ? [inputName] : [])]);
    const [stdout, outEnd] = openPipe(outputs[0]);
    const [stderr, errEnd] = openPipe(outputs[1]);
    const input = withInput ? new InputPipe(inputName) : undefined;
    const childEnds = [input?.childEnd ?? "ignore", outEnd, errEnd] as const;
    return { input, stdout, stderr, childEnds, closeChildEnds: () => childEnds.forEach(closeEnd) };
  } finally {
    outputs.forEach((name) => rmSync(name, { force: true }));
  }
}

function closeEnd(end: number | "ignore"): void {
  if (end !== "ignore") {
    closeSync(end);
  }
}

function openPipe(name: string): [Socket, number] {
  // The reading end first and without waiting; then the writing end opens at once.
  const readEnd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(name, constants.O_WRONLY);
  return [new Socket({ fd: readEnd, readable: true, writable: false }), writeEnd];
}
