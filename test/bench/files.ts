/** What files of sessions cost beside the bare calls and programs that do the same, taken in turn; and the memory for large ones. */
import type { ClientChannel, SFTPWrapper } from "ssh2";
import type { BackendAIClient } from "../../src/api/index.js";
import { silentLogger } from "../../src/base/logger.js";
import type { FileAccess, FileContent } from "../../src/files/access/fileAccess.js";
import { RoutedAccess } from "../../src/files/access/ways/routedAccess.js";
import { SessionSftp } from "../../src/files/sftp/sessionSftp.js";
import { HostKeys } from "../../src/tunnel/hostKeys.js";
import { programOutput } from "../../src/tunnel/programOutput.js";
import type { SessionSsh, SshLease } from "../../src/tunnel/sessionSsh.js";
import { SessionTunnels } from "../../src/tunnel/sessionTunnels.js";
import { connectionTo } from "../unit/tunnel/forwards/support/portsTarget.js";
import { memoryStore } from "../unit/tunnel/support/memoryStore.js";
import { CurlReader } from "./files/curlReader.js";
import { SftpProgram } from "./files/sftpProgram.js";
import type { Limit } from "./harness/figure.js";
import { Report } from "./harness/report.js";
import { type Contestant, type Done, sideBySide } from "./harness/sideBySide.js";
import { openBenchServer } from "./support/benchServer.js";

const { signal } = new AbortController();
const rounds = Number(process.env["BENCH_PAIRS"] ?? 7);
/** Files by size. */
const sizes = { "1 kB": 1000, "1 MB": 1e6, "100 MB": 1e8 } as const;
const hugeBytes = 1024 * 1024 * 1024;
const lengths = [10, 1000, 10_000];
const bars = { read: 1.15, write: 1.15, list: 1.2, memoryMB: 64 };

const server = await openBenchServer();
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

async function measure(client: BackendAIClient, sessionId: string): Promise<void> {
  const ssh = tunnels.ssh(client, sessionId);
  const lease = await ssh.acquire();
  const program = await SftpProgram.open(client, sessionId);
  try {
    await makeFiles(ssh);
    await byCalls(client, sessionId);
    const files = accessOf(client, sessionId, "auto");
    await bySsh({ files, lease, program });
    await lists(files, lease);
    await huge(files);
  } finally {
    await program.end();
    lease.dispose();
  }
}

/** What VS Code does when it opens a document, by the server's calls. */
async function byCalls(client: BackendAIClient, sessionId: string): Promise<void> {
  const curl = new CurlReader(server, sessionId);
  await sideBySide(report, {
    id: "open",
    what: "opening 4 kB by the server's calls",
    ours: async () => {
      // Looked at and read; every time as for the first time.
      const access = accessOf(client, sessionId, "api");
      await access.stat("/home/work/bench/small", { signal });
      return drain(access.read("/home/work/bench/small", { signal }));
    },
    others: [
      other("bare", "the bare calls in this process", bars.read, async () => {
        await client.files.list(sessionId, "bench");
        return { result: (await client.files.downloadSingle(sessionId, "bench/small")).length };
      }),
      other("curl", "curl doing them", bars.read, async () => ({
        result: await curl.open("bench", "small"),
      })),
    ],
    rounds: 4 * rounds,
  });
}

interface SshWays {
  readonly files: FileAccess;
  readonly lease: SshLease;
  readonly program: SftpProgram;
}

