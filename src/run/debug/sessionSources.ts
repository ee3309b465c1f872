import * as l10n from "@vscode/l10n";
import path from "node:path";
import { arrayOf, recordOf, textOf } from "./dap/messages.js";
import type { FolderPair } from "./launchArguments.js";

/** Numbers of sources that debugpy gives out are far below. */
const firstReference = 2 ** 30;

/** What reading sources works with. */
export interface SourceAccess {
  readonly folders: FolderPair;
  /** Whether a file of this computer is there. */
  readonly exists: (localPath: string) => Promise<boolean>;
  /** The text of a file of the session. */
  readonly read: (remotePath: string) => Promise<string>;
}

/**
 * Files that are in the session alone, though their folder is mapped to one of this computer: debugpy names them by a path
 * where nothing is. They get a number by which VS Code asks for their text.
 */
export class SessionSources {
  readonly #access: SourceAccess;
  readonly #references = new Map<string, number>();

  constructor(access: SourceAccess) {
    this.#access = access;
  }

  /** The body of a `stackTrace` answer, with sources that can be opened. */
  async readable(body: unknown): Promise<unknown> {
    const frames = await Promise.all(
      arrayOf(recordOf(body)["stackFrames"]).map(async (frame) => this.#frame(frame)),
    );
    return { ...recordOf(body), stackFrames: frames };
  }

  /** The text of a source that was numbered here; `undefined` for any other. */
  async text(reference: unknown): Promise<string | undefined> {
    const remotePath = [...this.#references].find(([, number]) => number === reference)?.[0];
    return remotePath === undefined ? undefined : this.#access.read(remotePath);
  }

  async #frame(frame: unknown): Promise<unknown> {
    const source = recordOf(recordOf(frame)["source"]);
    const localPath = textOf(source["path"]);
    if (localPath === undefined || Number(source["sourceReference"] ?? 0) > 0) {
      return frame;
    }
    const remotePath = this.#remoteOf(localPath);
    if (remotePath === undefined || (await this.#access.exists(localPath))) {
      return frame;
    }
    const sourceReference = this.#references.get(remotePath) ?? firstReference + this.#references.size;
    this.#references.set(remotePath, sourceReference);
    const inSession = { ...source, path: remotePath, sourceReference, origin: l10n.t("only in the session") };
    return { ...recordOf(frame), source: inSession };
  }

  #remoteOf(localPath: string): string | undefined {
    const { local, remote } = this.#access.folders;
    const below = localPath.startsWith(local) ? localPath.slice(local.length) : "";
    return /^[\\/]/.test(below) ? path.posix.join(remote, below.replaceAll("\\", "/")) : undefined;
  }
}
