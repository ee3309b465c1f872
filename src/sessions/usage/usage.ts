import * as z from "zod/mini";
import type { FieldRecord } from "../../api/index.js";
import { isReleaseAtLeast } from "../../wire/version.js";

/** How much of something is in use, and of how much; `undefined` where there is no limit or none is known. */
export interface Share {
  readonly used: number;
  readonly of: number | undefined;
}

/** One kind of accelerator of a session, all of its devices together. */
export interface AcceleratorUsage {
  /** As in the names of slots and statistics: `cuda`, `rocm`, `ipu`. */
  readonly kind: string;
  /** Busy devices, of how many: 0.5 of 1 is a device that is busy half of the time. */
  readonly devices: Share | undefined;
  /** Bytes. */
  readonly memory: Share | undefined;
}

/** What a session uses, all of its containers together; what its server does not tell is `undefined`. */
export interface SessionUsage {
  /** Busy cores: 1.5 of 4. */
  readonly cpu: Share | undefined;
  /** Bytes. */
  readonly memory: Share | undefined;
  readonly accelerators: readonly AcceleratorUsage[];
  /** Bytes since the start, and bytes a second. */
  readonly diskRead: Flow | undefined;
  readonly diskWritten: Flow | undefined;
  /** Bytes a second. */
  readonly received: number | undefined;
  readonly sent: number | undefined;
  readonly containers: number;
}

/** Bytes so far, and bytes a second where that is known. */
export interface Flow {
  readonly bytes: number;
  readonly perSecond: number | undefined;
}

const Figure = z.union([z.string(), z.number()]);

/** One metric (`protocol.md` §3.6). `pct` is left alone: of many metrics its capacity is just the first value. */
const Metric = z.looseObject({
  current: Figure,
  capacity: z.optional(z.nullable(Figure)),
  "stats.max": z.optional(z.nullable(Figure)),
  "stats.avg": z.optional(z.nullable(Figure)),
  "stats.rate": z.optional(z.nullable(Figure)),
});

const Statistics = z.record(z.string(), z.unknown());

/** Above it a number of bytes stands for “no limit”. */
const unlimited = 2 ** 60;

/** One container's figures. */
type ContainerUsage = Omit<SessionUsage, "containers">;

/**
 * What `live_stat` and `occupied_slots` of a session's containers say, in the words of any release; `undefined` while there are
 * no figures: before the first measurement, and on servers that keep none.
 */
export function usageOf(containers: readonly FieldRecord[], manager: string): SessionUsage | undefined {
  const usages = containers.flatMap((container) => containerUsage(container, manager) ?? []);
  if (usages.length === 0) {
    return undefined;
  }
  const all = <T>(pick: (usage: ContainerUsage) => T | undefined): T[] =>
    usages.flatMap((usage) => pick(usage) ?? []);
  return {
    cpu: sumOfShares(all(({ cpu }) => cpu)),
    memory: sumOfShares(all(({ memory }) => memory)),
    accelerators: sumOfAccelerators(usages.flatMap(({ accelerators }) => accelerators)),
    diskRead: sumOfFlows(all(({ diskRead }) => diskRead)),
    diskWritten: sumOfFlows(all(({ diskWritten }) => diskWritten)),
    received: sum(all(({ received }) => received)),
    sent: sum(all(({ sent }) => sent)),
    containers: usages.length,
  };
}

function containerUsage(container: FieldRecord, manager: string): ContainerUsage | undefined {
  const statistics = z.safeParse(Statistics, container["live_stat"]);
  if (!statistics.success || Object.keys(statistics.data).length === 0) {
    return undefined;
  }
  const slots = z.safeParse(Statistics, container["occupied_slots"]).data ?? {};
  const metric = (name: string): MetricFigures | undefined => metricOf(statistics.data[name]);
  return {
    cpu: cpuOf(metric("cpu_util"), numberOf(slots["cpu"])),
    memory: memoryOf(metric("mem"), numberOf(slots["mem"]), manager),
    accelerators: acceleratorsOf(statistics.data),
    diskRead: flowOf(metric("io_read")),
    diskWritten: flowOf(metric("io_write")),
    received: rateOf(metric("net_rx")),
    sent: rateOf(metric("net_tx")),
  };
}

interface MetricFigures {
  readonly current: number;
  readonly capacity: number | undefined;
  readonly max: number | undefined;
  readonly average: number | undefined;
  readonly rate: number | undefined;
}

