/**
 * What ten thousand sessions cost. A server in a process of its own answers over real HTTP; client, feed, store and rows are the
 * extension's.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { ConnectionStore } from "../../src/account/connectionStore.js";
import { BackendAIClient, type SessionSummary } from "../../src/api/index.js";
import { Emitter } from "../../src/base/event.js";
import { silentLogger } from "../../src/base/logger.js";
import { SessionFeed } from "../../src/sessions/sessionFeed.js";
import { SessionStore } from "../../src/sessions/sessionStore.js";
import { groupNode, sessionNode } from "../../src/sessions/sessionTree.js";
import { SessionFilter } from "../../src/sessions/tree/sessionFilter.js";
import { type ForestChange, SessionForest } from "../../src/sessions/tree/sessionForest.js";
import { liveStatusesOf } from "../../src/wire/status.js";
import { session } from "../support/records.js";
import { ownKey } from "../support/sessionServer.js";
import { until } from "../support/until.js";
import { median, middleHalf, msWords } from "./harness/numbers.js";
import { Report } from "./harness/report.js";

const count = Number(process.env["BENCH_SESSIONS"] ?? 10_000);
const rounds = 3000;
/** Views that are opened for the median of their first pages. */
const opened = 25;
const bars = {
  firstPage: 2.5,
  allMs: 10_000,
  eventRatio: 3,
  moveRatio: 8,
  nodes: 1,
  groups: 2,
  filterMs: 16,
  blockMs: 100,
};

const report = new Report(`${count.toLocaleString("en")} sessions`);
await lists();
perEvent();
filters();

/** From a server to the rows, and events on the way back. */
async function lists(): Promise<void> {
  const server = fork(new URL("./sessions/listServer.ts", import.meta.url), [String(count)]);
  const [{ url }] = (await once(server, "message")) as [{ readonly url: string }];
  const credentials = { type: "keypair", accessKey: ownKey, secretKey: "secret" } as const;
  const client = await BackendAIClient.connect({ endpoint: url, credentials });
  try {
    await firstPages(client);
    const blocks = watchBlocks();
    const followed = await follow(client);
    await reached(followed.store, () => followed.store.state.phase === "ready");
    const allMs = performance.now() - followed.began;
    if (followed.store.size !== count) {
      throw new Error(`Of ${count} sessions, ${followed.store.size} were read.`);
    }
    const bar = { atMost: bars.allMs };
    report.figure({ id: "all", what: "all sessions read", value: allMs, unit: "ms", bar });
    blockFigure("all/block", "longest block while they are read", blocks.longestMs());
    await follows(server, followed.store, blocks);
    followed.end();
  } finally {
    await client.close();
    server.disconnect();
  }
}

/** Views that are opened one after the other, and bare pages in turn with them. */
async function firstPages(client: BackendAIClient): Promise<void> {
  const [bare, ours]: [number[], number[]] = [[], []];
  const status = liveStatusesOf(client.dialect.manager);
  for (let round = 0; round < opened; round += 1) {
    const began = performance.now();
    await client.sessions.page({ status, accessKey: ownKey });
    bare.push(performance.now() - began);
    const followed = await follow(client);
    await reached(followed.store, () => followed.store.size > 0 && followed.forest.roots().length > 0);
    ours.push(performance.now() - followed.began);
    followed.end();
  }
  report.figure({
    id: "first-page",
    what: "first page on show",
    against: "one bare page",
    value: median(ours) / median(bare),
    unit: "×",
    spread: middleHalf(ours.map((each, round) => each / (bare[round] ?? Number.NaN))),
    sides: `${msWords(median(ours))} and ${msWords(median(bare))}`,
    bar: { atMost: bars.firstPage },
  });
}

/** A view that somebody looks at; who asks for it ends it. */
async function follow(client: BackendAIClient): Promise<{
  readonly store: SessionStore;
  readonly forest: SessionForest;
  /** When somebody began to look. */
  readonly began: number;
  end(): void;
}> {
  const open = { client, onDidClose: new Emitter<Error>().event, close: async () => Promise.resolve() };
  const connection = new ConnectionStore(async () => Promise.resolve(open), silentLogger);
  const store = new SessionStore();
  const forest = new SessionForest(store);
  const feed = new SessionFeed({ connection, store, logger: silentLogger });
  await connection.connect({ kind: "local" });
  const began = performance.now();
  feed.setWatched(true);
  const end = (): void => {
    feed.dispose();
    forest.dispose();
  };
  return { store, forest, began, end };
}

/** A burst of events through the real stream. */
async function follows(
  server: ReturnType<typeof fork>,
  store: SessionStore,
  blocks: ReturnType<typeof watchBlocks>,
): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300)); // the second look at the newest is over
  blocks.longestMs();
  let applied = 0;
  const hook = store.onDidChange(({ kind }) => (applied += Number(kind === "sessions")));
  const cpu = process.cpuUsage();
  server.send({ events: rounds });
  let before = -1;
  await until("the events", async () => {
    const isSettled = applied > 0 && applied === before;
    before = applied;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return isSettled;
  });
  hook.dispose();
  const { user, system } = process.cpuUsage(cpu);
  report.figure({
    id: "event/stream",
    what: `processor time of an event, stream to rows (${applied} of ${rounds} changed a session)`,
    value: (user + system) / rounds,
    unit: "µs",
  });
  blockFigure("event/block", "longest block while events come", blocks.longestMs());
  blocks.stop();
}

