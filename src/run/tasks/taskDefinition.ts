import * as l10n from "@vscode/l10n";
import { ConfigurationError } from "../../base/errors.js";
import { shellQuote } from "../../base/text.js";
import type { RunOptions } from "../plan/runPlan.js";

/** What a task runs, and where. */
export interface RunTask {
  /** A whole path, or one relative to the workspace folder. */
  readonly file: string;
  /** Name or id of a session that runs; absent where one is chosen as for any run. */
  readonly session: string | undefined;
  readonly options: RunOptions;
}

/**
 * Reads a task as a person wrote it, its variables replaced already. A text that is empty counts as absent, but an empty
 * `build` skips the build.
 * @throws {ConfigurationError} that names the property.
 */
export function parseTaskDefinition(definition: object): RunTask {
  const fields = new Map<string, unknown>(Object.entries(definition));
  const file = textOf(fields, "file");
  if (!file) {
    throw new ConfigurationError(
      "file",
      l10n.t("The task names no file. Give its “file”, such as “${file}”."),
    );
  }
  return {
    file,
    session: textOf(fields, "session") || undefined,
    options: {
      clean: textOf(fields, "clean") || undefined,
      build: textOf(fields, "build"),
      exec: textOf(fields, "exec") || undefined,
      args: argsOf(fields.get("args")),
      env: envOf(fields.get("env")),
    },
  };
}

function textOf(fields: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const value = fields.get(name) ?? undefined;
  if (value === undefined || typeof value === "string") {
    return value;
  }
  throw new ConfigurationError(name, l10n.t("“{0}” of the task must be a text.", name));
}

/** A text is for the shell as it is; words of a list reach the program as they are. */
function argsOf(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    return value.map((word: unknown) => shellQuote(scalarOf("args", word))).join(" ");
  }
  if (value === undefined || value === null || typeof value === "string") {
    return value ?? undefined;
  }
  throw new ConfigurationError("args", l10n.t("“args” of the task must be a text or a list of texts."));
}

function envOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new ConfigurationError(
      "env",
      l10n.t('“env” of the task must be an object, such as { "NAME": "value" }.'),
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => [name, scalarOf(`env.${name}`, content)]),
  );
}

function scalarOf(name: string, value: unknown): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  throw new ConfigurationError(name, l10n.t("“{0}” of the task holds something that is no text.", name));
}
