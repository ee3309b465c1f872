import type { Duplex } from "node:stream";
import type { ServerChannel } from "ssh2";
import { DisposableStore, type Disposable } from "../../../base/lifecycle.js";
import { outputEnd, type ProcessHost, PtyProcess } from "../../execution/index.js";
import { ChannelOutput } from "./channelOutput.js";
import { reportEnd } from "./programEnd.js";

/** A program that a channel has started. */
export interface Program extends Disposable {
  signal(name: NodeJS.Signals): void;
  resize(rows: number, cols: number): void;
  /** The client is gone: the program loses its terminal or its pipes, and goes on as long as it can. */
  dispose(): void;
}

/** What to run on which channel. */
export interface ProgramStart {
  readonly host: ProcessHost;
  readonly channel: ServerChannel;
  /** What carries the channel. */
  readonly connection: Duplex;
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A terminal that a client asks for. */
export interface TerminalRequest {
  readonly term: string;
  readonly rows: number;
  readonly cols: number;
}

/**
 * Runs a program on a terminal of its own; its end ends the channel.
 * @throws TerminalUnavailableError
 */
export function runOnTerminal(start: ProgramStart, terminal: TerminalRequest): Program {
  const { channel } = start;
  const pty = PtyProcess.start(start.host, { ...start, ...terminal });
  const output = new ChannelOutput(channel, start.connection);
  output.flow.add(pty);
  pty.onData((bytes) => output.write("stdout", bytes));
  channel.on("data", (bytes: Buffer) => {
    if (!pty.write(bytes)) {
      channel.pause();
    }
  });
  pty.onDrain(() => channel.resume());
  void pty.exited.then(async (exitCode) => {
    channel.resume(); // what is typed after the end goes nowhere, and must not hold the end of the channel up
    await output.drained();
    reportEnd(channel, exitCode);
  });
  return {
    signal: (name) => pty.signal(name),
    resize: (rows, cols) => pty.resize(rows, cols),
    dispose: () => {
      output.end();
      pty.hangUp();
    },
  };
}

/**
 * Runs a program on pipes; its end ends the channel. What its background processes print later has no reader.
 * @throws ProcessStartError
 */
export async function runOnPipes(start: ProgramStart): Promise<Program> {
  const { channel } = start;
  const program = await start.host.start(start, { withInput: true });
  const { stdin, stdout, stderr } = program;
  const output = new ChannelOutput(channel, start.connection);
  const pipes = new DisposableStore();
  for (const [name, pipe] of [
    ["stdout", stdout],
    ["stderr", stderr],
  ] as const) {
    output.flow.add(pipe);
    pipe.on("data", (bytes: Buffer) => output.write(name, bytes));
    pipe.on("error", () => undefined);
    pipes.defer(() => pipe.destroy());
  }
  if (stdin !== undefined) {
    channel.pipe(stdin);
    // A program that does not read its input to the end: the rest goes nowhere.
    stdin.on("error", () => undefined);
    stdin.once("close", () => channel.resume());
    pipes.defer(() => stdin.destroy());
  }
  void program.exited.then(async (exitCode) => {
    await outputEnd([stdout, stderr], output.flow);
    await output.drained();
    pipes.dispose();
    reportEnd(channel, exitCode);
  });
  return {
    signal: (name) => program.signal(name),
    resize: () => undefined,
    dispose: () => {
      output.end();
      pipes.dispose();
    },
  };
}
