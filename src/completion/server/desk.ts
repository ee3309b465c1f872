import type { Candidate, CompletionSource } from "../source/completionSource.js";

/** What answers for one document. */
export interface Desk {
  readonly source: Pick<CompletionSource, "complete" | "describe" | "signature">;
  /**
   * What is in a folder of the session, for paths in texts.
   * @param folder As typed, with a slash at its end: `data/`, `/opt/`, or empty for where programs run.
   */
  folder(folder: string, signal: AbortSignal): Promise<readonly Candidate[]>;
}

/** The desk for a document; `undefined` where nothing is to be completed: switched off, or no session runs its code. */
export type DeskFor = (document: { readonly uri: string; readonly languageId: string }) => Desk | undefined;