function metricOf(value: unknown): MetricFigures | undefined {
  const parsed = z.safeParse(Metric, value);
  const current = parsed.success ? numberOf(parsed.data.current) : undefined;
  if (!parsed.success || current === undefined) {
    return undefined;
  }
  return {
    current,
    capacity: numberOf(parsed.data.capacity),
    max: numberOf(parsed.data["stats.max"]),
    average: numberOf(parsed.data["stats.avg"]),
    rate: numberOf(parsed.data["stats.rate"]),
  };
}

/** What agents measure `cpu_util` against, and how far apart their measurements are; milliseconds. */
const secondMs = 1000;
const intervalMs = 5000;

/**
 * Milliseconds of CPU in a second, whatever the number of cores; before 22.09 those since the measurement before, with no
 * capacity of their own. Before 26.8 the first measurement has the milliseconds since the start in their place, by which highest
 * and average are the same.
 */
function cpuOf(metric: MetricFigures | undefined, cores: number | undefined): Share | undefined {
  if (metric === undefined) {
    return undefined;
  }
  const { current, capacity, max, average } = metric;
  const isFirst = current > 0 && max === current && average === current;
  const used = current / (capacity === secondMs ? secondMs : intervalMs);
  return isFirst ? undefined : { used: Math.max(0, used), of: cores };
}

/** The limit is the container's own since 24.03, and only there: else what the session has taken. */
function memoryOf(
  metric: MetricFigures | undefined,
  slot: number | undefined,
  manager: string,
): Share | undefined {
  if (metric === undefined) {
    return undefined;
  }
  const isLimit = isReleaseAtLeast(manager, "24.03") && (metric.capacity ?? 0) > 0;
  const limit = isLimit ? metric.capacity : slot;
  const of = limit === undefined || limit > unlimited ? slot : limit;
  return { used: Math.max(0, metric.current), of };
}

function acceleratorsOf(statistics: Readonly<Record<string, unknown>>): readonly AcceleratorUsage[] {
  const kinds = new Set(
    Object.keys(statistics).flatMap((name) => /^(?!cpu_)(\w+)_(?:util|mem)$/.exec(name)?.[1] ?? []),
  );
  return [...kinds].flatMap((kind) => {
    const util = metricOf(statistics[`${kind}_util`]);
    const memory = metricOf(statistics[`${kind}_mem`]);
    const usage = {
      kind,
      devices: util && { used: util.current / 100, of: util.capacity && util.capacity / 100 },
      memory: memory && { used: memory.current, of: memory.capacity },
    };
    const isThere = (util?.capacity ?? 0) > 0 || (memory?.capacity ?? 0) > 0;
    return isThere ? [usage] : []; // 0 devices: the server has such, this session none
  });
}

function flowOf(metric: MetricFigures | undefined): Flow | undefined {
  return metric && { bytes: metric.current, perSecond: metric.rate };
}

/** Named bits a second, and bytes a second. The first measurement has the total in its place, which is its capacity as well. */
function rateOf(metric: MetricFigures | undefined): number | undefined {
  return metric === undefined || (metric.current > 0 && metric.current === metric.capacity)
    ? undefined
    : Math.max(0, metric.current);
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function sum(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
}

function sumOfShares(shares: readonly Share[]): Share | undefined {
  const used = sum(shares.map((share) => share.used));
  const limits = shares.flatMap(({ of }) => of ?? []);
  return used === undefined
    ? undefined
    : { used, of: limits.length < shares.length ? undefined : sum(limits) };
}

function sumOfFlows(flows: readonly Flow[]): Flow | undefined {
  const bytes = sum(flows.map((flow) => flow.bytes));
  return bytes === undefined
    ? undefined
    : { bytes, perSecond: sum(flows.flatMap((flow) => flow.perSecond ?? [])) };
}

function sumOfAccelerators(accelerators: readonly AcceleratorUsage[]): readonly AcceleratorUsage[] {
  return [...new Set(accelerators.map(({ kind }) => kind))].map((kind) => {
    const same = accelerators.filter((accelerator) => accelerator.kind === kind);
    return {
      kind,
      devices: sumOfShares(same.flatMap(({ devices }) => devices ?? [])),
      memory: sumOfShares(same.flatMap(({ memory }) => memory ?? [])),
    };
  });
}
