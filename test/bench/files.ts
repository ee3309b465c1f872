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
import { CurlReader } from "./files/curlReader.js";
import { SftpProgram } from "./files/sftpProgram.js";
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
    // Looked at and read, as VS Code opens a document; every time as for the first time.
    const open = async (): Promise<number> => {
      const byCalls = access("api");
      await byCalls.stat("/home/work/bench/small", { signal });
      return drain(byCalls.read("/home/work/bench/small", { signal }));
    };
    const curl = new CurlReader(server, sessionId);
    bar(
      "opening 4 kB by the server's calls, to curl doing them",
      await ratio(open, async () => curl.open("bench", "small"), 4 * pairs),
      bars.read,
    );
    const bare = async (): Promise<number> => {
      await client.files.list(sessionId, "bench");
      return (await client.files.downloadSingle(sessionId, "bench/small")).length;
    };
    bar("the same, to the bare calls in this process", await ratio(open, bare, 4 * pairs), bars.read);
    const program = await SftpProgram.open(client, ssh, sessionId);
    const readLarge = async (): Promise<number> => drain(files.read("/home/work/bench/large", { signal }));
    try {
      const toProgram = await ratio(readLarge, async () =>
        program.read("bench/large").then(() => largeBytes),
      );
      bar("read of 100 MB over ssh, to OpenSSH's sftp", toProgram, bars.read);
    } finally {
      await program.end();
    }
    const toCat = await ratio(readLarge, async () => cat(await lease.connection.exec("cat bench/large")));
    report.note("the same, to cat in the same connection", `${toCat.toFixed(2)}×`);
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
