import { readdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { tryCommand } from "./runCommand.js";

/** A Python that can make virtual environments: `preferred`, one on PATH, or the newest one that pyenv has. */
export async function locatePython(python: string, preferred?: string): Promise<string | undefined> {
  const pyenv = path.join(process.env["PYENV_ROOT"] ?? path.join(os.homedir(), ".pyenv"), "versions");
  const versions = (await readdir(pyenv).catch(() => []))
    .filter((version) => version.startsWith(`${python}.`))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  const candidates = [
    preferred,
    `python${python}`,
    ...versions.map((version) => path.join(pyenv, version, "bin/python")),
  ];
  for (const candidate of candidates) {
    if (candidate !== undefined && (await runsPython(candidate, python, ["venv", "ensurepip"]))) {
      return candidate;
    }
  }
  return undefined;
}

/** Whether a program is a Python of that version with these modules. A stand-in may be on PATH without working. */
export async function runsPython(
  program: string,
  python: string,
  modules: readonly string[] = [],
): Promise<boolean> {
  const print = `import ${["sys", ...modules].join(", ")}; print('%d.%d' % sys.version_info[:2])`;
  return (await tryCommand([program, "-c", print])).stdout.trim() === python;
}

/** How to get what {@link locatePython} did not find. */
export function pythonAdvice(python: string): string {
  return (
    `CPython ${python} with venv: install python${python} and python${python}-venv where the system` +
    ` has them, else \`pyenv install ${python}\``
  );
}
