import type { BackendAIClient } from "../../api/index.js";

/** A file on its way into a session. It is read when its turn comes, so that a folder need not fit into memory. */
export interface OutgoingFile {
  /** Its place in the session, relative to `/home/work`, with `/`. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  read(): Promise<Uint8Array>;
}

/** How files are sent. */
export interface SendOptions {
  readonly signal: AbortSignal;
  /** Told after each file, with how many are there now. */
  readonly onProgress?: (sent: number) => void;
}

/** Puts files into a session, in place of what has their names; folders are made. */
export type SendFiles = (
  client: BackendAIClient,
  sessionId: string,
  files: readonly OutgoingFile[],
  options: SendOptions,
) => Promise<void>;
