/**
 * What completion from a session costs. Bare questions and the extension's ladder ask in turn, in one process; what the ladder adds is the
 * median of the differences.
 */
import { silentLogger } from "../../src/base/logger.js";
import type { CodePoint } from "../../src/completion/source/completionSource.js";
import { EndpointSource } from "../../src/completion/source/endpointSource.js";
import { QuerySource } from "../../src/completion/source/probe/querySource.js";
import { SourceLadder } from "../../src/completion/source/sourceLadder.js";
import { msWords, quantile, timed } from "./harness/numbers.js";
import { Report } from "./harness/report.js";
import { openBenchServer } from "./support/benchServer.js";

const pairs = Number(process.env["BENCH_PAIRS"] ?? 200);
/** What the ladder may add to a bare call, at the median. */
const overheadBarMs = 2;
const never = new AbortController().signal;

const server = await openBenchServer();
const { client } = server;
const report = new Report(`${server.words}, ${String(pairs)} questions each`);
try {
  await server.withSession(async (id) => {
    await run(id, "import os");
    const endpoint = new EndpointSource(client, id);
    const query = new QuerySource({ client, sessionId: id, logger: silentLogger });
    const bareCall = async (line: string): Promise<unknown> =>
      client.completion.complete(id, line, { row: 0, col: line.length, line, post: "" });
    if (endpoint.suits("python", "complete") === "yes") {
      await measure("call", { id, sources: [endpoint], bare: bareCall });
    }
    await measure("query", {
      id,
      sources: [query],
      bare: async (line) => query.complete(pointOf(line), never),
    });
    await measureAlone("an empty query", async () => run(id, "pass"));
    await measureAlone("describing by a query", async () =>
      query.describe("os.path.join", pointOf(""), never),
    );
    await measureAlone("500 candidates by a query", async () => query.complete(pointOf("os."), never));
  });
} finally {
  await server.end();
}

interface Compared {
  readonly id: string;
  readonly sources: ConstructorParameters<typeof SourceLadder>[0]["sources"];
  readonly bare: (line: string) => Promise<unknown>;
}

/** A bare question and one by the ladder in turn; each for a word of its own, so that no answer is used twice. */
async function measure(name: string, { id, sources, bare }: Compared): Promise<void> {
  const ladder = new SourceLadder({
    sources,
    activity: () => client.runs.activity(id),
    logger: silentLogger,
    budgetMs: 10_000,
  });
  const times: { readonly bare: number[]; readonly ladder: number[] } = { bare: [], ladder: [] };
  for (let pair = -5; pair < pairs; pair += 1) {
    const line = `x${String(pair + 5)} = os.pa`;
    const asks = {
      bare: async () => bare(line),
      ladder: async () => {
        const { candidates } = await ladder.complete(pointOf(line), never);
        if (candidates.length === 0) {
          throw new Error(`${name}: the ladder gave no answer.`);
        }
      },
    };
    for (const which of pair % 2 === 0 ? (["bare", "ladder"] as const) : (["ladder", "bare"] as const)) {
      const ms = await timed(asks[which]);
      times[which].push(...(pair >= 0 ? [ms] : []));
    }
  }
  ladder.dispose();
  const differences = times.ladder.map((ms, pair) => ms - (times.bare[pair] ?? Number.NaN));
  const sides = (part: number): string =>
    [times.ladder, times.bare].map((each) => msWords(quantile(each, part))).join(" and ");
  const against = "the bare question";
  report.figure({
    id: `${name}/p50`,
    what: `${name}: what the ladder adds, p50`,
    against,
    value: quantile(differences, 0.5),
    unit: "ms",
    sides: sides(0.5),
    bar: { atMost: overheadBarMs },
  });
  report.figure({
    id: `${name}/p99`,
    what: `${name} by the ladder, p99`,
    against,
    value: quantile(times.ladder, 0.99) / quantile(times.bare, 0.99),
    unit: "×",
    sides: sides(0.99),
  });
}

async function measureAlone(name: string, ask: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let count = -3; count < pairs / 2; count += 1) {
    const ms = await timed(ask);
    times.push(...(count >= 0 ? [ms] : []));
  }
  const sides = `p99 ${msWords(quantile(times, 0.99))}`;
  report.figure({ id: name, what: `${name}, median`, value: quantile(times, 0.5), unit: "ms", sides });
}

async function run(id: string, code: string): Promise<void> {
  for await (const event of client.runs.query(id, code)) {
    if (event.type === "maybeLost") {
      throw new Error("The end of a query was lost.");
    }
  }
}

function pointOf(line: string): CodePoint {
  return { languageId: "python", code: line, row: 0, col: line.length };
}