/** The work of store and rows for one event, with few sessions and with many. */
function perEvent(): void {
  const [few, many] = [changes(1), changes(count)];
  const ratio = many.medianUs / few.medianUs;
  report.figure({
    id: "event",
    what: `an event that changes a session of ${count}`,
    against: "of one session",
    value: ratio,
    unit: "×",
    sides: usWords(many.medianUs, few.medianUs),
    bar: { atMost: bars.eventRatio },
  });
  rowsFigure("event/rows", many.nodes, bars.nodes);
  const [fewMoves, manyMoves] = [moves(12), moves(count)];
  const moveRatio = manyMoves.medianUs / fewMoves.medianUs;
  report.figure({
    id: "move",
    what: `an event that takes a session of ${count} to another group`,
    against: "of 12 sessions",
    value: moveRatio,
    unit: "×",
    sides: usWords(manyMoves.medianUs, fewMoves.medianUs),
    bar: { atMost: bars.moveRatio },
  });
  rowsFigure("move/rows", manyMoves.nodes, bars.groups);
}

/** Events that change a session where it is. */
function changes(size: number): { readonly medianUs: number; readonly nodes: number } {
  return events(size, (known, round) => ({ ...known, statusInfo: `step ${round}` }));
}

/** Events that take a session from one group to another. */
function moves(size: number): { readonly medianUs: number; readonly nodes: number } {
  return events(size, (known) => ({
    ...known,
    status: known.status === "RUNNING" ? "TERMINATING" : "RUNNING",
  }));
}

function events(
  size: number,
  next: (known: SessionSummary, round: number) => SessionSummary,
): { readonly medianUs: number; readonly nodes: number } {
  const { store, forest } = filled(size);
  const drawn: ForestChange[] = [];
  forest.onDidChange((row) => drawn.push(row));
  const times: number[] = [];
  let most = 0;
  for (let round = 0; round < rounds; round += 1) {
    const known = store.find(`s${(round * 7919) % size}`);
    if (known === undefined) {
      throw new Error("There is no such session.");
    }
    drawn.length = 0;
    const began = performance.now();
    store.update({ put: [next(known, round)] });
    for (const row of drawn) {
      draw(forest, row);
    }
    times.push((performance.now() - began) * 1000);
    most = Math.max(most, drawn.length);
  }
  forest.dispose();
  return { medianUs: median(times.slice(rounds / 10)), nodes: most };
}

/** What VS Code asks for of a row that is drawn anew. */
function draw(forest: SessionForest, row: ForestChange): void {
  if (row?.kind === "session") {
    sessionNode(row.session, { now: 0 });
  } else if (row !== undefined) {
    groupNode(row.group, forest.countOf(row.group));
  }
}

function filters(): void {
  const { forest } = filled(count);
  const texts = ["n", "na", "nam", "name", "name-1", "name-12", "name-12 python", "nothing"];
  const times: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    for (const text of texts) {
      const began = performance.now();
      forest.filter = new SessionFilter(text);
      forest.roots();
      times.push(performance.now() - began);
    }
  }
  forest.dispose();
  const worst = Math.max(...times.slice(texts.length));
  report.figure({
    id: "filter",
    what: "a keystroke of the filter, median",
    value: median(times),
    unit: "ms",
    sides: `worst ${msWords(worst)}`,
    bar: { atMost: bars.filterMs },
  });
}

function filled(size: number): { readonly store: SessionStore; readonly forest: SessionForest } {
  const store = new SessionStore();
  const sessions = Array.from({ length: size }, (_, index) =>
    session({
      id: `s${index}`,
      name: `name-${index}`,
      status: ["RUNNING", "PENDING", "TERMINATING"][index % 3] ?? "",
      createdAt: new Date(Date.UTC(2026, 0, 1) - index * 60_000),
    }),
  );
  store.replace({ phase: "ready", sessions });
  return { store, forest: new SessionForest(store) };
}

function blockFigure(id: string, what: string, longestMs: number): void {
  report.figure({ id, what, value: longestMs, unit: "ms", bar: { atMost: bars.blockMs } });
}

function rowsFigure(id: string, rows: number, most: number): void {
  report.figure({ id, what: "rows drawn anew for it", value: rows, unit: "", bar: { atMost: most } });
}

function usWords(many: number, few: number): string {
  return `${many.toFixed(1)} µs and ${few.toFixed(1)} µs`;
}

/** Watches for how long the event loop has no turn, in processor time: what else the computer does is not counted. */
function watchBlocks(): { longestMs(): number; stop(): void } {
  let longest = 0;
  let at = performance.now();
  let cpu = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(cpu);
    longest = Math.max(longest, Math.min(performance.now() - at, (user + system) / 1000));
    at = performance.now();
    cpu = process.cpuUsage();
  }, 2);
  return {
    longestMs: () => {
      const value = longest;
      longest = 0;
      return value;
    },
    stop: () => clearInterval(timer),
  };
}

/** Waits for the moment itself, without asking in between. */
async function reached(store: SessionStore, isThere: () => boolean): Promise<void> {
  if (isThere()) {
    return;
  }
  await new Promise<void>((resolve) => {
    const hook = store.onDidChange(() => {
      if (isThere()) {
        hook.dispose();
        resolve();
      }
    });
  });
}
