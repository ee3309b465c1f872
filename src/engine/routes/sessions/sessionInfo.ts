import type { Account } from "../../auth/account.js";
import type { Era } from "../../era.js";
import { canonicalName } from "../../images/imageCatalog.js";
import { idleChecks } from "../../sessions/idleChecks.js";
import type { Session } from "../../sessions/session.js";
import { slotsInPython } from "../../sessions/slots.js";

/** The answer of `GET /session/{id}`; old servers have fewer keys (`protocol.md` §3.2). */
export function sessionInfo(session: Session, account: Account, era: Era): Record<string, unknown> {
  const { spec } = session;
  const image = canonicalName(spec.image);
  const slots = slotsInPython(spec.slots);
  const held = session.isPlaced ? slots : "{}";
  return {
    domainName: account.domain,
    groupId: account.groupId,
    userId: account.userId,
    lang: image,
    image,
    ...(era.since("22.09") ? { architecture: spec.image.architecture } : {}),
    registry: spec.image.registry,
    tag: spec.tag ?? (era.since("26.1") ? "" : null),
    containerId: session.execution === undefined ? noContainer(era) : session.containerId,
    occupiedSlots: era.since("26.1") ? held : slots,
    ...(era.since("23.09")
      ? {
          occupyingSlots: held,
          requestedSlots: slots,
          resourceOpts: `{'main1': {'shmem': ${String(spec.sharedMemoryBytes)}}}`,
        }
      : {}),
    occupiedShares: "{}",
    environ: environInPython(spec.environ),
    status: session.status,
    statusInfo: session.statusInfo || (era.since("26.1") ? "None" : ""),
    ...(era.since("20.09") ? { statusData: session.statusData ?? (era.since("26.1") ? null : {}) } : {}),
    age: Date.now() - session.createdAt.getTime(),
    creationTime: timeText(session.createdAt, era),
    terminationTime: session.terminatedAt === undefined ? null : timeText(session.terminatedAt, era),
    numQueriesExecuted: session.queries,
    lastStat: null,
    ...(era.since("23.09") ? { idleChecks: idleChecks(session) } : {}),
  };
}

/** `2026-11-23 19:48:32.488000+00:00`; with a `T` since 26. */
function timeText(time: Date, era: Era): string {
  const iso = time.toISOString().replace("Z", "000+00:00");
  return era.since("26.1") ? iso : iso.replace("T", " ");
}

function noContainer(era: Era): string | null {
  return era.since("26.1") ? null : "None";
}

function environInPython(environ: Readonly<Record<string, string>>): string {
  const items = Object.entries(environ).map(([name, value]) => `${quoted(name)}: ${quoted(value)}`);
  return `{${items.join(", ")}}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;
}
