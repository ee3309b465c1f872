import * as l10n from "@vscode/l10n";
import path from "node:path";
import type { BatchOptions } from "../../api/index.js";
import { ConfigurationError } from "../../base/errors.js";
import { shellQuote } from "../../base/text.js";
import { type Language, languageOf, languages } from "./languages.js";

/** Where programs of a build go, relative to `/home/work`. */
const buildFolder = ".backendai-build";

/** What a person may change about a run; what is absent is the language's default. Commands are for a POSIX shell. */
export interface RunOptions {
  /** Before the build. */
  readonly clean?: string | undefined;
  /** An empty text skips the build. */
  readonly build?: string | undefined;
  readonly exec?: string | undefined;
  /** Behind the command, as they are typed in a shell. */
  readonly args?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** What a run will do, in full. Commands are for a POSIX shell, from `/home/work`. */
export interface RunPlan {
  readonly language: Language;
  /** The file's place in the session, relative to `/home/work`, with `/`. */
  readonly remotePath: string;
  readonly clean: string | null;
  readonly build: string | null;
  readonly exec: string;
  /** The command as a person would type it, for the head of the output. */
  readonly commandLine: string;
}

/**
 * Plans the run of one file.
 * @param relativePath The file's place in the workspace, with `/`; just its name when it lies outside.
 * @throws {ConfigurationError} when no command is known for the language and none is given, or a variable has no name.
 */
export function planRun(languageId: string, relativePath: string, options: RunOptions = {}): RunPlan {
  const language = languageOf(languageId) ?? customLanguage(languageId, options);
  const remotePath = path.posix.normalize(relativePath);
  const file = quoteFile(remotePath);
  const binary = shellQuote(`./${buildFolder}/${path.posix.basename(remotePath).replace(/\.[^.]+$/, "")}`);
  const build = options.build ?? language.build?.(file, binary);
  const command = `${options.exec ?? language.exec(file, binary)}${options.args ? ` ${options.args}` : ""}`;
  const variables = exports(options.env ?? {});
  // The shell hands over: real servers interrupt it alone, and a program that lives on keeps the session busy for ever. What a
  // person wrote may be more than one command.
  const exec = options.exec === undefined ? `exec ${command}` : command;
  const steps = [options.clean, build, command].filter((step) => step);
  return {
    language,
    remotePath,
    clean: options.clean ? `${variables}${options.clean}` : null,
    build: build ? `${variables}mkdir -p ${buildFolder} && ${build}` : null,
    exec: `${variables}${exec}`,
    commandLine: steps.join(" && "),
  };
}

/** A plan as the API's batch run takes it. */
export function batchOf({ clean, build, exec }: RunPlan): BatchOptions {
  return { clean, build, exec };
}

/** A plan as a script of `sh`. A build that fails leaves a mark beside the script, by which it is told from a program that does. */
export function scriptOf({ clean, build, exec }: RunPlan): string {
  const built = build === null ? [] : [`(${build}\n) || { code=$?; : > "\${0%/*}/unbuilt"; exit $code; }`];
  const cleaned = clean === null ? [] : [`(${clean}\n)`];
  return [...cleaned, ...built, exec, ""].join("\n");
}

/** A name that begins with a dash must not be taken for an option. */
function quoteFile(remotePath: string): string {
  return shellQuote(remotePath.startsWith("-") ? `./${remotePath}` : remotePath);
}

function exports(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => {
      if (!/^[A-Za-z_]\w*$/.test(name)) {
        throw new ConfigurationError(
          "env",
          l10n.t("“{0}” can't be the name of an environment variable.", name),
        );
      }
      return `export ${name}=${shellQuote(value)}; `;
    })
    .join("");
}

/** Whoever says what to run may run anything. */
function customLanguage(languageId: string, { exec }: RunOptions): Language {
  if (exec === undefined) {
    throw new ConfigurationError("language", unknownLanguage(languageId));
  }
  return { ids: [languageId], name: languageId, suffix: "", exec: () => exec };
}

function unknownLanguage(languageId: string): string {
  const known = languages.map((language) => language.name).join(", ");
  return languageId === "plaintext"
    ? l10n.t("This file has no language. Set one in the status bar; these can be run: {0}.", known)
    : l10n.t("Files of language “{0}” can't be run. These can: {1}.", languageId, known);
}
