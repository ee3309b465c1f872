import path from "node:path";
import { ConfigurationError } from "../../base/errors.js";
import { shellQuote } from "../../base/text.js";
import { type Language, languageOf, languages } from "./languages.js";

/** Where programs of a build go, relative to `/home/work`. */
const buildFolder = ".backendai-build";

/** What a run will do, in full. */
export interface RunPlan {
  readonly language: Language;
  /** The file's place in the session, relative to `/home/work`, with `/`. */
  readonly remotePath: string;
  readonly build: string | null;
  readonly exec: string;
  /** The command as a person would type it, for the head of the output. */
  readonly commandLine: string;
}

/**
 * Plans the run of one file.
 * @param relativePath The file's place in the workspace, with `/`; just its name when it lies outside.
 * @throws {ConfigurationError} when no command is known for the language.
 */
export function planRun(languageId: string, relativePath: string): RunPlan {
  const language = languageOf(languageId);
  if (language === undefined) {
    throw new ConfigurationError("language", unknownLanguage(languageId));
  }
  const remotePath = path.posix.normalize(relativePath);
  const file = quoteFile(remotePath);
  const binary = shellQuote(`./${buildFolder}/${path.posix.basename(remotePath).replace(/\.[^.]+$/, "")}`);
  const build = language.build?.(file, binary);
  const command = language.exec(file, binary);
  return {
    language,
    remotePath,
    build: build === undefined ? null : `mkdir -p ${buildFolder} && ${build}`,
    // The shell hands over: real servers interrupt it alone, and a program that lives on keeps the session busy for ever.
    exec: `exec ${command}`,
    commandLine: build === undefined ? command : `${build} && ${command}`,
  };
}

/** A name that begins with a dash must not be taken for an option. */
function quoteFile(remotePath: string): string {
  return shellQuote(remotePath.startsWith("-") ? `./${remotePath}` : remotePath);
}

function unknownLanguage(languageId: string): string {
  const known = languages.map((language) => language.name).join(", ");
  return languageId === "plaintext"
    ? `This file has no language. Set one in the status bar; these can be run: ${known}.`
    : `Files of language “${languageId}” can't be run. These can: ${known}.`;
}
