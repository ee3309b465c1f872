import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { DisposableStore } from "../../../base/lifecycle.js";
import { outputEnd } from "../process/outputEnd.js";
import type { ProcessHost } from "../process/processHost.js";
import type { Command, SessionProcess } from "../process/sessionProcess.js";
import { FlowGate } from "../run/flowGate.js";
import { BarrierMerge, type MergeSink } from "./barrierMerge.js";
import {
  type DirectEvent,
  parseRunnerEvent,
  type RunnerCommand,
  type RunnerEvent,
} from "./runnerMessages.js";

const lineEnd = 0x0a;
/** The longest message of a runner, in characters; a picture has to fit. */
const messageLimitChars = 128 * 1024 * 1024;

/** Who listens to a runner. */
export interface RunnerSink extends MergeSink {
  direct(event: DirectEvent): void;
}

/** One living runner: its process, its channel, and its output in order. */
export class RunnerProcess {
  readonly #process: SessionProcess;
  readonly #control: Duplex;
  readonly #merge: BarrierMerge;
  readonly #sink: RunnerSink;
  #gate = new FlowGate();
  #exitCode: number | undefined;
  /** Resolves to the exit code when the process has ended and all that it printed has been handed out. */
  readonly ended: Promise<number>;

  private constructor(process: SessionProcess, control: Duplex, sink: RunnerSink) {
    const token = randomBytes(8).toString("hex");
    this.#process = process;
    this.#control = control;
    this.#sink = sink;
    this.#merge = new BarrierMerge(token, sink);
    this.#read("stdout", process.stdout);
    this.#read("stderr", process.stderr);
    this.#readControl();
    this.ended = this.#untilEnded();
    this.send({ op: "hello", token });
  }

  /** @throws ProcessStartError */
  static async start(host: ProcessHost, command: Command, sink: RunnerSink): Promise<RunnerProcess> {
    const process = await host.start(command, { withControl: true });
    const { control } = process;
    if (control === undefined) {
      throw new TypeError("a runner was started without a control channel");
    }
    return new RunnerProcess(process, control, sink);
  }

  /** What {@link ended} has resolved to, if it has. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  send(command: RunnerCommand): void {
    if (this.#control.writable) {
      this.#control.write(`${JSON.stringify(command)}\n`);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.signal(signal);
  }

  /** Lets a run's gate hold the runner's output; disposing the result lets it flow again. */
  joinFlow(gate: FlowGate): DisposableStore {
    const joined = new DisposableStore();
    this.#gate = gate;
    for (const source of [this.#process.stdout, this.#process.stderr, this.#control]) {
      joined.add(gate.add(source));
    }
    joined.defer(() => {
      this.#gate = new FlowGate();
    });
    return joined;
  }

  #read(name: "stdout" | "stderr", socket: Socket): void {
    socket.on("data", (chunk: Buffer) => this.#merge.write(name, chunk));
    socket.once("end", () => this.#merge.end(name));
    socket.on("error", () => undefined);
  }

  #readControl(): void {
    const decoder = new StringDecoder("utf8");
    let parts: string[] = [];
    let held = 0;
    this.#control.on("data", (chunk: Buffer) => {
      parts.push(decoder.write(chunk));
      held += chunk.length;
      if (chunk.includes(lineEnd)) {
        const lines = parts.join("").split("\n");
        parts = [lines.pop() ?? ""];
        held = parts[0]?.length ?? 0;
        lines.forEach((line) => this.#receive(line));
      } else if (held > messageLimitChars) {
        this.signal("SIGKILL");
      }
    });
    // The end of the process tells more than the end of its channel.
    this.#control.on("error", () => undefined);
  }

  /** A program can write into its runner's channel; then the runner can't be trusted any more and ends. */
  #receive(line: string): void {
    let event: RunnerEvent;
    try {
      event = parseRunnerEvent(line);
    } catch {
      this.signal("SIGKILL");
      return;
    }
    if ("mark" in event) {
      this.#merge.event(event);
    } else {
      this.#sink.direct(event);
    }
  }

  async #untilEnded(): Promise<number> {
    const exitCode = await this.#process.exited;
    await outputEnd([this.#process.stdout, this.#process.stderr], this.#gate);
    this.#merge.end("stdout");
    this.#merge.end("stderr");
    this.#exitCode = exitCode;
    return exitCode;
  }
}
