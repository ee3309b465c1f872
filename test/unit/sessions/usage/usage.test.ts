import assert from "node:assert/strict";
import { type SessionUsage, usageOf } from "../../../../src/sessions/usage/usage.js";
import {
  formatBinary,
  formatPercent,
  isMemoryScarce,
  usageLine,
  usageRows,
  usageTooltip,
} from "../../../../src/sessions/usage/usageText.js";
import { recordingsOf } from "../../golden/recordings.js";

interface RecordedContainer {
  readonly live_stat: string | null;
}

/** The figures of containers as a release's manager gave them, with the slots of their sessions. */
function recorded(release: string): readonly (SessionUsage | undefined)[] {
  return recordingsOf(release).flatMap(({ body }) => {
    const text = body?.toString() ?? "";
    if (!text.includes('"compute_session_list"') || !text.includes('"live_stat"')) {
      return [];
    }
    const { data } = JSON.parse(text) as {
      data?: {
        compute_session_list: { items: { occupied_slots: string; containers: RecordedContainer[] }[] };
      };
    };
    return (data?.compute_session_list.items ?? []).map(({ occupied_slots: slots, containers }) =>
      usageOf(
        containers.map(({ live_stat: stat }) => ({
          live_stat: stat === null ? null : (JSON.parse(stat) as unknown),
          occupied_slots: JSON.parse(slots) as unknown,
        })),
        release,
      ),
    );
  });
}

const metric = (current: string, capacity: string, more = {}): Record<string, unknown> => ({
  ...{ current, capacity, pct: "0", unit_hint: "x" },
  ...more,
});
const container = (
  stat: unknown,
  slots: unknown = { cpu: "2", mem: "1073741824" },
): Record<string, unknown> => ({
  ...{ live_stat: stat, occupied_slots: slots },
});

describe("usageOf", () => {
  it("reads what real managers say, whose percents of memory and network mean nothing", () => {
    const [first, second] = recorded("23.09");
    assert.deepEqual([first?.cpu?.used.toFixed(6), first?.cpu?.of], ["0.001394", 1]);
    assert.equal(first?.memory, undefined);
    assert.deepEqual(second?.memory, { used: 121_401_344, of: 268_435_456 }); // not 220 % of its first value
    assert.deepEqual([second?.received, second?.sent], [1184.87, 1062.371]);
    assert.deepEqual(second?.diskRead, { bytes: 0, perSecond: 0 });
    const [newer] = recorded("24.09");
    assert.deepEqual(newer?.memory, { used: 141_266_944, of: 201_326_592 }); // the container's own limit
    assert.deepEqual([newer?.received, newer?.sent], [undefined, undefined]); // totals of a first measurement
    assert.deepEqual(recorded("26.8")[0], undefined); // no figures without its Prometheus
  });

  it("takes no first measurement, which is a total, for a rate", () => {
    const first = metric("2797.415", "1000", { "stats.max": "2797.415", "stats.avg": "2797.415" });
    assert.equal(usageOf([container({ cpu_util: first })], "23.09")?.cpu, undefined);
    const idle = metric("0", "1000", { "stats.max": "0", "stats.avg": "0" });
    assert.deepEqual(usageOf([container({ cpu_util: idle })], "26.8")?.cpu, { used: 0, of: 2 });
  });

  it("reads the milliseconds between two measurements of releases before 22.09", () => {
    const between = metric("2500", "840", { "stats.max": "99", "stats.avg": "50" });
    assert.deepEqual(usageOf([container({ cpu_util: between })], "20.03.19")?.cpu, { used: 0.5, of: 2 });
  });

  it("tells of accelerators of any kind, and not of those that a session has none of", () => {
    const stat = {
      cuda_util: metric("150", "200"),
      cuda_mem: metric("4294967296", "17179869184"),
      ipu_util: metric("25", "100"),
      rocm_util: metric("0", "0"),
      rocm_mem: metric("0", "0"),
    };
    assert.deepEqual(usageOf([container(stat)], "24.09")?.accelerators, [
      { kind: "cuda", devices: { used: 1.5, of: 2 }, memory: { used: 4 * 1024 ** 3, of: 16 * 1024 ** 3 } },
      { kind: "ipu", devices: { used: 0.25, of: 1 }, memory: undefined },
    ]);
  });

  it("adds up the containers of a cluster", () => {
    const stat = {
      cpu_util: metric("500", "1000", { "stats.max": "900", "stats.avg": "100" }),
      mem: metric("1000", "4000"),
      cuda_util: metric("50", "100"),
      io_write: metric("10", "10", { "stats.rate": "5" }),
    };
    const usage = usageOf([container(stat), container(stat), container(null)], "24.09");
    assert.deepEqual(usage?.cpu, { used: 1, of: 4 });
    assert.deepEqual(usage?.memory, { used: 2000, of: 8000 });
    assert.deepEqual(usage?.accelerators[0]?.devices, { used: 1, of: 2 });
    assert.deepEqual(usage?.diskWritten, { bytes: 20, perSecond: 10 });
    assert.equal(usage?.containers, 2);
  });

  it("has nothing to say of what is no figure, and takes no word for a limit that is none", () => {
    for (const stat of [undefined, null, {}, "x", 3, []]) {
      assert.equal(usageOf([container(stat)], "24.09"), undefined);
    }
    const strange = usageOf([container({ mem: { current: "NaN" }, cpu_util: "x", node: {} })], "24.09");
    assert.deepEqual([strange?.cpu, strange?.memory], [undefined, undefined]);
    const endless = usageOf([container({ mem: metric("5", "9223372036854775807") }, {})], "26.8");
    assert.deepEqual(endless?.memory, { used: 5, of: undefined });
  });
});

