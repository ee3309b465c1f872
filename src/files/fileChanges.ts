import { Emitter } from "../base/event.js";
import type { Disposable } from "../base/lifecycle.js";

/** A folder of a session in which this window has changed something. */
export interface FolderChange {
  readonly sessionId: string;
  /** Absolute in the session. */
  readonly folder: string;
}

/** What this window has changed in sessions, so that each part that shows a folder can read it again. Who makes it disposes it. */
export class FileChanges implements Disposable {
  readonly #didChange = new Emitter<FolderChange>();

  readonly onDidChange = this.#didChange.event;

  tell(sessionId: string, folder: string): void {
    this.#didChange.fire({ sessionId, folder });
  }

  dispose(): void {
    this.#didChange.dispose();
  }
}
