import { shellCommand, shellQuote } from "../../../base/text.js";
import { sayFunction } from "../../../tunnel/announcement.js";
import type { Installation, Installer, ServedLanguage } from "./languageServers.js";

/** Where tools of a person put their programs, which not every image has on its path. */
const searchPath = `PATH="$PATH:$HOME/.local/bin:$HOME/.cargo/bin:$HOME/go/bin:/usr/local/go/bin"; export PATH`;

/** The variable by which the session knows a server that we started. */
export const markName = "BACKENDAI_LANGUAGE_SERVER";

/** Where `npm` puts programs of a person. */
const npmPrefix = `"$HOME/.local"`;

const installerProbes: Readonly<Record<Installer, string>> = {
  pip: "python3 -m pip --version",
  npm: "command -v npm",
  go: "command -v go",
  rustup: "command -v rustup",
  R: "command -v R",
  julia: "command -v julia",
};

/**
 * The command that becomes the first server that the session has for a language, with its input and output. First it announces
 * `ready <index> <process id> <home>`, or `missing <installers that are there>`. It runs in `/`: no file of a person is imported by it.
 * @param mark What the process is known by in its environment: letters, digits and `-`.
 */
export function startServerCommand(language: ServedLanguage, mark: string): string {
  const { servers } = language;
  const installers = new Set(servers.flatMap(({ installation }) => installation?.by ?? []));
  const script = [
    sayFunction,
    "home=$(cd && pwd -P)",
    searchPath,
    "cd /",
    ...servers.map(
      ({ probe, command }, index) =>
        `if ${probe} >/dev/null 2>&1 </dev/null; then export ${markName}=${mark}; say "ready ${String(index)} $$ $home"; exec ${command}; fi`,
    ),
    "found=",
    ...[...installers].map(
      (name) => `if ${installerProbes[name]} >/dev/null 2>&1 </dev/null; then found="$found ${name}"; fi`,
    ),
    'say "missing$found"',
  ];
  return shellCommand(script.join("\n"), "language-server");
}

/** The command that ends a server which does not end by itself, if it is still the one with that mark. */
export function endServerCommand(processId: number, mark: string): string {
  const pid = String(processId);
  // Without /proc nothing says whose process it is: it has lost its input then, which ends it.
  const script = `
ours() { tr '\\0' '\\n' 2>/dev/null < /proc/${pid}/environ | grep -qx ${markName}=${mark}; }
ours && kill ${pid} && sleep 1 && ours && kill -9 ${pid}
exit 0`;
  return shellCommand(script, "language-server");
}

/** The command that installs a server for the person in the session, in words of its installer. */
export function installServerCommand({ by, name }: Installation): string {
  return shellCommand(`${searchPath}\ncd /\n${installWords({ by, name })}`, "language-server");
}

/** How a person would install it, in one line. */
export function installWords({ by, name }: Installation): string {
  const words = name.split(" ").map(shellQuote).join(" ");
  switch (by) {
    case "pip":
      // In an environment of its own there is no folder of the person; and one that the system's packages know of is not touched.
      return `user=$(python3 -c 'import sys; print("" if sys.prefix != sys.base_prefix else "--user")'); PIP_BREAK_SYSTEM_PACKAGES=1 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 exec python3 -m pip install $user --progress-bar off --no-color --retries 1 --timeout 15 ${words}`;
    case "npm":
      return `exec npm install --global --no-fund --no-audit --prefix ${npmPrefix} ${words}`;
    case "go":
      return `exec go install ${words}`;
    case "rustup":
      return `exec rustup component add ${words}`;
    case "R":
      return `lib=$(Rscript -e 'cat(Sys.getenv("R_LIBS_USER"))'); mkdir -p "$lib"; exec Rscript -e 'install.packages("${name}", lib = Sys.getenv("R_LIBS_USER"), repos = "https://cloud.r-project.org"); quit(status = !requireNamespace("${name}", quietly = TRUE))'`;
    case "julia":
      return `exec julia --startup-file=no -e 'using Pkg; Pkg.add("${name}")'`;
  }
}

/** What people type for it: for questions, not for shells. */
export function installTitle({ by, name }: Installation): string {
  switch (by) {
    case "pip":
      return `python3 -m pip install --user ${name}`;
    case "npm":
      return `npm install --global --prefix ~/.local ${name}`;
    case "go":
      return `go install ${name}`;
    case "rustup":
      return `rustup component add ${name}`;
    case "R":
      return `install.packages("${name}")`;
    case "julia":
      return `Pkg.add("${name}")`;
  }
}