describe("what the status bar says of usage", () => {
  const usage: SessionUsage = {
    cpu: { used: 1.5, of: 4 },
    memory: { used: 1.25 * 1024 ** 3, of: 4 * 1024 ** 3 },
    accelerators: [
      { kind: "cuda", devices: { used: 0.87, of: 1 }, memory: { used: 1024 ** 3, of: 16 * 1024 ** 3 } },
    ],
    diskRead: { bytes: 5 * 1024 ** 2, perSecond: 0 },
    diskWritten: undefined,
    received: 2048,
    sent: 100,
    containers: 1,
  };

  it("fits into one line", () => {
    assert.equal(usageLine(usage), "CPU 38 % · 1.3/4 GiB · GPU 87 %");
    assert.equal(
      usageLine({ ...usage, memory: { used: 300 * 1024 ** 2, of: 2 * 1024 ** 3 } }),
      "CPU 38 % · 300 MiB/2 GiB · GPU 87 %",
    );
    assert.equal(
      usageLine({ ...usage, cpu: undefined, memory: { used: 5, of: undefined }, accelerators: [] }),
      "5 B",
    );
  });

  it("tells the rest in a table", () => {
    assert.deepEqual(usageRows(usage), [
      ["CPU", "38 % (1.5 of 4 cores)"],
      ["Memory", "1.3 GiB of 4 GiB (31 %)"],
      ["GPU", "87 %"],
      ["GPU memory", "1 GiB of 16 GiB (6 %)"],
      ["Disk read", "5 MiB, 0 B/s"],
      ["Network", "↓ 2 KiB/s ↑ 100 B/s"],
    ]);
    assert.match(
      usageTooltip({ name: "a_b" }, { ...usage, containers: 3 }),
      /^\*\*a\\_b\*\* · 3 containers\n/,
    );
  });

  it("warns before the system kills for want of memory", () => {
    assert.equal(isMemoryScarce(usage), false);
    assert.equal(isMemoryScarce({ ...usage, memory: { used: 91, of: 100 } }), true);
    assert.equal(isMemoryScarce({ ...usage, memory: { used: 91, of: undefined } }), false);
  });

  it("rounds as people read", () => {
    const sizes = [0, 1023, 1024, 1536, 1023.99 * 1024, 99.96 * 1024, 1024 ** 3 * 123.4];
    assert.deepEqual(sizes.map(formatBinary), [
      "0 B",
      "1023 B",
      "1 KiB",
      "1.5 KiB",
      "1 MiB",
      "100 KiB",
      "123 GiB",
    ]);
    assert.deepEqual([0, 0.001, 0.006, 0.999, 2.5].map(formatPercent), [
      "0 %",
      "<1 %",
      "1 %",
      "100 %",
      "250 %",
    ]);
  });
});
