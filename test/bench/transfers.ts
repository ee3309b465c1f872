/** What transfers cost: many small files are uploaded by the extension's transfers and by others, in turn. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { LocalEnd } from "../../src/files/transfer/localEnd.js";
import { referenceClients } from "../reference/clients.js";
import { ensureClient } from "../reference/support/clientEnvironment.js";
import { runProgram } from "../reference/support/program.js";
import { timed } from "./harness/numbers.js";
import { Report } from "./harness/report.js";
import { sideBySide } from "./harness/sideBySide.js";
import { openBenchServer } from "./support/benchServer.js";
import { bytesEach, fileCount, makeManyFiles, openTransferPlace, transferred } from "./support/manyFiles.js";

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
  await makeManyFiles(source);
  await server.withSession(async (id) => compare(id, source));
} finally {
  await rm(scratch, { recursive: true, force: true });
  await server.end();
}

async function compare(sessionId: string, source: string): Promise<void> {
  const place = await openTransferPlace(server.client, sessionId);
  let round = 0;
  try {
    await sideBySide(report, {
      id: "upload-many",
      what: `upload of ${fileCount} files of ${bytesEach} B`,
      ours: async () => {
        round += 1;
        const folder = `/home/work/ours-${round}`;
        await place.files.makeDirectory(folder, { signal });
        return transferred(new LocalEnd(), place.end, source, folder);
      },
      others: [
        {
          key: "library",
          name: "the reference client's library",
          isFactor: true,
          bar: { atLeast: leastRatio },
          once: async () => ({ ms: await referenceMsOf(sessionId, source), result: fileCount }),
        },
      ],
      rounds,
      warm: 1,
    });
    const back = path.join(scratch, "back");
    await mkdir(back);
    const ms = await timed(async () =>
      transferred(place.end, new LocalEnd(back), "/home/work/ours-1/source", back),
    );
    report.figure({ id: "download-many", what: "download of them", value: ms, unit: "ms" });
  } finally {
    place.dispose();
  }
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
