import type { Era } from "../era.js";
import type { Session } from "./session.js";

/** One figure as agents write it: decimals in strings (`protocol.md` §3.6). */
interface Metric {
  readonly current: string;
  readonly capacity: string | null;
  readonly pct: string;
  readonly unit_hint: string;
  readonly [statistic: `stats.${string}`]: string;
}

/** Milliseconds of a core's second: what `cpu_util` is measured against. */
const secondMs = 1000;

/**
 * `live_stat` of a session's container, measured now; `null` when nothing of it runs. There is no network of its own to be
 * measured.
 */
export async function liveStatistics(session: Session, era: Era): Promise<string | null> {
  const { execution, spec } = session;
  if (execution === undefined || session.isDead) {
    return null;
  }
  const usage = await execution.processes.usage();
  const memory = spec.slots["mem"] ?? 0;
  const limit = era.since("24.03") ? memory : usage.memoryBytes; // before: whatever the first measurement was
  const peak = { "stats.max": decimal(usage.memoryBytes) };
  return JSON.stringify({
    cpu_util: metric("percent", usage.cpu.perSecond, secondMs, {
      "stats.max": decimal(Math.max(usage.cpu.perSecond, 0)),
      "stats.avg": decimal(averageOf(session, usage.cpu.total)),
    }),
    cpu_used: metric("msec", usage.cpu.total, usage.cpu.total),
    mem: metric("bytes", usage.memoryBytes, limit, peak),
    ...(usage.read && { io_read: flow(usage.read.total, usage.read.perSecond) }),
    ...(usage.written && { io_write: flow(usage.written.total, usage.written.perSecond) }),
  });
}

function flow(total: number, perSecond: number): Metric {
  return metric("bytes", total, total, { "stats.rate": decimal(perSecond) });
}

/** Milliseconds a second since the session has run. */
function averageOf(session: Session, totalMs: number): number {
  const ageMs = Date.now() - (session.startedAt ?? session.createdAt).getTime();
  return (totalMs / Math.max(1, ageMs)) * secondMs;
}

function metric(
  unit: string,
  current: number,
  capacity: number,
  statistics: Readonly<Record<`stats.${string}`, string>> = {},
): Metric {
  const pct = capacity > 0 ? ((current / capacity) * 100).toFixed(2) : "0.00";
  return {
    current: decimal(current),
    capacity: decimal(capacity),
    pct: pct.replace(/\.00$/, capacity > 0 ? "" : ".00"),
    unit_hint: unit,
    ...statistics,
  };
}

/** At most three decimals, and none that say nothing. */
function decimal(value: number): string {
  return value.toFixed(3).replace(/\.?0+$/, "");
}
