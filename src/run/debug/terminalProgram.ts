import type { ClientChannel } from "ssh2";
import type { Disposable } from "../../base/lifecycle.js";
import { programRights, ScreenGuard } from "../../base/screen/screenGuard.js";
import { TextStream } from "../../base/textStream.js";
import { endOf, type ProgramEnd } from "../../tunnel/programEnd.js";
import type { SshConnection, TerminalSize } from "../../tunnel/sshConnection.js";
import { inTerminalCommand } from "./adapter/adapterScript.js";
import { arrayOf, recordOf, textOf } from "./dap/messages.js";

const lineFeed = 0x0a;

/** What a debugged program shows itself on, and is typed into. */
export interface ProgramScreen {
  readonly size: TerminalSize;
  print(text: string): void;
  /** Keys, sizes and the end of the screen go to `keyboard`, until it is `undefined`. */
  connect(keyboard: ProgramKeyboard | undefined): void;
}

/** The other end of a screen. */
export interface ProgramKeyboard {
  input(data: string): void;
  resize(size: TerminalSize): void;
  /** The person closed the screen. */
  close(): void;
}

/** What a program is shown on. */
export interface TerminalOptions {
  readonly screen: ProgramScreen;
  /** Told that the person closed the screen; the program may be deaf to that. */
  readonly onDidClose: () => void;
}

/** The program of an adapter's request `runInTerminal`, on a pseudo-terminal of the session, with which it ends. */
export class TerminalProgram implements Disposable {
  readonly #channel: ClientChannel;
  readonly #ended: Promise<ProgramEnd>;
  readonly #onDidClose: () => void;
  #isAtLineStart = true;

  readonly screen: ProgramScreen;

  private constructor(channel: ClientChannel, { screen, onDidClose }: TerminalOptions) {
    this.#channel = channel;
    this.screen = screen;
    this.#onDidClose = onDidClose;
    this.#ended = endOf(channel);
    void this.#ended.then(() => screen.connect(undefined));
  }

  /**
   * @param request The arguments of the request.
   * @throws {NetworkError}
   */
  static async start(
    connection: SshConnection,
    request: unknown,
    options: TerminalOptions,
  ): Promise<TerminalProgram> {
    const { cwd, env, args } = recordOf(request);
    const variables = Object.entries(recordOf(env)).map(([name, value]) => [name, String(value)]);
    const command = inTerminalCommand(
      textOf(cwd) ?? ".",
      Object.fromEntries(variables) as Record<string, string>,
      arrayOf(args).map(String),
    );
    const channel = await connection.execOnTerminal(command, options.screen.size);
    const program = new TerminalProgram(channel, options);
    program.#join();
    return program;
  }

  /** Resolves when the program has ended and all that it printed is on the screen. */
  get ended(): Promise<ProgramEnd> {
    return this.#ended;
  }

  /** Whether the program's output ended its line. */
  get isAtLineStart(): boolean {
    return this.#isAtLineStart;
  }

  dispose(): void {
    this.#channel.close();
  }

  #join(): void {
    const channel = this.#channel;
    const texts = new TextStream();
    const guard = new ScreenGuard(programRights);
    channel.on("error", () => undefined); // its end tells
    channel.on("data", (bytes: Buffer) => {
      this.#isAtLineStart = bytes.at(-1) === lineFeed;
      this.screen.print(guard.take(texts.take(bytes)));
    });
    this.screen.connect({
      input: (data) => void channel.write(data),
      resize: ({ rows, cols }) => channel.setWindow(rows, cols, 0, 0),
      close: () => {
        channel.close();
        this.#onDidClose();
      },
    });
    const { rows, cols } = this.screen.size; // it may have opened since
    channel.setWindow(rows, cols, 0, 0);
  }
}
