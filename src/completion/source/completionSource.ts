import type { Event } from "../../base/event.js";
import type { Place } from "../position/index.js";

/** Where somebody types, as the interpreter of a session would see it. */
export interface CodePoint {
  /** VS Code's id of the language. */
  readonly languageId: string;
  /** The code that counts: a document; of a notebook or a document with `# %%` marks, the cell. Bounded by who asks. */
  readonly code: string;
  /** The cursor in `code`: its line, and its column in UTF-16 units, both from 0. */
  readonly row: number;
  readonly col: number;
  /** What stands at the cursor, where that is known already. */
  readonly place?: Place;
}

/** What a candidate is; the kinds that interpreters can tell apart. */
export type CandidateKind =
  | "class"
  | "column"
  | "file"
  | "folder"
  | "function"
  | "keyword"
  | "method"
  | "module"
  | "property"
  | "text"
  | "value"
  | "variable";

/** Something that may stand at the cursor. */
export interface Candidate {
  /** The last part alone, such as `join` for `os.path.jo`: what replaces the text from `Place.start` on. */
  readonly name: string;
  /** `undefined` where the source does not know. */
  readonly kind?: CandidateKind | undefined;
  /** How it is called, such as `(a, *p)`, or its type, such as `DataFrame`. One line. */
  readonly detail?: string | undefined;
}

/** Candidates, best first. */
export interface CandidateList {
  readonly candidates: readonly Candidate[];
  /** Whether more could be had once more is typed: something was left out, or the answer came too late. */
  readonly isIncomplete: boolean;
}

/** What is known of a name. */
export interface Description {
  /** Its declaration or signature in its language, such as `join(a, *p) -> str`; its type or a short value for data. */
  readonly signature?: string | undefined;
  /** The type of the object, such as `DataFrame`. */
  readonly type?: string | undefined;
  /** A few lines of the value, for data such as a table; plain text. */
  readonly value?: string | undefined;
  /** What its author says of it: plain text, or Markdown as it stands in the source. Bounded to 8,000 characters. */
  readonly documentation?: string | undefined;
}

/** One way to call a function. */
export interface CallSignature {
  /** All of it, such as `join(a, *p)`. */
  readonly label: string;
  /** Each parameter as it stands in `label`, in order. */
  readonly parameters: readonly string[];
  readonly documentation?: string | undefined;
}

/** What a source is asked. */
export type QuestionKind = "complete" | "describe" | "signature";

/** Whether a source is worth a question. */
export type Suitability = "yes" | "perhaps" | "no";

/**
 * Something that knows the live objects of one session. Nothing it does is seen by a person: no output, no history, no count of
 * executions. It never asks while the session is busy: it rejects with a `SessionBusyError` then, where it knows. Every method rejects
 * with an `AbortError` once `signal` aborts, with `BackendAIError`s for what goes wrong, and has a deadline of its own.
 */
export interface CompletionSource {
  /** For the log and for people, such as `complete`, `query`, `kernel`. */
  readonly name: string;
  /**
   * Whether to ask it that of a language as things stand: `no` where it can't know, `perhaps` where the server's release makes it
   * unlikely, so that another one is asked in its place. Costs nothing.
   */
  suits(languageId: string, question: QuestionKind): Suitability;
  /** Fired when a run of a person's had to wait for a question; absent where questions are in nobody's way. */
  readonly onDidDelay?: Event<void>;
  /** What may stand at the cursor: names, members, and keys in subscripts. */
  complete(point: CodePoint, signal: AbortSignal): Promise<CandidateList>;
  /** What is known of the dotted name `expression`, such as `os.path.join`; `undefined`: nothing, or the source can't tell. */
  describe(expression: string, point: CodePoint, signal: AbortSignal): Promise<Description | undefined>;
  /** How the dotted name `callee` is called; `undefined`: nobody knows. */
  signature(callee: string, point: CodePoint, signal: AbortSignal): Promise<CallSignature | undefined>;
}
