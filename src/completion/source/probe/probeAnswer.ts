import * as l10n from "@vscode/l10n";
import * as z from "zod/mini";
import { ProtocolError, TimeoutError } from "../../../base/errors.js";
import type { CallSignature, CandidateKind, CandidateList, Description } from "../completionSource.js";

const kinds: ReadonlySet<string> = new Set<CandidateKind>([
  "class",
  "column",
  "function",
  "keyword",
  "method",
  "module",
  "property",
  "value",
  "variable",
]);

const text = z.optional(z.nullable(z.string()));
const Items = z.object({
  items: z.array(z.tuple([z.string(), text, text])),
  total: z.number(),
});
const Described = z.nullable(z.object({ signature: text, type: text, value: text, documentation: text }));
const Signature = z.nullable(
  z.object({ label: z.string(), parameters: z.array(z.string()), documentation: text }),
);
const Answer = z.object({
  ok: z.optional(z.unknown()),
  late: z.optional(z.boolean()),
  error: z.optional(z.string()),
});

/**
 * What an interpreter answered in its output, between two marks.
 * @throws {ProtocolError} where there is no whole answer, or an error of the interpreter.
 * @throws {TimeoutError} (`run`) where the interpreter had to leave off.
 */
export function answerIn(output: string, mark: string, seconds: number): unknown {
  const start = output.indexOf(mark);
  const end = output.indexOf(mark, start + mark.length);
  const answer = start < 0 || end < 0 ? undefined : parsed(output.slice(start + mark.length, end));
  const { success, data } = z.safeParse(Answer, answer);
  if (!success) {
    throw refused(l10n.t("the interpreter gave no answer"));
  }
  if (data.late === true) {
    throw new TimeoutError("run", seconds * 1000, l10n.t("Looking at the session's objects"));
  }
  if (data.error !== undefined) {
    throw refused(l10n.t("the interpreter raised {0}", data.error));
  }
  return data.ok;
}

/** Candidates as they were answered. */
export function candidatesIn(answer: unknown): CandidateList {
  const { items, total } = valid(Items, answer);
  return {
    candidates: items.map(([name, kind, detail]) => ({
      name,
      kind: isKind(kind) ? kind : undefined,
      detail: detail ?? undefined,
    })),
    isIncomplete: total > items.length,
  };
}

/** What is known of a name. */
export function descriptionIn(answer: unknown): Description | undefined {
  const found = valid(Described, answer);
  return found === null
    ? undefined
    : {
        signature: found.signature ?? undefined,
        type: found.type ?? undefined,
        value: found.value ?? undefined,
        documentation: found.documentation ?? undefined,
      };
}

/** How something is called. */
export function signatureIn(answer: unknown): CallSignature | undefined {
  const found = valid(Signature, answer);
  return found === null
    ? undefined
    : {
        label: found.label,
        parameters: found.parameters,
        documentation: found.documentation ?? undefined,
      };
}

function valid<T extends z.ZodMiniType>(schema: T, answer: unknown): z.infer<T> {
  const { success, data } = z.safeParse(schema, answer);
  if (!success) {
    throw refused(l10n.t("the interpreter's answer is of no known form"));
  }
  return data;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isKind(kind: string | null | undefined): kind is CandidateKind {
  return typeof kind === "string" && kinds.has(kind);
}

/** Names no part of the answer: it holds what people call things. */
function refused(words: string): ProtocolError {
  return new ProtocolError(l10n.t("a query for completion"), "", words);
}
