import type { BackendAIClient } from "../../../src/api/index.js";
import type { TerminalScreen } from "../../../src/terminal/sessionTerminal.js";
import type { TerminalState } from "../../../src/terminal/terminalState.js";
import type { SessionSsh } from "../../../src/tunnel/sessionSsh.js";
import { makeTerminal } from "../../unit/terminal/support/headlessScreen.js";
import { freshSsh } from "../../unit/tunnel/support/freshSsh.js";
import { openTerminal, type OpenTerminal } from "../../unit/terminal/support/openTerminal.js";
import type { TerminalEnd, Way } from "./terminalEnd.js";

/** What a screen is asked now and then, and what it answers once all before it is drawn. */
const question = "\x1b[?7411$p";
const answer = "\x1b[?7411;0$y";

/** How to open a terminal of ours. */
export interface OurOptions {
  readonly way: Way;
  readonly name: string;
  readonly shared?: SessionSsh;
  /** Whether output counts when it is drawn, by what VS Code draws with, rather than at once. */
  readonly isDrawn?: boolean;
}

/** The extension's terminal, whole. */
export async function openOurs(
  client: BackendAIClient,
  sessionId: string,
  { way, name, shared, isDrawn = false }: OurOptions,
): Promise<TerminalEnd> {
  const ssh = shared ?? freshSsh(client, sessionId);
  const drawn = isDrawn ? makeTerminal({ scrollback: 1000 }) : undefined;
  drawn?.onData((data) => opened?.type(data));
  let opened: OpenTerminal | undefined;
  let said = "";
  const screen: TerminalScreen = {
    write: (text) => {
      said = text;
      if (drawn) {
        drawn.write(text, () => end.onOutput(text));
        return;
      }
      end.onOutput(text);
      if (text.includes(question)) {
        opened?.type(answer);
      }
    },
    setTitle: () => undefined,
    finish: () => undefined,
  };
  const end: TerminalEnd = {
    type: (text) => opened?.type(text),
    onOutput: () => undefined,
    close: () => {
      opened?.dispose();
      if (shared === undefined) {
        ssh.dispose();
      }
      return Promise.resolve();
    },
  };
  await new Promise<void>((resolve, reject) => {
    const onDidChange = ({ phase }: TerminalState): void => {
      if (phase === "open") {
        resolve();
      } else if (phase === "closed") {
        reject(new Error(said.replace(/\x1b\[[^m]*m/g, "").trim()));
      }
    };
    opened = openTerminal(client, sessionId, {
      preference: way === "ssh, plain" ? "ssh" : way,
      name,
      parts: {
        screen,
        onDidChange,
        server: () => Promise.resolve({ client, ssh: way === "ssh, plain" ? withoutTmux(ssh) : ssh }),
      },
    });
  });
  return end;
}

/** The same, in a session that has no tmux. */
function withoutTmux(ssh: SessionSsh): SessionSsh {
  const acquire: SessionSsh["acquire"] = async (signal) => {
    const lease = await ssh.acquire(signal);
    const { connection } = lease;
    const plain = {
      isOpen: connection.isOpen,
      delivered: async (ms: number) => connection.delivered(ms),
      taken: async (ms: number) => connection.taken(ms),
      execOnTerminal: async (command: string, size: { rows: number; cols: number }) =>
        connection.execOnTerminal(
          command.replaceAll("command -v tmux", "false").replaceAll("/opt/kernel/tmux", "/none"),
          size,
        ),
    };
    return { ...lease, connection: plain as unknown as typeof connection };
  };
  return { acquire } as unknown as SessionSsh;
}
