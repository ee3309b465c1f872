import { stripVTControlCharacters } from "node:util";
import * as l10n from "@vscode/l10n";
import type { ClientChannel } from "ssh2";
import { abortable, anySignal, deadline } from "../../../base/abort.js";
import { shorten } from "../../../base/text.js";
import { endOf } from "../../../tunnel/programEnd.js";
import type { SessionSsh, SshLease } from "../../../tunnel/sessionSsh.js";
import type { Installation } from "./languageServers.js";
import { LanguageServerInstallError } from "./serverErrors.js";
import { installServerCommand } from "./serverScripts.js";

/** How long an installer may take, in milliseconds: some compile. */
const installMs = 600_000;

/** What of its words is kept for the message, in characters. */
const saidLimit = 4 * 1024;

/** What to install, and where. */
export interface ServerInstall {
  readonly ssh: SessionSsh;
  readonly installation: Installation;
  readonly signal: AbortSignal;
  /** Told each line that the installer says. */
  readonly onLine: (line: string) => void;
}

/**
 * Has a tool of the session install a language server into the home of its user. Aborted, it is ended.
 * @throws {LanguageServerInstallError}
 * @throws {NetworkError}
 * @throws {TimeoutError} (`total`)
 */
export async function installServer({ ssh, installation, signal, onLine }: ServerInstall): Promise<void> {
  const limit = deadline(installMs, "total", l10n.t("Installing {0}", installation.name));
  const either = anySignal(signal, limit.signal);
  let lease: SshLease | undefined;
  let channel: ClientChannel | undefined;
  try {
    lease = await ssh.acquire(either);
    // A terminal ends with its channel, and what runs on it; what runs on pipes would go on.
    const size = { rows: 50, cols: 500 };
    channel = await lease.connection.execOnTerminal(installServerCommand(installation), size, either);
    const end = endOf(channel);
    const said = tellLines(channel, onLine);
    const { exitCode } = await abortable(end, either);
    if (exitCode !== 0) {
      throw new LanguageServerInstallError(failureIn(said(), installation));
    }
  } finally {
    channel?.close();
    lease?.dispose();
    limit.clear();
  }
}

/** Tells whole lines; returns the last of all that was said. */
function tellLines(channel: ClientChannel, onLine: (line: string) => void): () => string {
  const decoder = new TextDecoder();
  let said = "";
  let open = "";
  channel.on("data", (bytes: Buffer) => {
    const lines = (open + stripVTControlCharacters(decoder.decode(bytes, { stream: true }))).split(
      /\r*\n|\r/,
    );
    open = (lines.pop() ?? "").slice(-saidLimit);
    for (const line of lines.filter((text) => text.trim() !== "")) {
      said = `${said}${line}\n`.slice(-saidLimit);
      onLine(line);
    }
  });
  return () => `${said}${open}`;
}

/** What went wrong, out of what was said. */
function failureIn(said: string, { by, name }: Installation): string {
  const lines = said
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const last = lines.filter((line) => /\berror\b|not found|denied/i.test(line)).at(-1) ?? lines.at(-1);
  return last === undefined
    ? l10n.t("{0} could not install {1} in the session.", by, name)
    : l10n.t("{0} could not install {1} in the session: {2}", by, name, shorten(last, 300));
}
