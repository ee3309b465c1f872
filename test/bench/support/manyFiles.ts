import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { BackendAIClient } from "../../../src/api/index.js";
import { silentLogger } from "../../../src/base/logger.js";
import type { FileAccess } from "../../../src/files/access/fileAccess.js";
import { openSessionFiles } from "../../../src/files/access/sessionFiles.js";
import { SessionSftp } from "../../../src/files/sftp/sessionSftp.js";
import type { LocalEnd } from "../../../src/files/transfer/localEnd.js";
import { manyBySsh } from "../../../src/files/transfer/manyBySsh.js";
import { SessionEnd } from "../../../src/files/transfer/sessionEnd.js";
import { planTransfer } from "../../../src/files/transfer/transferPlan.js";
import { runTransfer } from "../../../src/files/transfer/transferRun.js";
import { HostKeys } from "../../../src/tunnel/hostKeys.js";
import { SessionTunnels } from "../../../src/tunnel/sessionTunnels.js";
import { connectionTo } from "../../unit/tunnel/forwards/support/portsTarget.js";
import { memoryStore } from "../../unit/tunnel/support/memoryStore.js";
import type { Done } from "../harness/sideBySide.js";

/** How many small files are transferred. */
export const fileCount = Number(process.env["BENCH_FILES"] ?? 2000);
export const bytesEach = 1000;

/** Makes them, in twenty folders of one. */
export async function makeManyFiles(folder: string): Promise<void> {
  for (let index = 0; index < fileCount; index += 1) {
    const inside = path.join(folder, `folder ${index % 20}`);
    await mkdir(inside, { recursive: true });
    await writeFile(path.join(inside, `${index}.txt`), randomBytes(bytesEach));
  }
}

/** A session at its end of the extension's transfers. Who opens it disposes it. */
export interface TransferPlace {
  readonly files: FileAccess;
  readonly end: SessionEnd;
  dispose(): void;
}

export async function openTransferPlace(client: BackendAIClient, sessionId: string): Promise<TransferPlace> {
  const hostKeys = new HostKeys(memoryStore(), silentLogger);
  const connection = await connectionTo(client);
  const tunnels = new SessionTunnels({ connection, hostKeys, logger: silentLogger });
  const sftp = new SessionSftp(tunnels, silentLogger);
  const many = manyBySsh({ client, sessionId, tunnels, sftp, logger: silentLogger });
  const files = await openSessionFiles({ client, sessionId }, sftp);
  return { files, end: new SessionEnd("bench", files, many), dispose: () => tunnels.dispose() };
}

/** Transfers them all, by the extension's transfers. Resolves with how many arrived. */
export async function transferred(
  source: LocalEnd | SessionEnd,
  target: LocalEnd | SessionEnd,
  from: string,
  folder: string,
): Promise<Done> {
  const { signal } = new AbortController();
  const choose = (): Promise<never> => Promise.reject(new Error("A name is taken."));
  const plan = await planTransfer({ source, target, choose }, { paths: [from], folder }, { signal });
  const { files, failures } = await runTransfer({ source, target }, plan, { signal });
  if (files !== fileCount) {
    throw new Error(`${files} of ${fileCount} files arrived: ${String(failures[0]?.error)}`);
  }
  return { result: files };
}
