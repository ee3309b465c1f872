import path from "node:path";
import { debuggedPython } from "./adapter/adapterScript.js";
import { arrayOf, recordOf, textOf } from "./dap/messages.js";

/** The interpreter of a session when the configuration names none. */
export const defaultPython = "python3";

/** Which folder here is which in the session. */
export interface FolderPair {
  /** As VS Code writes paths of this computer. */
  readonly local: string;
  /** Absolute, with `/`. */
  readonly remote: string;
}

/** What a launch is about. */
export interface Launch {
  /** The attributes of the configuration, as VS Code resolved them. */
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly folders: FolderPair;
  /** The program's place, relative to the session's home. */
  readonly remotePath: string;
  /** The system of this computer: `win32`, `linux`, … */
  readonly platform: NodeJS.Platform;
}

/**
 * The arguments of debugpy's `launch`: the configuration's own, with what is of this computer put in terms of the session.
 * Attributes that we do not know (`django`, `rules`, …) go on to debugpy.
 */
export function launchArguments(launch: Launch): Readonly<Record<string, unknown>> {
  const { configuration, folders, remotePath, platform } = launch;
  const home = folders.remote;
  const own = Object.fromEntries(Object.entries(configuration).filter(([name]) => name !== "session"));
  return {
    // Otherwise child processes would be debugged, each on a thread of its own: VS Code is asked for a session a child.
    subProcess: false,
    justMyCode: true,
    showReturnValue: true,
    ...own,
    request: "launch",
    program: path.posix.join(home, remotePath),
    args: arrayOf(own["args"]).map(String),
    env: recordOf(own["env"]),
    cwd: path.posix.resolve(home, textOf(own["cwd"]) ?? "."),
    python: debuggedPython(pythonOf(configuration)),
    console: consoleOf(configuration),
    consoleTitle: path.posix.basename(remotePath),
    pathMappings: [...arrayOf(own["pathMappings"]), { localRoot: folders.local, remoteRoot: home }],
    clientOS: platform === "win32" ? "windows" : "unix",
  };
}

/** The interpreter that a configuration names. */
export function pythonOf(configuration: Readonly<Record<string, unknown>>): string {
  return textOf(configuration["python"]) ?? defaultPython;
}

/** Where the program's output and input are. */
export function consoleOf(
  configuration: Readonly<Record<string, unknown>>,
): "integratedTerminal" | "internalConsole" {
  return configuration["console"] === "internalConsole" ? "internalConsole" : "integratedTerminal";
}
