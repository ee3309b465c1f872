import { type DefectName, defects, hasDefect } from "../../src/wire/defects.js";
import type { Dialect } from "../../src/wire/dialect.js";
import type { Feature } from "../../src/wire/features.js";
import type { Covered, Extra } from "./calls.js";
import type { CaseContext } from "./context.js";

/** A reason why servers of a dialect are left alone with a case; `undefined` where they are not. */
export type Reason = (dialect: Dialect) => string | undefined;

/** One promise of the protocol, tried on a server. */
export interface ConformanceCase {
  /** The rows of `docs/calls.md` that it covers. */
  readonly covers: readonly (Covered | Extra)[];
  /** What a server does, as a sentence without a subject: `keeps variables from one query to the next`. */
  readonly title: string;
  /** Why no server of that dialect can do it (`docs/protocol.md`). A call that is missing altogether is for `lacks`. */
  readonly unless?: Reason;
  /** What keeps running servers from it; the engine, and servers without these defects, must do it. */
  readonly defects?: readonly DefectName[];
  /** Why it is tried on the engine alone. */
  readonly engineOnly?: string;
  /** The feature that the call needs. On servers without it, `refused` must reject with `UnsupportedError`. */
  readonly lacks?: {
    readonly feature: Feature;
    readonly refused: (context: CaseContext) => Promise<unknown>;
  };
  /** Own deadline in milliseconds, when the usual one does not suffice. */
  readonly timeoutMs?: number;
  readonly run: (context: CaseContext) => Promise<void>;
}

/** Cases that belong together. */
export interface CaseGroup {
  /** Such as `Q`: with the number of a case in its group it makes the name that `docs/calls.md` uses. */
  readonly letter: string;
  readonly title: string;
  readonly cases: readonly ConformanceCase[];
}

/** Puts cases into a group. */
export function caseGroup(letter: string, title: string, cases: readonly ConformanceCase[]): CaseGroup {
  return { letter, title, cases };
}

/**
 * Thrown by a case that finds that this very server can't do it: a language that it has no image for, a service that is
 * not configured. Skipped and counted, with the evidence.
 */
export class NotApplicable extends Error {}

/** How a case applies to a server. */
export type Applicability =
  | { readonly kind: "runs" }
  /** The server's release lacks the call, and the case proves that the client says so. */
  | { readonly kind: "refused"; readonly feature: Feature }
  | { readonly kind: "skipped"; readonly reason: string; readonly defect?: DefectName };

/** What becomes of a case on servers of a dialect. */
export function applicability(test: ConformanceCase, dialect: Dialect, isReal: boolean): Applicability {
  if (test.lacks !== undefined && !dialect.can[test.lacks.feature]) {
    return { kind: "refused", feature: test.lacks.feature };
  }
  const impossible = test.unless?.(dialect);
  if (impossible !== undefined) {
    return { kind: "skipped", reason: impossible };
  }
  const defect = test.defects?.find((name) => hasDefect(dialect.manager, name));
  if (isReal && defect !== undefined) {
    return { kind: "skipped", reason: `the server ${defects[defect].does}`, defect };
  }
  return isReal && test.engineOnly !== undefined
    ? { kind: "skipped", reason: test.engineOnly }
    : { kind: "runs" };
}
