/**
 * What files of sessions cost: `npm run bench:files` on an engine of its own, or with `BENCH_TARGET=environment` on the server of
 * the `BACKEND_*` variables. Each figure is a ratio to the bare call that does the same, taken in turn, the median of pairs. The
 * exit code is 1 when a bar is missed.
 */
import type { ClientChannel, SFTPWrapper } from "ssh2";
import type { BackendAIClient } from "../../src/api/index.js";
import { silentLogger } from "../../src/base/logger.js";
import type { FileAccess, FileContent } from "../../src/files/access/fileAccess.js";
import { RoutedAccess } from "../../src/files/access/ways/routedAccess.js";
import { SessionSftp } from "../../src/files/sftp/sessionSftp.js";
import { HostKeys } from "../../src/tunnel/hostKeys.js";
import { programOutput } from "../../src/tunnel/programOutput.js";

import { SessionTunnels } from "../../src/tunnel/sessionTunnels.js";
import { connectionTo } from "../unit/tunnel/forwards/support/portsTarget.js";
import { memoryStore } from "../unit/tunnel/support/memoryStore.js";
import { Report } from "./runs/report.js";
import { openBenchServer } from "./terminal/benchServer.js";

const { signal } = new AbortController();
const pairs = Number(process.env["BENCH_PAIRS"] ?? 7);
const largeBytes = 100 * 1024 * 1024;
const hugeBytes = 1024 * 1024 * 1024;
const entries = 10_000;
const bars = { read: 1.15, list: 1.2, memoryMB: 64 };

const server = await openBenchServer(process.env["BENCH_TARGET"] === "environment" ? process.env : {});
const report = new Report(server.words);
const connection = await connectionTo(server.client);
const hostKeys = new HostKeys(memoryStore(), silentLogger);
const tunnels = new SessionTunnels({ connection, hostKeys, logger: silentLogger });
try {
  await server.withSession(async (id) => measure(server.client, id));
} finally {
  tunnels.dispose();
  await server.end();
}
process.exitCode = report.isMissed ? 1 : 0;

async function measure(client: BackendAIClient, sessionId: string): Promise<void> {
  const ssh = tunnels.ssh(client, sessionId);
  const lease = await ssh.acquire();
  const access = (connectionKind: "auto" | "api"): FileAccess =>
    new RoutedAccess({ client, sessionId }, new SessionSftp(tunnels, silentLogger), {
      connection: () => connectionKind,
      mayRunCommands: () => Promise.resolve(false),
    });
  const run = async (script: string): Promise<void> => {
    await programOutput(ssh, `cd && ${script}`, { signal, limitBytes: 1000, timeoutMs: 300_000 });
  };
  try {
    await run(
      `mkdir bench && cd bench && head -c 4096 /dev/urandom > small && mkdir many && cd many && seq ${entries} | xargs touch`,
    );
    await run(`head -c ${largeBytes} /dev/zero > bench/large`);
    const files = access("auto");
    const small = await ratio(
      async () => drain(access("api").read("/home/work/bench/small", { signal })),
      async () => client.files.downloadSingle(sessionId, "bench/small").then(({ length }) => length),
      4 * pairs,
    );
    bar("read of 4 kB by the server's call, to the bare call", small, bars.read);
    const large = await ratio(
      async () => drain(files.read("/home/work/bench/large", { signal })),
      async () => cat(await lease.connection.exec("cat bench/large")),
    );
    bar("read of 100 MB over ssh, to cat over ssh", large, bars.read);
    const sftp = await lease.connection.sftp();
    const list = await ratio(
      async () => (await files.list("/home/work/bench/many", { signal })).length,
      async () => readdir(sftp, "/home/work/bench/many"),
    );
    bar(`list of ${entries.toLocaleString("en")} entries, to bare readdir`, list, bars.list);
    await memory("memory for writing 1 GB", async () => {
      await files.write("/home/work/bench/huge", zeros(hugeBytes), { signal });
    });
    await memory("memory for reading 1 GB", async () => {
      await drain(files.read("/home/work/bench/huge", { signal }));
    });
    await run("rm -rf bench");
  } finally {
    lease.dispose();
  }
}

function bar(what: string, value: number, most: number): void {
  report.row(what, `${value.toFixed(2)}×`, `≤ ${most}×`, value <= most);
}

/** The median of ratios of two ways that are taken in turn, after one round that does not count. */
async function ratio(
  ours: () => Promise<number>,
  bare: () => Promise<number>,
  count = pairs,
): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round <= count; round += 1) {
    const isOursFirst = round % 2 === 0;
    const first = await timed(isOursFirst ? ours : bare);
    const second = await timed(isOursFirst ? bare : ours);
    if (first.result !== second.result) {
      throw new Error(`One way gave ${first.result}, the other ${second.result}.`);
    }
    if (round > 0) {
      ratios.push(isOursFirst ? first.ms / second.ms : second.ms / first.ms);
    }
  }
  return ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? NaN;
}

async function timed(work: () => Promise<number>): Promise<{ readonly ms: number; readonly result: number }> {
  const begun = performance.now();
  const result = await work();
  return { ms: performance.now() - begun, result };
}

/** How much more memory this process has at most while something is done. */
async function memory(what: string, work: () => Promise<void>): Promise<void> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 50);
  await work();
  clearInterval(timer);
  const megabytes = (most - before) / 1024 / 1024;
  report.row(what, `+${megabytes.toFixed(0)} MB`, `< ${bars.memoryMB} MB`, megabytes < bars.memoryMB);
}

async function drain(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const { length } of pieces) {
    bytes += length;
  }
  return bytes;
}

async function cat(channel: ClientChannel): Promise<number> {
  let bytes = 0;
  channel.on("data", ({ length }: Buffer) => (bytes += length));
  await new Promise((resolve) => channel.once("close", resolve));
  return bytes;
}

async function readdir(sftp: SFTPWrapper, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    sftp.readdir(path, (error, list) => (error ? reject(error) : resolve(list.length)));
  });
}

function zeros(size: number): FileContent {
  const piece = Buffer.alloc(256 * 1024);
  return {
    size,
    *open(start) {
      for (let at = start; at < size; at += piece.length) {
        yield piece.subarray(0, Math.min(piece.length, size - at));
      }
    },
  };
}
