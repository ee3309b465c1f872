/** How it stands with the completion of one session. */
export type SourceState =
  /** `source`: what answered last, such as `complete`, `kernel`, `query`; `undefined` before the first answer. */
  | { readonly phase: "on"; readonly source: string | undefined }
  /** It failed or was too slow again and again; it is tried again then. */
  | { readonly phase: "resting"; readonly reason: string; readonly until: Date }
  /** Nothing of the session can answer. */
  | { readonly phase: "off"; readonly reason: string };
