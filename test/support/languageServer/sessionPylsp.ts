import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** A name that only the module of {@link installPylsp} has. */
export const nameOnlyThere = "a_name_only_of_the_session";

/**
 * Puts the small language server into the home of a session of the local engine, as `pylsp`, with a module `only_here` that nothing
 * but its own Python can import.
 * @param home On this computer.
 * @param repository Where this project is, for tests whose code is elsewhere.
 */
export async function installPylsp(home: string, repository = process.cwd()): Promise<void> {
  const program = await readFile(path.join(repository, "test/support/languageServer/pylsp.py"));
  const bin = path.join(home, ".local", "bin");
  await mkdir(bin, { recursive: true });
  await mkdir(path.join(home, "site"), { recursive: true });
  await writeFile(path.join(home, "site", "only_here.py"), `${nameOnlyThere} = 1\n`);
  await writeFile(path.join(bin, "pylsp"), program);
  await chmod(path.join(bin, "pylsp"), 0o755);
}

/** Process ids of the servers that were started there, in order. */
export async function startedPylsps(home: string): Promise<readonly number[]> {
  const text = await readFile(path.join(home, "pylsp.pids"), "utf8").catch(() => "");
  return text.split("\n").filter(Boolean).map(Number);
}

/** Whether a process of this computer is there. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
