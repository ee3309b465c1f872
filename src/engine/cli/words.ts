import { shellQuote } from "../../base/text.js";
import type { Engine } from "../index.js";
import type { CommandLine } from "./arguments.js";

/** Lines for `eval` in a shell; the reference client reads these variables. */
export function exportLines(engine: Engine): string {
  const variables = {
    BACKEND_ENDPOINT: engine.endpoint,
    BACKEND_ENDPOINT_TYPE: "api",
    BACKEND_ACCESS_KEY: engine.accessKey,
    BACKEND_SECRET_KEY: engine.secretKey,
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${shellQuote(value)}\n`)
    .join("");
}

/** What a person should know. */
export function welcome(engine: Engine, { options, isStdinOwner }: CommandLine): string {
  const files =
    options.dataDir === undefined
      ? "Files of sessions are removed when the engine stops."
      : `Files are kept in ${options.dataDir}.`;
  // A program that started the engine may log these words, and has no use for the password.
  const password = options.password === undefined && !isStdinOwner ? ` with password ${engine.password}` : "";
  return [
    `The local engine serves ${engine.endpoint}.`,
    "Sessions are no containers: what runs in them runs as you, with all your rights, on this computer.",
    files,
    `Login by cookie: ${engine.email}${password}`,
    "Ctrl-C stops it and everything that runs in it.",
    "",
  ].join("\n");
}
