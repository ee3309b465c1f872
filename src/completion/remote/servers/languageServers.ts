import * as l10n from "@vscode/l10n";

/** A tool of the session by which a server can be installed there without an administrator. */
export type Installer = "pip" | "npm" | "go" | "rustup" | "R" | "julia";

/** How a server gets into a session that has none. */
export interface Installation {
  readonly by: Installer;
  /** What it is called there, such as `python-lsp-server`. */
  readonly name: string;
}

/** A program that speaks the language server protocol on its input and output. */
export interface LanguageServer {
  /** As people know it. */
  readonly name: string;
  /** Words of a shell that say by their exit whether the session has it. */
  readonly probe: string;
  /** Words of a shell that start it. */
  readonly command: string;
  readonly installation?: Installation;
}

/** Languages that one server serves at a time, as VS Code calls them. */
export interface ServedLanguage {
  readonly id: string;
  readonly name: string;
  /** VS Code's language ids. */
  readonly languageIds: readonly string[];
  /** The servers that are looked for, the one to be preferred first. */
  readonly servers: readonly LanguageServer[];
  /** What to do where no server can be installed by a tool of the session, in words. */
  readonly advice: string;
}

const program = (name: string, options = "", installation?: Installation): LanguageServer => ({
  name,
  probe: `command -v ${name}`,
  command: `${name}${options === "" ? "" : ` ${options}`}`,
  ...(installation && { installation }),
});

/** A module of Python whose script is not on the path. */
const pythonModule = (name: string, module: string, installation?: Installation): LanguageServer => ({
  name,
  // for programs
  probe: `python3 -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)'`,
  command: `python3 -m ${module}`,
  ...(installation && { installation }),
});

/** Every language that has a server that can run in a session. */
export const servedLanguages: readonly ServedLanguage[] = [
  {
    id: "python",
    name: "Python", // for programs
    languageIds: ["python"],
    servers: [
      program("basedpyright-langserver", "--stdio"),
      program("pyright-langserver", "--stdio", { by: "npm", name: "pyright" }),
      program("pylsp"),
      pythonModule("pylsp", "pylsp", { by: "pip", name: "python-lsp-server" }),
      program("jedi-language-server"),
      pythonModule("jedi-language-server", "jedi_language_server"),
    ],
    advice: l10n.t("Choose an image that has pip or npm, or one with pyright or pylsp."),
  },
  {
    id: "cpp",
    name: l10n.t("C and C++"),
    languageIds: ["c", "cpp", "objective-c", "objective-cpp", "cuda-cpp"],
    servers: [program("clangd")],
    advice: l10n.t(
      "Choose an image that has clangd; as administrator of a session, `apt-get install clangd` brings it.",
    ),
  },
  {
    id: "go",
    name: "Go", // for programs
    languageIds: ["go", "go.mod"],
    servers: [program("gopls", "", { by: "go", name: "golang.org/x/tools/gopls@latest" })],
    advice: l10n.t("Choose an image that has Go."),
  },
  {
    id: "rust",
    name: "Rust", // for programs
    languageIds: ["rust"],
    // rustup puts a stand-in on the path that only says that it is not installed.
    servers: [
      {
        name: "rust-analyzer",
        probe: "rust-analyzer --version",
        command: "rust-analyzer",
        installation: { by: "rustup", name: "rust-analyzer" },
      },
    ],
    advice: l10n.t("Choose an image that has rustup, or one with rust-analyzer."),
  },
  {
    id: "typescript",
    name: l10n.t("JavaScript and TypeScript"),
    languageIds: ["javascript", "typescript", "javascriptreact", "typescriptreact"],
    servers: [
      program("typescript-language-server", "--stdio", {
        by: "npm",
        name: "typescript-language-server typescript@5", // for programs
      }),
    ],
    advice: l10n.t("Choose an image that has npm."),
  },
  {
    id: "shellscript",
    name: l10n.t("Shell"),
    languageIds: ["shellscript"],
    servers: [program("bash-language-server", "start", { by: "npm", name: "bash-language-server" })],
    advice: l10n.t("Choose an image that has npm."),
  },
  {
    id: "r",
    name: "R",
    languageIds: ["r"],
    servers: [
      {
        name: "R languageserver",
        probe: `R -s -e 'quit(status = !requireNamespace("languageserver", quietly = TRUE))'`,
        command: "R -s -e 'languageserver::run()'",
        installation: { by: "R", name: "languageserver" },
      },
    ],
    advice: l10n.t("Choose an image that has R."),
  },
  {
    id: "julia",
    name: "Julia", // for programs
    languageIds: ["julia"],
    servers: [
      {
        name: "LanguageServer.jl",
        probe: `julia --startup-file=no -e 'exit(Base.find_package("LanguageServer") === nothing)'`,
        // for programs
        command: "julia --startup-file=no --history-file=no -e 'using LanguageServer; runserver()'",
        installation: { by: "julia", name: "LanguageServer" },
      },
    ],
    advice: l10n.t("Choose an image that has Julia."),
  },
];

/** The language that a server is started for, by one of VS Code's language ids. */
export function servedLanguageOf(languageId: string): ServedLanguage | undefined {
  return servedLanguages.find(({ languageIds }) => languageIds.includes(languageId));
}
