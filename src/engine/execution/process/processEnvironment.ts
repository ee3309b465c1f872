import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** The variable by which a session's processes are found again; its value is private to the engine. */
export const markerVariable = "BACKENDAI_SESSION";

/** The engine's own: its settings and keys, what its host put there for it, and the terminal that it was started in. */
const stripped =
  /^(BACKEND_|SORNA_|BACKENDAI_|_BACKEND|VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_CHANNEL_|CHROME_DESKTOP$|TMUX|SSH_|STY$)/;

const fallbackPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Tools that find their parts below the home folder, which is another one in a session. */
const toolHomes: readonly (readonly [variable: string, folder: string])[] = [
  ["RUSTUP_HOME", ".rustup"],
  ["CARGO_HOME", ".cargo"],
  ["GOPATH", "go"],
  ["GOCACHE", process.platform === "darwin" ? "Library/Caches/go-build" : ".cache/go-build"],
  ["JULIA_DEPOT_PATH", ".julia"],
];

/** What a session's environment is made of. */
export interface EnvironmentParts {
  readonly workDir: string;
  readonly marker: string;
  readonly extra: Readonly<Record<string, string>>;
}

/**
 * The environment of a session's processes: the computer's, with the session's home, without the engine's secrets.
 *
 * @param base The environment to start from; the engine's own.
 */
export function processEnvironment(parts: EnvironmentParts, base: NodeJS.ProcessEnv): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && !stripped.test(name)) {
      result[name] = value;
    }
  }
  for (const [name, folder] of toolHomes) {
    const full = path.join(homedir(), folder);
    if (result[name] === undefined && (existsSync(full) || name === "GOCACHE")) {
      result[name] = full;
    }
  }
  result["PATH"] ||= fallbackPath;
  if (!/utf-?8/i.test(result["LC_ALL"] ?? result["LC_CTYPE"] ?? result["LANG"] ?? "")) {
    delete result["LC_ALL"];
    result["LANG"] = process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8";
    result["LC_CTYPE"] = result["LANG"];
  }
  result["TERM"] = "xterm-256color";
  result["PYTHONUNBUFFERED"] = "1";
  return {
    ...result,
    ...parts.extra,
    HOME: parts.workDir,
    PWD: parts.workDir,
    [markerVariable]: parts.marker,
  };
}
