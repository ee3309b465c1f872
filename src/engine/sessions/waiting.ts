import type { Era } from "../era.js";
import type { Session } from "./session.js";

/** Why a session is not started yet: a check that it does not pass, or no place that is large enough. */
export interface Refused {
  readonly check: "dependencies" | "concurrency" | "capacity";
  readonly msg: string;
}

/** The names of the checks, as the era's servers have them, in their order. */
const checks = {
  predicates: { dependencies: "dependencies", concurrency: "concurrency" },
  classes: { dependencies: "DependenciesNotSatisfied", concurrency: "ConcurrencyLimitExceeded" },
} as const;

/**
 * Says why a session waits, as `status_info` and `status_data` of the era's servers do (`protocol.md` §3.6): names of checks from
 * 20.09 on, of errors from 25.13 on; before and after, nothing.
 */
export function tellWhyItWaits(session: Session, { check, msg }: Refused, era: Era): void {
  if (!era.since("20.09") || era.since("26.4")) {
    return;
  }
  const before = session.statusData?.["scheduler"] as { readonly retries?: number } | undefined;
  const attempt = { retries: (before?.retries ?? -1) + 1, last_try: new Date().toISOString() };
  if (era.since("25.13")) {
    const name = check === "capacity" ? "NoAvailableAgentError" : checks.classes[check];
    const failed = { passed_predicates: [], failed_predicates: [{ name, msg }] };
    session.statusInfo = msg;
    session.statusData = { scheduler: { ...failed, ...attempt, msg } };
  } else if (check === "capacity") {
    session.statusInfo = "no-available-instances";
    session.statusData = { scheduler: { ...attempt, msg } };
  } else {
    const names = ["reserved_time", ...Object.values(checks.predicates)];
    const failed = checks.predicates[check];
    session.statusInfo = "predicate-checks-failed";
    session.statusData = {
      scheduler: {
        ...attempt,
        failed_predicates: [{ name: failed, msg }],
        passed_predicates: names.filter((name) => name !== failed).map((name) => ({ name })),
      },
    };
  }
}