/** Reads and writes over ssh, beside OpenSSH's sftp and beside the least that ssh can do in the same connection. */
async function bySsh({ files, lease, program }: SshWays): Promise<void> {
  for (const [words, bytes] of Object.entries(sizes)) {
    const file = `bench/${bytes}`;
    const copies = bytes > 1e7 ? rounds : 3 * rounds;
    await sideBySide(report, {
      id: `read-${bytes}`,
      what: `reading ${words} over ssh`,
      ours: async () => drain(files.read(`/home/work/${file}`, { signal })),
      others: [
        other("sftp", "OpenSSH's sftp", bars.read, async () =>
          program.read(file).then(() => ({ result: bytes })),
        ),
        other("cat", "cat in the same connection", undefined, async () =>
          cat(await lease.connection.exec(`cat ${file}`)),
        ),
      ],
      rounds: copies,
    });
    const local = await program.localFile(bytes);
    await sideBySide(report, {
      id: `write-${bytes}`,
      what: `writing ${words} over ssh, beside the old file and then in its place`,
      ours: async () =>
        files.write(`/home/work/bench/ours-${bytes}`, zeros(bytes), { signal }).then(() => ({})),
      others: [
        other("sftp", "OpenSSH's sftp, over the old file", bars.write, async () =>
          program.write(local, `bench/theirs-${bytes}`).then(() => ({})),
        ),
      ],
      rounds: copies,
    });
  }
}

async function lists(files: FileAccess, lease: SshLease): Promise<void> {
  const sftp = await lease.connection.sftp();
  for (const length of lengths) {
    await sideBySide(report, {
      id: `list-${length}`,
      what: `a list of ${length.toLocaleString("en")} entries`,
      ours: async () => ({
        result: (await files.list(`/home/work/bench/many-${length}`, { signal })).length,
      }),
      others: [
        other("readdir", "bare readdir", bars.list, async () =>
          readdir(sftp, `/home/work/bench/many-${length}`),
        ),
      ],
      rounds: length > 1000 ? rounds : 5 * rounds,
    });
  }
}

async function huge(files: FileAccess): Promise<void> {
  await memory("write", "memory for writing 1 GB", async () => {
    await files.write("/home/work/bench/huge", zeros(hugeBytes), { signal });
  });
  await memory("read", "memory for reading 1 GB", async () => {
    await drain(files.read("/home/work/bench/huge", { signal }));
  });
}

async function makeFiles(ssh: SessionSsh): Promise<void> {
  const many = lengths.map(
    (length) => `mkdir many-${length} && (cd many-${length} && seq ${length} | xargs touch)`,
  );
  const files = Object.values(sizes).map((bytes) => `head -c ${bytes} /dev/zero > ${bytes}`);
  const commands = ["mkdir bench", "cd bench", "head -c 4096 /dev/urandom > small", ...many, ...files];
  await programOutput(ssh, `cd && ${commands.join(" && ")}`, {
    signal,
    limitBytes: 1000,
    timeoutMs: 300_000,
  });
}

function accessOf(client: BackendAIClient, sessionId: string, connectionKind: "auto" | "api"): FileAccess {
  return new RoutedAccess({ client, sessionId }, new SessionSftp(tunnels, silentLogger), {
    connection: () => connectionKind,
    mayRunCommands: () => Promise.resolve(false),
  });
}

function other(key: string, name: string, atMost: number | undefined, once: () => Promise<Done>): Contestant {
  const bar: Limit | undefined = atMost === undefined ? undefined : { atMost };
  return { key, name, once, ...(bar && { bar }) };
}

/** How much more memory this process has at most while something is done. */
async function memory(id: string, what: string, work: () => Promise<void>): Promise<void> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 50);
  await work();
  clearInterval(timer);
  const value = (most - before) / 1e6;
  report.figure({ id: `memory-${id}`, what, value, unit: "MB", bar: { atMost: bars.memoryMB } });
}

async function drain(pieces: AsyncIterable<Uint8Array>): Promise<Done> {
  let bytes = 0;
  for await (const { length } of pieces) {
    bytes += length;
  }
  return { result: bytes };
}

async function cat(channel: ClientChannel): Promise<Done> {
  let bytes = 0;
  channel.on("data", ({ length }: Buffer) => (bytes += length));
  await new Promise((resolve) => channel.once("close", resolve));
  return { result: bytes };
}

async function readdir(sftp: SFTPWrapper, path: string): Promise<Done> {
  return new Promise((resolve, reject) => {
    sftp.readdir(path, (error, list) => (error ? reject(error) : resolve({ result: list.length })));
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
