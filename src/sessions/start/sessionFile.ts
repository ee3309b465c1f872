import * as l10n from "@vscode/l10n";
import * as z from "zod/mini";
import { ConfigurationError } from "../../base/errors.js";
import { limits } from "../../wire/limits.js";
import { amountOf } from "./slots.js";
import { type StartRequest, unnamed } from "./startRequest.js";

/** Where a folder says which session it wants, relative to it. */
export const sessionFilePath = ".backend.ai/session.json";

const text = z.optional(z.string());
const amount = z.union([z.number(), z.string()]);

/** The same as `media/schemas/session.schema.json`, which the editor reads. */
const SessionFile = z.strictObject({
  $schema: text,
  image: z.string(),
  name: z.optional(
    z.string().check(z.regex(limits.sessionName, l10n.t("it must have 4 to 64 letters, digits, _ . -"))),
  ),
  type: z.optional(z.enum(["interactive", "batch"])),
  command: text,
  timeLimit: z.optional(
    z.string().check(z.regex(/^\d+(\.\d+)?[smhdw]?$/, l10n.t("it must be like 30m, 2h or 1d"))),
  ),
  resources: z.optional(
    z.record(
      z.string(),
      amount.check(z.refine((value) => amountOf(value) !== undefined, l10n.t("it is no amount"))),
    ),
  ),
  sharedMemory: text,
  group: text,
  resourceGroup: text,
  mounts: z.optional(z.array(z.string())),
  environment: z.optional(z.record(z.string(), z.string())),
  clusterSize: z.optional(z.int().check(z.positive())),
  tag: text,
  dependencies: z.optional(z.array(z.string())),
});

/**
 * What a session file asks for.
 * @param content JSON, of which every mistake is named.
 * @throws {ConfigurationError}
 */
export function readSessionFile(content: string): StartRequest {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    throw new ConfigurationError(
      sessionFilePath,
      l10n.t("{0} is no JSON: {1}.", sessionFilePath, (error as Error).message),
      {
        cause: error,
      },
    );
  }
  const parsed = SessionFile.safeParse(json);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => [...issue.path, wordsOf(issue)].join(": "));
    throw new ConfigurationError(
      sessionFilePath,
      l10n.t("{0} can't be used: {1}.", sessionFilePath, mistakes.join("; ")),
    );
  }
  const request = parsed.data;
  if (request.type === "batch" && (request.command ?? "").trim() === "") {
    throw new ConfigurationError(
      sessionFilePath,
      l10n.t("{0} asks for a batch session: it needs a “command” to run.", sessionFilePath),
    );
  }
  return Object.fromEntries(
    Object.entries(request).filter(([key, value]) => key !== "$schema" && value !== undefined),
  ) as unknown as StartRequest;
}

/** What is wrong, without the place. */
function wordsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return l10n.t("“{0}” is not known", issue.keys.join("”, “"));
    case "invalid_type":
      return issue.expected === "object"
        ? l10n.t("it must be an object")
        : l10n.t("it must be a {0}", issue.expected);
    case "invalid_value":
      return l10n.t("it must be {0}", issue.values.join(` ${l10n.t("or")} `));
    default:
      return issue.message;
  }
}

/** A session file that asks for that session. A name is left out: it would be taken while the session lives. */
export function writeSessionFile(request: StartRequest): string {
  return `${JSON.stringify(unnamed(request), undefined, 2)}\n`;
}
