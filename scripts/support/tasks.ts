import { spawn } from "node:child_process";
import path from "node:path";
import { extensionRoot } from "../../test/host/paths.js";

/** How a command ended. */
export interface Ended {
  readonly ok: boolean;
  readonly seconds: number;
  /** What it printed, when it was asked to be quiet. */
  readonly output: string;
}

/** Runs a program of `node_modules/.bin`, or `node`, in the repository. */
export async function runTool(
  [tool = "", ...args]: readonly string[],
  {
    quiet = false,
    env = {},
  }: { readonly quiet?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const startedAt = performance.now();
  const program = tool === "node" ? process.execPath : path.join(extensionRoot, "node_modules", ".bin", tool);
  const child = spawn(program, args, {
    cwd: extensionRoot,
    env: { ...process.env, ...env },
    stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
  });
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      output += error.message;
      resolve(1);
    });
    child.once("close", resolve);
  });
  return { ok: code === 0, seconds: (performance.now() - startedAt) / 1000, output };
}
