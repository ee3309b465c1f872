import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { findProgram } from "../../../scripts/support/systemPackages.js";
import { LocalEnd } from "../../../src/files/transfer/localEnd.js";
import { installPackages } from "../../cluster/support/prerequisites.js";
import { timed } from "../harness/numbers.js";
import type { Report } from "../harness/report.js";
import { type Contestant, type Done, sideBySide } from "../harness/sideBySide.js";
import type { BenchServer } from "../support/benchServer.js";
import { bytesEach, fileCount, makeManyFiles, openTransferPlace, transferred } from "../support/manyFiles.js";
import { SshPrograms } from "./sshPrograms.js";

const rounds = 3;

/** Uploads a folder of many small files by the extension's transfers and by the programs that people have for it. */
export async function compareCopies(server: BenchServer, report: Report): Promise<void> {
  const { client } = server;
  const scratch = await mkdtemp(path.join(os.tmpdir(), "backendai-bench-"));
  try {
    const source = path.join(scratch, "source");
    await makeManyFiles(source);
    await server.withSession(async (sessionId) => {
      const programs = await SshPrograms.open(client, sessionId);
      const place = await openTransferPlace(client, sessionId);
      const copy = (work: () => Promise<unknown>) => async (): Promise<Done> => {
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
          id: `upload-${fileCount}`,
          what: `upload of ${fileCount.toLocaleString("en")} files of ${bytesEach} B`,
          ours: copy(async () => transferred(new LocalEnd(), place.end, source, "/home/work")),
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
        place.dispose();
        await programs.end();
      }
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
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
