/** What the helper may be asked; `at` is the cursor in `code`, in code points. */
export interface KernelQuestion {
  readonly ask: "complete" | "inspect";
  readonly code: string;
  readonly at: number;
}

/** A candidate as the kernel gives it: `start` and `end`, in code points of the code, are what `text` replaces. */
export interface KernelMatch {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** In the words of IPython, such as `function`; empty where it does not know. */
  readonly type: string;
  /** Such as `(a, *p)`; may be empty. */
  readonly signature: string;
}

/** Why the kernel was not asked: somebody's code runs, its readers are behind, or it is gone. */
export type NotAsked = "busy" | "full" | "gone";

/** How a question was answered. */
export type KernelAnswer =
  | { readonly kind: "matches"; readonly matches: readonly KernelMatch[]; readonly total: number }
  | { readonly kind: "text"; readonly text: string | undefined }
  | { readonly kind: "notAsked"; readonly why: NotAsked }
  | { readonly kind: "error"; readonly message: string };

/** What a line of the helper says. */
export type HelperLine =
  | { readonly kind: "hello"; readonly pid: number }
  | { readonly kind: "none"; readonly reason: string }
  | { readonly kind: "answer"; readonly id: number; readonly answer: KernelAnswer };

/** Reads a line of the helper; `undefined` for anything else, such as what a profile of a shell prints. */
export function readHelperLine(line: string): HelperLine | undefined {
  const value = parsed(line);
  if (!isRecord(value)) {
    return undefined;
  }
  if (isRecord(value["hello"]) && typeof value["hello"]["pid"] === "number") {
    return { kind: "hello", pid: value["hello"]["pid"] };
  }
  if (typeof value["none"] === "string") {
    return { kind: "none", reason: value["none"] };
  }
  const answer = answerIn(value);
  return typeof value["id"] === "number" && answer ? { kind: "answer", id: value["id"], answer } : undefined;
}

function answerIn(value: Readonly<Record<string, unknown>>): KernelAnswer | undefined {
  const { matches, total, text, error } = value;
  const why = (["busy", "full", "gone"] as const).find((name) => value[name] === true);
  if (why !== undefined) {
    return { kind: "notAsked", why };
  }
  if (Array.isArray(matches)) {
    const read = matches.flatMap(readMatch);
    return { kind: "matches", matches: read, total: typeof total === "number" ? total : read.length };
  }
  if (typeof error === "string") {
    return { kind: "error", message: error };
  }
  return typeof text === "string" || text === null ? { kind: "text", text: text ?? undefined } : undefined;
}

function readMatch(match: unknown): KernelMatch[] {
  const fields: readonly unknown[] = Array.isArray(match) ? match : [];
  const [text, start, end, type, signature] = fields;
  return typeof text === "string" &&
    typeof start === "number" &&
    typeof end === "number" &&
    typeof type === "string" &&
    typeof signature === "string"
    ? [{ text, start, end, type, signature }]
    : [];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
