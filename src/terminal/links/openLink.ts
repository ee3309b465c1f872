import * as l10n from "@vscode/l10n";
import type { BackendAIClient } from "../../api/index.js";
import { abortable, deadline } from "../../base/abort.js";
import type { SessionSsh } from "../../tunnel/sessionSsh.js";
import type { ShellOptions } from "./shellScript.js";
import type { Rung, TerminalLink, TerminalSize } from "./terminalLink.js";

/** What every way in needs. */
export interface LinkRequest {
  readonly client: BackendAIClient;
  readonly sessionId: string;
  readonly ssh: SessionSsh;
  readonly shell: ShellOptions;
  readonly size: TerminalSize;
  readonly signal: AbortSignal;
  /** Longest for all of it, in milliseconds. */
  readonly limitMs?: number;
}

/** Servers that take a connection and then say nothing are left after that long, in milliseconds: another way may work. */
const usualLimitMs = 15_000;

/**
 * Opens a way into a session's terminal.
 * @throws {TimeoutError} (`start`), and what the way itself throws.
 */
export async function openLink(rung: Rung, request: LinkRequest): Promise<TerminalLink> {
  const limit = deadline(request.limitMs ?? usualLimitMs, "start", l10n.t("Opening a terminal"));
  const signal = AbortSignal.any([request.signal, limit.signal]);
  const opening = openBy(rung, { ...request, signal });
  try {
    return await abortable(opening, signal);
  } catch (error) {
    opening.then(
      (late) => late.close(),
      () => undefined,
    ); // nobody waits for it any more
    throw error;
  } finally {
    limit.clear();
  }
}

/** What a way needs beyond the others is loaded when it is first taken. */
async function openBy(rung: Rung, request: LinkRequest): Promise<TerminalLink> {
  const { client, sessionId, ssh, shell } = request;
  switch (rung) {
    case "pty": {
      const { PtyLink } = await import("./ptyLink.js");
      return PtyLink.open(client, sessionId, request);
    }
    case "ssh": {
      const { SshLink } = await import("./sshLink.js");
      return SshLink.open(ssh, shell, request);
    }
    case "ttyd": {
      const { TtydLink } = await import("./ttydLink.js");
      return TtydLink.open(client, sessionId, request);
    }
  }
}
