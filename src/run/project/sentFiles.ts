import { createHash } from "node:crypto";
import type { ProjectFile } from "./projectFiles.js";

/** Sessions that are remembered; the one used longest ago is forgotten first. */
const sessionsLimit = 50;

/** What a session shows of a file, to know it again. */
export interface RemoteStamp {
  readonly size: number;
  /** Whole seconds since the epoch, by the session's clock. */
  readonly mtimeSeconds: number;
}

/** What was sent. */
export interface SentFile {
  readonly size: number;
  readonly mtimeMs: number | undefined;
  readonly hash: string;
  /** As the session had it then; `undefined` where that can't be told. */
  readonly stamp: RemoteStamp | undefined;
}

/** A file and what is known of it in a session. */
export interface ComparedFile {
  readonly file: ProjectFile;
  readonly state: "new" | "changed" | "unchanged";
}

/** What this window has sent to which session. `session` is any name of one that is used for no other. */
export class SentFiles {
  readonly #sessions = new Map<string, Map<string, SentFile>>();

  /** What was sent under a path; `undefined` when nothing was. */
  find(session: string, path: string): SentFile | undefined {
    return this.#sessions.get(session)?.get(path);
  }

  /** Which files differ from what was sent. Reads those whose size or time does not tell. */
  async compare(session: string, files: readonly ProjectFile[]): Promise<ComparedFile[]> {
    const compared: ComparedFile[] = [];
    for (const file of files) {
      const sent = this.find(session, file.path);
      compared.push({ file, state: sent === undefined ? "new" : await this.#stateOf(session, file, sent) });
    }
    return compared;
  }

  /** Notes what the session has now. */
  record(session: string, path: string, sent: SentFile): void {
    const files = this.#sessions.get(session) ?? new Map<string, SentFile>();
    this.#sessions.delete(session);
    this.#sessions.set(session, files.set(path, sent));
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > sessionsLimit && oldest !== undefined) {
      this.#sessions.delete(oldest);
    }
  }

  /** The session has none of it any more, or not this file. */
  forget(session: string, path?: string): void {
    if (path === undefined) {
      this.#sessions.delete(session);
    } else {
      this.#sessions.get(session)?.delete(path);
    }
  }

  async #stateOf(session: string, file: ProjectFile, sent: SentFile): Promise<"changed" | "unchanged"> {
    if (file.size !== sent.size) {
      return "changed";
    }
    if (file.mtimeMs !== undefined && file.mtimeMs === sent.mtimeMs) {
      return "unchanged";
    }
    if (hashOf(await file.read()) !== sent.hash) {
      return "changed";
    }
    this.record(session, file.path, { ...sent, mtimeMs: file.mtimeMs }); // it is not read again for that
    return "unchanged";
  }
}

/** What tells contents apart. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}
