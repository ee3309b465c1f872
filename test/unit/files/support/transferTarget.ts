import { silentLogger } from "../../../../src/base/logger.js";
import { LocalEnd } from "../../../../src/files/transfer/localEnd.js";
import { manyBySsh } from "../../../../src/files/transfer/manyBySsh.js";
import { SessionEnd } from "../../../../src/files/transfer/sessionEnd.js";
import type { TransferEnd } from "../../../../src/files/transfer/transferEnd.js";
import {
  type Conflict,
  type ConflictChoice,
  planTransfer,
} from "../../../../src/files/transfer/transferPlan.js";
import {
  type RunOptions,
  runTransfer,
  type TransferOutcome,
} from "../../../../src/files/transfer/transferRun.js";
import type { FilesTarget } from "./filesTarget.js";

/** What to carry over, and where to. */
export interface Carrying extends Partial<RunOptions> {
  readonly source: TransferEnd;
  readonly target: TransferEnd;
  readonly paths: readonly string[];
  readonly folder: string;
  readonly choose?: (conflicts: readonly Conflict[]) => readonly ConflictChoice[];
}

/** The files of the session as an end of transfers. */
export function sessionEnd({ client, sessionId, tunnels, files, access }: FilesTarget): SessionEnd {
  const many = manyBySsh({
    client,
    sessionId,
    tunnels,
    sftp: files.sftp,
    logger: { ...silentLogger, debug: console.log },
  });
  return new SessionEnd("session", access, many);
}

/** Plans and runs a transfer; a conflict that no answer is given for is an error. */
export async function carry({
  source,
  target,
  paths,
  folder,
  choose,
  ...options
}: Carrying): Promise<TransferOutcome> {
  const { signal } = { signal: new AbortController().signal, ...options };
  const answer = async (conflicts: readonly Conflict[]): Promise<readonly ConflictChoice[]> => {
    if (choose === undefined) {
      throw new Error(`names are taken: ${conflicts.map(({ name }) => name).join(", ")}`);
    }
    return Promise.resolve(choose(conflicts));
  };
  const ends = { source, target };
  const plan = await planTransfer({ ...ends, choose: answer }, { paths, folder }, { signal });
  return runTransfer(ends, plan, { ...options, signal });
}

/** This computer, where only `root` may be written. */
export function localEnd(root?: string, platform?: NodeJS.Platform): LocalEnd {
  return new LocalEnd(root, platform);
}
