/** A VS Code for a person. Whoever opened it stops it; that removes its profile. */
export interface OpenEditor {
  /** Resolves when it ends by itself, such as by closing the window. */
  readonly exited: Promise<number | string>;
  readonly stop: () => Promise<void>;
}
