import { closeSync, constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";

/** How soon after the end of the input a late opener is let in, and how rarely it gets later; milliseconds. */
const [firstWakeMs, lastWakeMs] = [5, 1000];

/**
 * The input of a process: a named pipe, as its outputs are. On Linux `/dev/stdin` opens such a pipe anew, and that waits for
 * a writer; when the input has ended by then there is none, so one shows up for a moment every now and then.
 */
export class InputPipe {
  readonly stream: Socket;
  /** The child's end, to be inherited and closed here. */
  readonly childEnd: number;
  readonly #name: string;
  #timer: NodeJS.Timeout | undefined;

  /** @param name Of a named pipe, which is this object's from here on. */
  constructor(name: string) {
    // The child's end waits as programs expect of their input; ours does not. Each opens at once because the other is there.
    const first = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
    const writeEnd = openSync(name, constants.O_WRONLY | constants.O_NONBLOCK);
    this.childEnd = openSync(name, constants.O_RDONLY);
    closeSync(first);
    this.#name = name;
    this.stream = new Socket({ fd: writeEnd, readable: false, writable: true });
    if (process.platform === "linux") {
      this.stream.once("close", () => this.#wakeOpeners(firstWakeMs));
    }
  }

  /** To be called when the process has ended, or did not start. */
  dispose(): void {
    this.stream.removeAllListeners("close");
    this.stream.destroy();
    clearTimeout(this.#timer);
    rmSync(this.#name, { force: true });
  }

  #wakeOpeners(delayMs: number): void {
    this.#timer = setTimeout(() => {
      try {
        closeSync(openSync(this.#name, constants.O_WRONLY | constants.O_NONBLOCK));
        this.#wakeOpeners(Math.min(delayMs * 2, lastWakeMs));
      } catch {
        // No process has the other end any more.
      }
    }, delayMs);
    this.#timer.unref();
  }
}
