/**
 * What completion from a session costs: `npm run bench:completion` on the built engine, or with `BENCH_TARGET=environment` on the server
 * of the `BACKEND_*` variables. Bare calls and the extension's ladder ask in turn, in one process; what the ladder adds is the median
 * of the differences. The exit code is 1 when a bar is missed.
 */
import { silentLogger } from "../../src/base/logger.js";
import type { CodePoint } from "../../src/completion/source/completionSource.js";
import { EndpointSource } from "../../src/completion/source/endpointSource.js";
import { QuerySource } from "../../src/completion/source/probe/querySource.js";
import { SourceLadder } from "../../src/completion/source/sourceLadder.js";
import { Report } from "./runs/report.js";
import { openBenchServer } from "./terminal/benchServer.js";

const pairs = Number(process.env["BENCH_PAIRS"] ?? 200);
/** What the ladder may add to a bare call, at the median. */
const overheadBarMs = 2;
const never = new AbortController().signal;

const server = await openBenchServer(process.env["BENCH_TARGET"] === "environment" ? process.env : {});
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
      await measure("the call", { id, sources: [endpoint], bare: bareCall });
    }
    await measure("the query", {
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
process.exitCode = report.isMissed ? 1 : 0;

interface Compared {
  readonly id: string;
  readonly sources: ConstructorParameters<typeof SourceLadder>[0]["sources"];
  readonly bare: (line: string) => Promise<unknown>;
}

/** A bare question and one by the ladder in turn, the first one alternating; each for a word of its own, so that no answer is used twice. */
async function measure(name: string, { id, sources, bare }: Compared): Promise<void> {
  const ladder = new SourceLadder({
    sources,
    activity: () => client.runs.activity(id),
    logger: silentLogger,
    budgetMs: 10_000,
  });
  const bareMs: number[] = [];
  const ladderMs: number[] = [];
  const differences: number[] = [];
  for (let pair = -5; pair < pairs; pair += 1) {
    const line = `x${String(pair + 5)} = os.pa`;
    const asks = [
      async () => bare(line),
      async () => {
        const { candidates } = await ladder.complete(pointOf(line), never);
        if (candidates.length === 0) {
          throw new Error(`${name}: the ladder gave no answer.`);
        }
      },
    ] as const;
    const isBareFirst = pair % 2 === 0;
    const one = await timed(asks[isBareFirst ? 0 : 1]);
    const other = await timed(asks[isBareFirst ? 1 : 0]);
    if (pair >= 0) {
      bareMs.push(isBareFirst ? one : other);
      ladderMs.push(isBareFirst ? other : one);
      differences.push(isBareFirst ? other - one : one - other);
    }
  }
  ladder.dispose();
  report.note(`${name}, bare`, spread(bareMs));
  report.note(`${name}, by the ladder`, spread(ladderMs));
  const added = quantile(differences, 0.5);
  report.row(
    `${name}: what the ladder adds, p50`,
    `${added.toFixed(2)} ms`,
    `< ${String(overheadBarMs)} ms`,
    added < overheadBarMs,
  );
}

async function measureAlone(name: string, ask: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let count = -3; count < pairs / 2; count += 1) {
    const ms = await timed(ask);
    times.push(...(count >= 0 ? [ms] : []));
  }
  report.note(name, spread(times));
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

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await ask();
  return performance.now() - startedAt;
}

function spread(times: readonly number[]): string {
  return `p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms`;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
