import { closeSync, constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { InputPipe } from "./inputPipe.js";
import type { PipeStock } from "./pipeStock.js";

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
 * on those, which shell scripts do. They are named ones; the names of those for output are removed at once.
 */
export async function openProcessPipes(stock: PipeStock, withInput: boolean): Promise<ProcessPipes> {
  const [outName = "", errName = "", inputName] = await stock.take(withInput ? 3 : 2);
  try {
    const [stdout, outEnd] = openPipe(outName);
    const [stderr, errEnd] = openPipe(errName);
    const input = inputName === undefined ? undefined : new InputPipe(inputName);
    const childEnds = [input?.childEnd ?? "ignore", outEnd, errEnd] as const;
    return { input, stdout, stderr, childEnds, closeChildEnds: () => childEnds.forEach(closeEnd) };
  } finally {
    [outName, errName].forEach((name) => rmSync(name, { force: true }));
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
