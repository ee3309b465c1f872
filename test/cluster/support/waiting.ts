import { connect, createServer } from "node:net";
import { abortable, deadline, delay } from "../../../src/base/abort.js";
import { during, stepSignal } from "./step.js";

/** How often it is asked. */
const pollMs = 100;

/**
 * Asks again and again until the answer is yes.
 * @throws naming what was waited for when `seconds` have passed, even if `check` never answers; or as soon as it throws.
 */
export async function waitUntil(
  what: string,
  seconds: number,
  check: () => Promise<boolean> | boolean,
): Promise<void> {
  const late = deadline(seconds * 1000, "total", what);
  const around = stepSignal();
  const signal = around === undefined ? late.signal : AbortSignal.any([late.signal, around]);
  const ask = async (): Promise<boolean> => check();
  try {
    await during(`waiting for ${what}`, async () => {
      while (!(await abortable(ask(), signal))) {
        await delay(pollMs, signal);
      }
    });
  } catch (error) {
    around?.throwIfAborted();
    throw late.signal.aborted ? new Error(`${what}: not within ${seconds} s.`, { cause: error }) : error;
  } finally {
    late.clear();
  }
}

/** Whether something listens on a port of loopback. */
export async function isPortOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: 5_000 });
    const done = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket
      .once("connect", () => done(true))
      .once("error", () => done(false))
      .once("timeout", () => done(false));
  });
}

/** Whether a server on loopback could take a port. */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Whether a web server answers well. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
