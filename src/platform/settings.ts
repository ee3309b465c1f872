import * as vscode from "vscode";

/** The settings as they are now, each read when it is needed. */
export const settings = {
  /** What tools for language models of the chat may do, and how much of it. */
  assistant(): {
    readonly isEnabled: boolean;
    /** Whether they start and run nothing. */
    readonly isReadOnly: boolean;
    readonly maxRunSeconds: number;
    /** Sessions that may be started while the window lives. */
    readonly maxSessions: number;
    readonly maxCallsPerMinute: number;
  } {
    const count = (name: string, otherwise: number, most: number): number => {
      const value = read<number>(`assistant.${name}`, otherwise);
      return Number.isFinite(value) ? Math.min(Math.max(Math.floor(value), 0), most) : otherwise;
    };
    return {
      // Whoever has no chat wants no tools for one.
      isEnabled:
        read<boolean>("assistant.enabled", true) &&
        !vscode.workspace.getConfiguration("chat").get<boolean>("disableAIFeatures", false),
      isReadOnly: read<boolean>("assistant.readOnly", false),
      maxRunSeconds: count("maxRunSeconds", 60, 3600),
      maxSessions: count("maxSessions", 2, 20),
      maxCallsPerMinute: count("maxCallsPerMinute", 30, 600),
    };
  },

  /** Whether code of a language is completed from the session that runs it. */
  completionEnabled(languageId: string): boolean {
    return vscode.workspace
      .getConfiguration("backendai", { languageId })
      .get<boolean>("completion.enabled", true);
  },

  /** Whether changes in sessions are looked for. */
  filesWatch(): boolean {
    return read<boolean>("files.watch", true);
  },

  /** Largest file of a session that is opened whole, in bytes. */
  filesWholeLimitBytes(): number {
    const value = read<number>("files.wholeLimitMB", 50);
    return (Number.isFinite(value) ? Math.min(Math.max(value, 1), 1000) : 50) * 1_000_000;
  },

  /** Whether ports that start to listen in a session are offered. */
  portsOffer(): boolean {
    return read<boolean>("ports.offer", true);
  },

  /** By which ways files of sessions are reached: ssh where it is there and the server's calls elsewhere, or one and no other. */
  filesConnection(): "auto" | "ssh" | "api" {
    const value = read<string>("files.connection", "auto");
    return value === "api" || value === "ssh" ? value : "auto";
  },

  /** What carries runs: the server's own runs where they are sound and ssh elsewhere, or one and no other. */
  runConnection(): "auto" | "api" | "ssh" {
    const value = read<string>("run.connection", "auto");
    return value === "api" || value === "ssh" ? value : "auto";
  },

  /** What programs see that are run over ssh: a terminal, or pipes, which tell output from errors. */
  runConsole(): "terminal" | "pipes" {
    return read<string>("run.console", "terminal") === "pipes" ? "pipes" : "terminal";
  },

  /** Whether cells have a line above them to run them. */
  runCodeLens(): boolean {
    return read<boolean>("run.codeLens", true);
  },

  /** Whether what runs say about files is shown in the Problems view. */
  runProblems(): boolean {
    return read<boolean>("run.problems", true);
  },

  /** Whether the panel of results opens by itself. */
  resultsOpen(): boolean {
    return read<boolean>("results.open", true);
  },

  /** Globs of files that do not travel with a run of a file, even where they are included. */
  runExclude(file: vscode.Uri): readonly string[] {
    return globs("run.exclude", file);
  },

  /** Globs of files that travel with a run of a file, relative to its workspace folder. */
  runInclude(file: vscode.Uri): readonly string[] {
    return globs("run.include", file);
  },

  /** Whether a server of the session is started for documents of these language ids; a language's own word counts before that of all. */
  languageServerEnabled(languageIds: readonly string[]): boolean {
    const value = read<unknown>("languageServer.enabled", false);
    return typeof value === "object" && value !== null
      ? languageIds.some((id) => Object.entries(value).some(([name, isOn]) => name === id && isOn === true))
      : value === true;
  },

  /** How long before their end sessions are told of, in minutes; 0: never. */
  idleWarningMinutes(): number {
    const value = read<number>("sessions.idleWarningMinutes", 10);
    return Number.isFinite(value) ? Math.min(Math.max(value, 0), 1440) : 10;
  },

  /** Whether the status bar tells what the session before one's eyes uses. */
  sessionsShowUsage(): boolean {
    return read<boolean>("sessions.showUsage", true);
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

function globs(name: string, file: vscode.Uri): readonly string[] {
  const value = vscode.workspace.getConfiguration("backendai", file).get<unknown>(name);
  return Array.isArray(value) ? value.filter((glob) => typeof glob === "string") : [];
}

function read<T>(name: string, otherwise: T): T {
  return vscode.workspace.getConfiguration("backendai").get<T>(name, otherwise);
}
