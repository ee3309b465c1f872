import * as vscode from "vscode";

/** The settings as they are now, each read when it is needed. */
export const settings = {
  /** Whether ports that start to listen in a session are offered. */
  portsOffer(): boolean {
    return read<boolean>("ports.offer", true);
  },

  /** Whether the panel of results opens by itself. */
  resultsOpen(): boolean {
    return read<boolean>("results.open", true);
  },

  /** By which way terminals reach a session: the best that works, or one and no other. */
  terminalConnection(): "auto" | "pty" | "ssh" | "ttyd" {
    const value = read<string>("terminal.connection", "auto");
    return value === "pty" || value === "ssh" || value === "ttyd" ? value : "auto";
  },

  /** Seconds between pings of an idle terminal; 0: none. */
  terminalKeepAliveSeconds(): number {
    const value = read<number>("terminal.keepAliveSeconds", 30);
    return Number.isFinite(value) && value > 0 ? Math.max(5, value) : 0;
  },

  /** Whether terminals come back with the window. */
  terminalRestore(): boolean {
    return read<boolean>("terminal.restore", true);
  },
};

function read<T>(name: string, otherwise: T): T {
  return vscode.workspace.getConfiguration("backendai").get<T>(name, otherwise);
}
