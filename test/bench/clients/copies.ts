import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { findProgram } from "../../../scripts/support/systemPackages.js";
import { silentLogger } from "../../../src/base/logger.js";
import { openSessionFiles } from "../../../src/files/access/sessionFiles.js";
import { SessionSftp } from "../../../src/files/sftp/sessionSftp.js";
import { LocalEnd } from "../../../src/files/transfer/localEnd.js";
import { manyBySsh } from "../../../src/files/transfer/manyBySsh.js";
import { SessionEnd } from "../../../src/files/transfer/sessionEnd.js";
import { planTransfer } from "../../../src/files/transfer/transferPlan.js";
import { runTransfer } from "../../../src/files/transfer/transferRun.js";
import { HostKeys } from "../../../src/tunnel/hostKeys.js";
import { SessionTunnels } from "../../../src/tunnel/sessionTunnels.js";
import { installPackages } from "../../cluster/support/prerequisites.js";
import { connectionTo } from "../../unit/tunnel/forwards/support/portsTarget.js";
import { memoryStore } from "../../unit/tunnel/support/memoryStore.js";
import { timed } from "../harness/numbers.js";
import type { Report } from "../harness/report.js";
import { type Contestant, type Done, sideBySide } from "../harness/sideBySide.js";
import type { BenchServer } from "../support/benchServer.js";
import { SshPrograms } from "./sshPrograms.js";

const count = Number(process.env["BENCH_FILES"] ?? 2000);
const bytesEach = 1000;
const rounds = 3;

/** Uploads a folder of many small files by the extension's transfers and by the programs that people have for it. */
export async function compareCopies(server: BenchServer, report: Report): Promise<void> {
  const { client } = server;
  const scratch = await mkdtemp(path.join(os.tmpdir(), "backendai-bench-"));
  try {
    const source = path.join(scratch, "source");
    await makeFiles(source);
    await server.withSession(async (sessionId) => {
      const programs = await SshPrograms.open(client, sessionId);
      const hostKeys = new HostKeys(memoryStore(), silentLogger);
      const tunnels = new SessionTunnels({
        connection: await connectionTo(client),
        hostKeys,
        logger: silentLogger,
      });
      const copy = (work: () => Promise<void>) => async (): Promise<Done> => {
        const ms = await timed(work);
        const files = await programs.ssh("find source -type f -printf .");
        await programs.ssh("rm -rf source");
        return { ms, result: files };
      };
      const rsync: Contestant = {
        key: "rsync",
        name: "rsync over ssh",
        once: copy(async () => programs.rsyncFolder(source)),
      };
      try {
        await sideBySide(report, {
          id: `upload-${count}`,
          what: `upload of ${count.toLocaleString("en")} files of ${bytesEach} B`,
          ours: copy(async () => upload({ server, sessionId, tunnels, source })),
          others: [
            ...((await hasRsync(programs)) ? [rsync] : []),
            {
              key: "sftp",
              name: "OpenSSH's sftp put -r",
              once: copy(async () => programs.putFolder(source)),
            },
          ].map((other) => ({ ...other, isFactor: true })),
          rounds,
          warm: 0,
        });
      } finally {
        tunnels.dispose();
        await programs.end();
      }
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function makeFiles(folder: string): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const inside = path.join(folder, `folder ${index % 20}`);
    await mkdir(inside, { recursive: true });
    await writeFile(path.join(inside, `${index}.txt`), randomBytes(bytesEach));
  }
}

/** It has to be on both sides. Where nobody need be asked it is installed here. */
async function hasRsync(programs: SshPrograms): Promise<boolean> {
  if (
    findProgram("rsync") === undefined &&
    process.getuid?.() === 0 &&
    findProgram("apt-get") !== undefined
  ) {
    await installPackages(["rsync"]).catch((error: unknown) => console.error(error));
  }
  const isThere = programs.ssh("rsync --version").then(
    () => true,
    () => false,
  );
  const isHere = findProgram("rsync") !== undefined && (await isThere);
  if (!isHere) {
    console.log("(rsync is left out: it is not here, or not in the session)");
  }
  return isHere;
}

async function upload({
  server: { client },
  sessionId,
  tunnels,
  source: from,
}: {
  readonly server: BenchServer;
  readonly sessionId: string;
  readonly tunnels: SessionTunnels;
  readonly source: string;
}): Promise<void> {
  const { signal } = new AbortController();
  const sftp = new SessionSftp(tunnels, silentLogger);
  const many = manyBySsh({ client, sessionId, tunnels, sftp, logger: silentLogger });
  const source = new LocalEnd();
  const target = new SessionEnd("bench", await openSessionFiles({ client, sessionId }, sftp), many);
  const choose = (): Promise<never> => Promise.reject(new Error("A name is taken."));
  const wanted = { paths: [from], folder: "/home/work" };
  const plan = await planTransfer({ source, target, choose }, wanted, { signal });
  const { files, failures } = await runTransfer({ source, target }, plan, { signal });
  if (files !== count) {
    throw new Error(`${files} of ${count} files arrived: ${String(failures[0]?.error)}`);
  }
}
