import type { BackendAIClient } from "../../../../src/api/index.js";
import { messageOf } from "../../../../src/base/errors.js";
import { silentLogger } from "../../../../src/base/logger.js";
import type { RungPreference } from "../../../../src/terminal/ladder.js";
import { RungMemory } from "../../../../src/terminal/rungMemory.js";
import { SessionTerminal, type SessionTerminalParts } from "../../../../src/terminal/sessionTerminal.js";
import type { SessionSsh } from "../../../../src/tunnel/sessionSsh.js";
import { freshSsh } from "../../tunnel/support/freshSsh.js";
import { HeadlessScreen } from "./headlessScreen.js";

/** A terminal on a screen without a window. */
export interface OpenTerminal {
  readonly terminal: SessionTerminal;
  readonly screen: HeadlessScreen;
  readonly ssh: SessionSsh;
  /** Types, as a person would. */
  type(text: string): void;
  dispose(): void;
}

/** Opens a terminal of a session the way the extension does, with another screen. */
export function openTerminal(
  client: BackendAIClient,
  sessionId: string,
  options: {
    readonly preference?: RungPreference;
    readonly memory?: RungMemory;
    readonly name?: string;
    readonly size?: { rows: number; cols: number };
    readonly parts?: Partial<SessionTerminalParts>;
  } = {},
): OpenTerminal {
  const {
    preference = "auto",
    memory = new RungMemory(),
    name = "test-1",
    size = { rows: 24, cols: 80 },
  } = options;
  const ssh = freshSsh(client, sessionId);
  const screen = new HeadlessScreen(size);
  const terminal = new SessionTerminal({
    session: { id: sessionId, name: "the session" },
    shell: { name },
    wantsOwnShell: false,
    screen,
    server: () => Promise.resolve({ client, ssh }),
    memory,
    preference: () => preference,
    keepAliveMs: () => 0,
    describe: messageOf,
    logger: silentLogger,
    ...options.parts,
  });
  screen.input = (data) => terminal.input(data);
  terminal.open(size);
  return {
    terminal,
    screen,
    ssh,
    type: (text) => terminal.input(text),
    dispose: () => {
      terminal.dispose();
      ssh.dispose();
    },
  };
}
