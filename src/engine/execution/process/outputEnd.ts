import type { Socket } from "node:net";
import type { FlowGate } from "../run/flowGate.js";

/** Silence after the main process's end that means: all it wrote has been read, a background process holds the pipe. */
const graceMs = 200;
/** More than a pipe can hold (64 KiB, at most 1 MiB): what comes after it was written by a background process. */
const pipeLimitBytes = 1024 * 1024;

/** Resolves when everything that an ended process wrote into its pipes has been read. */
export async function outputEnd(sockets: readonly Socket[], flow: FlowGate): Promise<void> {
  await Promise.all(sockets.map((socket) => socketEnd(socket, flow)));
}

async function socketEnd(socket: Socket, flow: FlowGate): Promise<void> {
  const start = socket.bytesRead;
  while (!socket.readableEnded && !socket.destroyed && socket.bytesRead - start <= pipeLimitBytes) {
    await flow.whenOpen();
    const before = socket.bytesRead;
    await endOrGrace(socket);
    if (socket.bytesRead === before && !flow.isClosed) {
      return;
    }
  }
}

function endOrGrace(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      socket.off("close", done);
      socket.off("end", done);
      resolve();
    };
    // Behind a turn of reading: where this process had no turn for longer than the grace, its timers come before what has arrived.
    const timer = setTimeout(() => setImmediate(done), graceMs);
    socket.once("close", done);
    socket.once("end", done);
    if (socket.readableEnded || socket.destroyed) {
      done();
    }
  });
}
