import { spawn } from "node:child_process";

/** How a program is run. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Given to it as its standard input. */
  readonly input?: string;
  /** Lets everybody else on the computer go first: for work of minutes. */
  readonly nice?: boolean;
}

/** How a program ended, and what it printed. */
export interface CommandResult {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Does not throw when it fails. */
export async function tryCommand(
  command: readonly string[],
  { cwd, env = {}, input = "", nice = false }: CommandOptions = {},
): Promise<CommandResult> {
  const [program = "", ...args] = nice ? ["nice", "-n", "10", ...command] : command;
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: "pipe" });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  child.stdin.on("error", () => undefined); // it ended without reading all of it
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      stderr += error.message;
      resolve(null);
    });
    child.once("close", resolve);
  });
  return { ok: code === 0, stdout, stderr };
}

/**
 * Runs a program to its end and resolves with what it printed.
 * @throws with the last lines that it printed when it fails.
 */
export async function runCommand(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { ok, stdout, stderr } = await tryCommand(command, options);
  if (!ok) {
    const last = `${stdout}\n${stderr}`.trim().split("\n").slice(-30).join("\n");
    throw new Error(`${command.slice(0, 4).join(" ")} … failed:\n${last}`);
  }
  return stdout;
}
