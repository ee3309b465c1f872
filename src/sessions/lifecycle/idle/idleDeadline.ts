import * as z from "zod/mini";
import type { IdleCheck, IdleChecks } from "../../../api/index.js";

/** Why a session will be ended. */
export type IdleKind =
  /** Nobody uses it. */
  | "idle"
  /** It has lived as long as it may. */
  | "lifetime"
  /** It uses too little of what it holds. */
  | "utilization"
  /** A check that nobody here knows. */
  | "other";

/** When a session will be ended by its server, if nothing changes. */
export interface IdleDeadline {
  readonly kind: IdleKind;
  /** The server's name of the check. */
  readonly check: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const kinds: Readonly<Record<string, IdleKind>> = {
  network_timeout: "idle",
  session_lifetime: "lifetime",
  utilization: "utilization",
};

/**
 * The first of the moments at which a session's checks end it; `undefined` where none does. Seconds count from when the server was
 * asked, and are up to 15 s old: servers look that often.
 * @param checks As the server gave them (22.09+): `{}` of older ones gives none.
 * @param now When it was asked, in milliseconds since the epoch.
 */
export function idleDeadline(checks: IdleChecks, now: number): IdleDeadline | undefined {
  const found = Object.entries(checks).flatMap(([check, report]) =>
    typeof report.remaining === "number" && Number.isFinite(report.remaining) && endsSession(check, report)
      ? [{ kind: kinds[check] ?? "other", check, at: now + Math.max(0, report.remaining) * 1000 } as const]
      : [],
  );
  return found.sort((a, b) => a.at - b.at)[0];
}

/**
 * A time of grace ends nothing by itself (`user_grace_period`). That of `utilization` ends with the session where it has used less
 * than it has to until then.
 */
function endsSession(check: string, report: IdleCheck): boolean {
  return (
    report.remaining_time_type !== "grace_period" || (check === "utilization" && isUnderused(report.extra))
  );
}

/** `{"thresholds_check_operator": "and", "resources": {"cuda_util": [average, threshold], …}}`, once there are measurements. */
const Utilization = z.looseObject({
  thresholds_check_operator: z.optional(z.string()),
  resources: z.record(z.string(), z.tuple([z.number(), z.number()])),
});

/** By `and`, the default, one resource that is used enough keeps the session; by `or`, all have to be. */
function isUnderused(extra: unknown): boolean {
  const { resources = {}, thresholds_check_operator: operator } = Utilization.safeParse(extra).data ?? {};
  const enough = Object.values(resources).map(([average, threshold]) => average >= threshold);
  return enough.length > 0 && !(operator === "or" ? enough.every(Boolean) : enough.some(Boolean));
}
