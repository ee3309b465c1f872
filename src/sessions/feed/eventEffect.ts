import type { Dialect } from "../../wire/dialect.js";
import { phaseOf, type SessionPhase, sessionStatuses } from "../../wire/status.js";

/** What an event says of a session. */
export type EventEffect =
  /** It has this status. */
  | { readonly kind: "status"; readonly status: string }
  /** A batch session has come to this result. */
  | { readonly kind: "result"; readonly result: string }
  /** Something happened that the server has to be asked about; `expects` is the phase that it leads to, where that is known. */
  | { readonly kind: "ask"; readonly expects: SessionPhase | undefined };

/** Events whose names are not the statuses that they tell of. */
const aliases: Readonly<Record<string, string>> = {
  enqueued: "PENDING",
  started: "RUNNING",
};

/** Statuses that kernels of managers before 20.09 have, which know no `CREATING`: it is a part of preparing. */
const kernelAliases: Readonly<Record<string, string>> = { ...aliases, creating: "PREPARING" };

/** Where a step of one of its containers takes the whole session. */
const expectations: Readonly<Record<string, SessionPhase>> = {
  kernel_started: "running",
  kernel_terminated: "ended",
  kernel_cancelled: "ended",
};

/**
 * What an event of a release says, by its name (`docs/protocol.md` §5.3). Where events are about sessions, those about kernels say that
 * a part of the session has changed.
 */
export function effectOf(name: string, { vocabulary }: Pick<Dialect["events"], "vocabulary">): EventEffect {
  const [, subject, step = ""] = /^(session|kernel)_(.+)$/.exec(name) ?? [];
  const isWhole = subject === "session" || (subject === "kernel" && vocabulary === "kernel");
  if (isWhole && (step === "success" || step === "failure")) {
    return { kind: "result", result: step };
  }
  const known = vocabulary === "kernel" ? kernelAliases : aliases;
  const status = known[step] ?? step.toUpperCase();
  return isWhole && isStatus(status)
    ? { kind: "status", status }
    : { kind: "ask", expects: expectations[name] };
}

/** Whether an event is about an end, so that a session that is not known needs no look. */
export function tellsEnd(effect: EventEffect): boolean {
  const phase = effect.kind === "status" ? phaseOf(effect.status) : effect.kind === "ask" && effect.expects;
  return phase === "ended" || phase === "ending" || effect.kind === "result";
}

function isStatus(status: string): boolean {
  return sessionStatuses.some((known) => known === status);
}
