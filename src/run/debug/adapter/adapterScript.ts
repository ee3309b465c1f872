import { shellCommand } from "../../../base/text.js";
import { sayFunction } from "../../../tunnel/announcement.js";

/** Where debugpy is put when the image has none, relative to the home: away from every Python of the session. */
export const installFolder = ".backendai/debugpy";

/** Whose folders hold debugpy: the interpreter's own, else ours. Runs in `/`, so that no file of a person is imported. */
const finder = `
import sys, os
from importlib.util import find_spec
sys.path.append(os.path.expanduser("~/${installFolder}"))
found = find_spec("debugpy")
print(found.submodule_search_locations[0] if found else "")
`.trim();

const startScript = String.raw`
${sayFunction}
home=$(cd && pwd -P)
cd /
command -v "$1" >/dev/null 2>&1 || { say no-python; exit; }
found=$("$1" -c "$2") || { say bad-python; exit; }
[ -n "$found" ] || { say no-debugpy; exit; }
say "ready $home"
exec "$1" "$found/adapter"
`.trim();

/**
 * The command that speaks the debug adapter protocol on its input and output. First it announces `ready` with the home
 * folder, or what is missing: `no-python`, `bad-python`, `no-debugpy`.
 * @param python The interpreter, by name or path.
 */
export function startAdapterCommand(python: string): string {
  return shellCommand(startScript, "debug", python, finder);
}

/**
 * The command that runs debugpy's launcher in the terminal's place. The launcher is what ends a program that does not end with
 * its terminal, so it must not end by that itself; {@link debuggedPython} undoes this for the program.
 */
export function inTerminalCommand(
  cwd: string,
  environment: Readonly<Record<string, string>>,
  words: readonly string[],
): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const script = `cd -- "$1" && shift && trap '' HUP && exec env "$@"`;
  return shellCommand(script, "debug", cwd, ...variables, ...words);
}

/** The words by which the launcher starts the interpreter of the program: in its place, and mortal again. */
export function debuggedPython(python: string): readonly string[] {
  const script = [
    "import os, signal, sys",
    "signal.signal(signal.SIGHUP, signal.SIG_DFL)",
    "os.execv(sys.executable, [sys.executable] + sys.argv[1:])",
  ].join("; ");
  return [python, "-c", script];
}

const installScript = String.raw`
"$1" -c 'import pip' 2>/dev/null || { printf '\036backendai no-pip\036'; exit 1; }
cd /
exec env PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 "$1" -m pip install \
  --progress-bar off --no-color --retries 1 --timeout 15 --upgrade --target "$HOME/${installFolder}" debugpy
`.trim();

/** The command that puts debugpy into {@link installFolder}, in words of pip; it announces `no-pip` where there is none. */
export function installCommand(python: string): string {
  return shellCommand(installScript, "debug", python);
}
