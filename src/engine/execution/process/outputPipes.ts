import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Standard output and error of a process to be started. */
export interface OutputPipes {
  readonly stdout: Socket;
  readonly stderr: Socket;
  /** The ends for the child: file descriptors to be inherited. */
  readonly childEnds: readonly [number, number];
  /** To be called once the child has them; without it the readers never end. */
  closeChildEnds(): void;
}

/**
 * Opens two real pipes. What `spawn` would make are socket pairs, and a program can't open `/dev/stdout` or `/dev/stderr`
 * on those, which shell scripts do. Node has no call for a pipe, so named ones are made and unlinked at once.
 */
export async function openOutputPipes(stateDir: string): Promise<OutputPipes> {
  const stem = path.join(stateDir, `pipe-${randomBytes(6).toString("hex")}`);
  const names = [`${stem}.out`, `${stem}.err`] as const;
  try {
    await run("mkfifo", ["-m", "600", ...names]);
    const [stdout, outEnd] = openPipe(names[0]);
    const [stderr, errEnd] = openPipe(names[1]);
    const childEnds = [outEnd, errEnd] as const;
    return { stdout, stderr, childEnds, closeChildEnds: () => childEnds.forEach((fd) => closeSync(fd)) };
  } finally {
    names.forEach((name) => rmSync(name, { force: true }));
  }
}

function openPipe(name: string): [Socket, number] {
  // The reading end first and without waiting; then the writing end opens at once.
  const readEnd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(name, constants.O_WRONLY);
  return [new Socket({ fd: readEnd, readable: true, writable: false }), writeEnd];
}
