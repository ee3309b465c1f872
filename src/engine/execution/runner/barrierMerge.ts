import { Utf8Stream } from "../process/outputReader.js";
import { MarkerScanner, type Segment } from "./markerScanner.js";
import type { OrderedEvent } from "./runnerMessages.js";

/** Where the merged output goes, in the order in which it was made. */
export interface MergeSink {
  text(stream: "stdout" | "stderr", text: string): void;
  event(event: OrderedEvent): void;
}

class MarkedStream {
  readonly #name: "stdout" | "stderr";
  readonly #scanner: MarkerScanner;
  readonly #decoder = new Utf8Stream();
  readonly #queue: Segment[] = [];
  #isEnded = false;

  constructor(name: "stdout" | "stderr", token: string) {
    this.#name = name;
    this.#scanner = new MarkerScanner(token);
  }

  write(chunk: Buffer): void {
    this.#queue.push(...this.#scanner.write(chunk));
  }

  end(): void {
    this.#queue.push(...this.#scanner.end());
    this.#isEnded = true;
  }

  /** Hands out the text up to the next marker. */
  drain(sink: MergeSink): void {
    for (let head = this.#queue[0]; head?.kind === "bytes"; head = this.#queue[0]) {
      this.#queue.shift();
      sink.text(this.#name, this.#decoder.write(head.bytes));
    }
    if (this.#isEnded && this.#queue.length === 0) {
      sink.text(this.#name, this.#decoder.end());
    }
  }

  /** Whether everything before `mark` has been handed out. */
  isAt(mark: number): boolean {
    const head = this.#queue[0];
    return head === undefined ? this.#isEnded : head.kind === "mark" && head.mark === mark;
  }

  pass(): void {
    this.#queue.shift();
  }
}

/**
 * Puts the two output streams and the control channel of a runner back into one order. The runner writes a marker into both
 * streams and then its control line; each stream is held at its marker until both markers and the line are there.
 */
export class BarrierMerge {
  readonly #streams: { readonly stdout: MarkedStream; readonly stderr: MarkedStream };
  readonly #events: OrderedEvent[] = [];
  readonly #sink: MergeSink;

  constructor(token: string, sink: MergeSink) {
    this.#streams = { stdout: new MarkedStream("stdout", token), stderr: new MarkedStream("stderr", token) };
    this.#sink = sink;
  }

  write(stream: "stdout" | "stderr", chunk: Buffer): void {
    this.#streams[stream].write(chunk);
    this.#advance();
  }

  end(stream: "stdout" | "stderr"): void {
    this.#streams[stream].end();
    this.#advance();
  }

  event(event: OrderedEvent): void {
    this.#events.push(event);
    this.#advance();
  }

  #advance(): void {
    const { stdout, stderr } = this.#streams;
    for (;;) {
      stdout.drain(this.#sink);
      stderr.drain(this.#sink);
      const event = this.#events[0];
      if (event === undefined || !stdout.isAt(event.mark) || !stderr.isAt(event.mark)) {
        return;
      }
      this.#events.shift();
      stdout.pass();
      stderr.pass();
      this.#sink.event(event);
    }
  }
}
