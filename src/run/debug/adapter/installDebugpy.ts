import * as l10n from "@vscode/l10n";
import { stripVTControlCharacters } from "node:util";
import type { ClientChannel } from "ssh2";
import { abortable, deadline } from "../../../base/abort.js";
import { shorten } from "../../../base/text.js";
import { announcement } from "../../../tunnel/announcement.js";
import { endOf } from "../../../tunnel/programEnd.js";
import type { SshConnection } from "../../../tunnel/sshConnection.js";
import { installCommand } from "./adapterScript.js";
import { DebugpyInstallError } from "./debugErrors.js";

/** How long pip may take, in milliseconds: a few megabytes, through a slow mirror. */
const installMs = 180_000;

/** What of pip's words is kept for the message, in characters. */
const outputLimit = 16 * 1024;

/** Pip's words, of several releases, for an index that does not answer. */
const outOfReach =
  /NewConnectionError|Failed to establish|name resolution|Network is unreachable|Connection refused|ConnectTimeout|ReadTimeout|Read timed out|ProxyError|SSLError|No matching distribution/i;

/** How to install. */
export interface InstallOptions {
  readonly connection: SshConnection;
  /** The interpreter whose pip is asked, and which debugpy is for. */
  readonly python: string;
  readonly signal: AbortSignal;
  /** Told each line that pip says. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Has the session's pip install debugpy into a folder of its home, of which no other program knows. Aborted, it is ended.
 * @throws {DebugpyInstallError}
 * @throws {NetworkError}
 * @throws {TimeoutError} (`total`)
 */
export async function installDebugpy({
  connection,
  python,
  signal,
  onProgress,
}: InstallOptions): Promise<void> {
  const limit = deadline(installMs, "total", l10n.t("Installing debugpy"));
  const either = AbortSignal.any([signal, limit.signal]);
  // A terminal ends with its channel, and what runs on it; what runs on pipes would go on.
  const size = { rows: 50, cols: 500 };
  let channel: ClientChannel | undefined;
  try {
    channel = await connection.execOnTerminal(installCommand(python), size, either);
    const end = endOf(channel);
    let said = "";
    channel.on("data", (bytes: Buffer) => {
      const text = stripVTControlCharacters(bytes.toString());
      said = (said + text).slice(-outputLimit);
      const line = text
        .trim()
        .split(/\s*\n\s*/)
        .at(-1);
      if (line) {
        onProgress?.(shorten(line, 100));
      }
    });
    const { exitCode } = await abortable(end, either);
    if (exitCode !== 0) {
      throw new DebugpyInstallError(failureIn(said, python));
    }
  } finally {
    channel?.close();
    limit.clear();
  }
}

/** What went wrong, out of what was said. */
export function failureIn(said: string, python: string): string {
  if (said.includes(`${announcement.start}no-pip${announcement.end}`)) {
    return l10n.t(
      "{0} of this session has no pip, so debugpy can't be installed. Choose an image that has debugpy (Jupyter's kernel brings it) or pip.",
      python,
    );
  }
  if (outOfReach.test(said)) {
    return l10n.t(
      "debugpy could not be installed: the package index can't be reached from the session. Choose an image that has debugpy (Jupyter's kernel brings it), or name an index that can be reached in the session's pip settings.",
    );
  }
  const lines = said.split(/\r?\n/).map((line) => line.trim());
  const errors = lines.filter((line) => /^error/i.test(line));
  const last = errors.at(-1) ?? lines.filter((line) => line !== "").at(-1);
  return last === undefined
    ? l10n.t("debugpy could not be installed.")
    : l10n.t("debugpy could not be installed: {0}", shorten(last, 300));
}
