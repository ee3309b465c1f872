import { type JobStatus, parseStatus } from "./jobStatus.js";

/** Bytes of the line about a job; more without an end of it are something else. */
const lineLimitBytes = 256;

const lineFeed = 0x0a;

/** Takes the line about a job off the front of its output, however both come. */
export class StatusHead {
  #line: Uint8Array = new Uint8Array();
  #isOver = false;
  #status: JobStatus | undefined;

  /** What the line says; `undefined` until it is there, and for good when what came is no such line. */
  get status(): JobStatus | undefined {
    return this.#status;
  }

  /** The output among the next bytes; nothing of what has no line in front of it. */
  take(bytes: Uint8Array): Uint8Array {
    if (this.#isOver) {
      return this.#status === undefined ? bytes.subarray(bytes.length) : bytes;
    }
    const all = Buffer.concat([this.#line, bytes]);
    const end = all.indexOf(lineFeed);
    this.#isOver = end !== -1 || all.length > lineLimitBytes;
    this.#line = all;
    if (end === -1) {
      return bytes.subarray(bytes.length);
    }
    this.#status = parseStatus(all.toString("latin1", 0, end));
    return this.#status === undefined ? bytes.subarray(bytes.length) : all.subarray(end + 1);
  }
}
