/** What transfers cost: many small files are uploaded by the extension's transfers and by others, in turn. */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { silentLogger } from "../../src/base/logger.js";
import { openSessionFiles } from "../../src/files/access/sessionFiles.js";
import { SessionSftp } from "../../src/files/sftp/sessionSftp.js";
import { LocalEnd } from "../../src/files/transfer/localEnd.js";
import { manyBySsh } from "../../src/files/transfer/manyBySsh.js";
import { SessionEnd } from "../../src/files/transfer/sessionEnd.js";
import { planTransfer } from "../../src/files/transfer/transferPlan.js";
import { runTransfer } from "../../src/files/transfer/transferRun.js";
import { HostKeys } from "../../src/tunnel/hostKeys.js";
import { SessionTunnels } from "../../src/tunnel/sessionTunnels.js";
import { referenceClients } from "../reference/clients.js";
import { ensureClient } from "../reference/support/clientEnvironment.js";
import { runProgram } from "../reference/support/program.js";
import { connectionTo } from "../unit/tunnel/forwards/support/portsTarget.js";
import { memoryStore } from "../unit/tunnel/support/memoryStore.js";
import { Report } from "./harness/report.js";
import { type Done, sideBySide } from "./harness/sideBySide.js";
import { openBenchServer } from "./support/benchServer.js";

const count = Number(process.env["BENCH_FILES"] ?? 2000);
const bytesEach = 1000;
/** How many times as fast as the reference client. */
const leastRatio = 2;
const rounds = Number(process.env["BENCH_PAIRS"] ?? 5);
const referenceMs = 600_000;

/** The reference client takes at most 20 files a request; its loop is what its users write. */
const referenceScript = `
import sys, time
from pathlib import Path
from ai.backend.client.session import Session
folder = Path(sys.argv[2])
files = sorted(path for path in folder.rglob("*") if path.is_file())
with Session() as session:
    compute = session.ComputeSession(sys.argv[1])
    begun = time.perf_counter()
    for start in range(0, len(files), 20):
        compute.upload(files[start:start + 20], basedir=folder)
    print("MS", (time.perf_counter() - begun) * 1000)
`;

const { signal } = new AbortController();

const server = await openBenchServer();
const report = new Report(server.words);
const scratch = await mkdtemp(path.join(os.tmpdir(), "backendai-bench-"));
try {
  const source = path.join(scratch, "source");
  for (let index = 0; index < count; index += 1) {
    const folder = path.join(source, `folder ${index % 20}`);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, `${index}.txt`), randomBytes(bytesEach));
  }
  await server.withSession(async (id) => compare(id, source));
} finally {
  await rm(scratch, { recursive: true, force: true });
  await server.end();
}

async function compare(sessionId: string, source: string): Promise<void> {
  const { client } = server;
  const hostKeys = new HostKeys(memoryStore(), silentLogger);
  const connection = await connectionTo(client);
  const tunnels = new SessionTunnels({ connection, hostKeys, logger: silentLogger });
  const sftp = new SessionSftp(tunnels, silentLogger);
  const many = manyBySsh({ client, sessionId, tunnels, sftp, logger: silentLogger });
  const files = await openSessionFiles({ client, sessionId }, sftp);
  const session = new SessionEnd("bench", files, many);
  let round = 0;
  try {
    await sideBySide(report, {
      id: "upload-many",
      what: `upload of ${count} files of ${bytesEach} B`,
      ours: async () => {
        round += 1;
        const folder = `/home/work/ours-${round}`;
        await files.makeDirectory(folder, { signal });
        return transferred(new LocalEnd(), session, source, folder);
      },
      others: [
        {
          key: "library",
          name: "the reference client's library",
          isFactor: true,
          bar: { atLeast: leastRatio },
          once: async () => ({ ms: await referenceMsOf(sessionId, source), result: count }),
        },
      ],
      rounds,
      warm: 1,
    });
    const back = path.join(scratch, "back");
    await mkdir(back);
    const begun = performance.now();
    await transferred(session, new LocalEnd(back), "/home/work/ours-1/source", back);
    report.figure({
      id: "download-many",
      what: "download of them",
      value: performance.now() - begun,
      unit: "ms",
    });
  } finally {
    tunnels.dispose();
  }
}

/** Resolves with how many files arrived. */
async function transferred(
  source: LocalEnd | SessionEnd,
  target: LocalEnd | SessionEnd,
  from: string,
  folder: string,
): Promise<Done> {
  const choose = (): Promise<never> => Promise.reject(new Error("A name is taken."));
  const plan = await planTransfer({ source, target, choose }, { paths: [from], folder }, { signal });
  const { files, failures } = await runTransfer({ source, target }, plan, { signal });
  if (files !== count) {
    throw new Error(`${files} of ${count} files arrived: ${String(failures[0]?.error)}`);
  }
  return { result: files };
}

/** Its own measurement, without the start of Python. */
async function referenceMsOf(sessionId: string, source: string): Promise<number> {
  const client = referenceClients.find(
    ({ version }) => version === (process.env["BENCH_CLIENT"] ?? "24.9.14"),
  );
  if (client === undefined) {
    throw new Error("BENCH_CLIENT names no release of the reference client.");
  }
  const { python } = await ensureClient(client);
  const script = path.join(scratch, "upload.py");
  await writeFile(script, referenceScript);
  const home = path.join(scratch, "home");
  await mkdir(home, { recursive: true });
  const { code, output } = await runProgram([python, script, sessionId, source], {
    deadlineMs: referenceMs,
    env: { ...process.env, ...server.environment, HOME: home },
  });
  const found = /^MS ([\d.]+)/m.exec(output);
  if (code !== 0 || found === null) {
    throw new Error(`The reference client ended with ${String(code)}:\n${output}`);
  }
  return Number(found[1]);
}
