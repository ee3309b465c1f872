import { spawn } from "node:child_process";
import path from "node:path";

/** npm's complaints can run to megabytes; the cause is near the top. */
const errorLimitChars = 4_000;

/** How to run npm on the Node that VS Code will run on, rather than on ours. */
export interface NpmOptions {
  readonly cwd: string;
  /** Folder of the Node package: `bin/node` and the headers that native modules compile against. */
  readonly nodeRoot: string;
  readonly signal?: AbortSignal | undefined;
}

/** Runs npm quietly to its end; rejects with what it complained about. */
export function npm(args: readonly string[], { cwd, nodeRoot, signal }: NpmOptions): Promise<void> {
  const env = {
    ...process.env,
    PATH: path.join(nodeRoot, "bin") + path.delimiter + (process.env["PATH"] ?? ""),
    // Wins over a `nodedir` in the user's own configuration, whose headers would not match.
    npm_config_nodedir: nodeRoot,
    npm_config_engine_strict: "false",
    npm_config_loglevel: "error",
  };
  return new Promise((resolve, reject) => {
    const child = spawn("npm", args, { cwd, env, signal, stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(0, errorLimitChars);
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`npm ${args.join(" ")} failed (${String(code)}):\n${errors}`));
      }
    });
  });
}
