import type { BackendAIClient } from "../../api/index.js";
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
}

/** Opens a way into a session's terminal. What a way needs beyond the others is loaded when it is first taken. */
export async function openLink(rung: Rung, request: LinkRequest): Promise<TerminalLink> {
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
