import { spawn } from "node:child_process";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { extensionRoot, resultsRoot } from "../../test/host/paths.js";
import { endProcessGroup, exitOf } from "../../test/host/server/processGroup.js";
import { independentEnvironment } from "../../test/host/server/profile.js";
import { waitForOutput } from "../../test/host/server/waitForOutput.js";

const deadlineMs = 30_000;

/** What the engine prints when it serves; a client needs all of it. */
const variables = [
  "BACKEND_ENDPOINT",
  "BACKEND_ENDPOINT_TYPE",
  "BACKEND_ACCESS_KEY",
  "BACKEND_SECRET_KEY",
] as const;

/** A local engine that serves. Whoever started it stops it; that removes its data. */
export interface RunningEngine {
  /** The variables with which clients find it and sign in. */
  readonly env: Readonly<Record<(typeof variables)[number], string>>;
  /** Its process. */
  readonly pid: number;
  /** What it writes to its standard error. */
  readonly logFile: string;
  /** Resolves with the exit code or signal when it ends, by whatever cause. */
  readonly exited: Promise<number | string>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the built local engine on a free port, with data of its own that lasts as long as it runs. It watches its
 * standard input, so it also ends when whoever started it is killed outright.
 * @param secrets Variables of it alone, such as `BACKENDAI_ENGINE_PASSWORD`: everybody can read arguments.
 */
export async function startEngine(
  extraArguments: readonly string[] = [],
  nodeArguments: readonly string[] = [],
  secrets: Readonly<Record<string, string>> = {},
): Promise<RunningEngine> {
  const file = path.join(extensionRoot, "dist/engine.cjs");
  if (!existsSync(file)) {
    throw new Error(`The engine is not built: ${file} is missing.`);
  }
  await mkdir(resultsRoot, { recursive: true });
  const logFile = path.join(resultsRoot, "engine.log");
  const child = spawn(
    process.execPath,
    [...nodeArguments, file, "--port", "0", "--stdin-owner", ...extraArguments],
    {
      env: independentEnvironment(secrets),
      stdio: ["pipe", "pipe", "pipe"],
      detached: true, // so that Ctrl+C reaches it through us, after VS Code has ended
    },
  );
  const exited = exitOf(child);
  const log = createWriteStream(logFile);
  child.stderr.pipe(log);
  const stop = (): Promise<void> => endProcessGroup(child);
  try {
    const program = "The local engine";
    const env = await waitForOutput(child, { find: parseExports, deadlineMs, program, logFile });
    return { env, pid: child.pid ?? 0, logFile, exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Reads whole `export NAME=value` lines, the value quoted for a shell or not; undefined until all are there. */
function parseExports(output: string): RunningEngine["env"] | undefined {
  const lines = output.matchAll(/^export (\w+)=(["']?)(.*)\2\r?\n/gm);
  const found = new Map(Array.from(lines, ([, name = "", , value = ""]) => [name, value]));
  const [endpoint, type, accessKey, secretKey] = variables.map((name) => found.get(name));
  if (endpoint === undefined || type === undefined || accessKey === undefined || secretKey === undefined) {
    return undefined;
  }
  return {
    BACKEND_ENDPOINT: endpoint,
    BACKEND_ENDPOINT_TYPE: type,
    BACKEND_ACCESS_KEY: accessKey,
    BACKEND_SECRET_KEY: secretKey,
  };
}
