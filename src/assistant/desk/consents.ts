/** Consents that are remembered; one that was asked for longer ago is forgotten, and its call refused. */
const limit = 100;

/**
 * What a person was asked, from the question to the call that it was asked for. VS Code asks for the words of a question, shows it, and
 * then calls; a call that nobody was asked about, or that would do something else by now, must not pass.
 */
export class Consents<T extends object> {
  readonly #asked = new Map<string, { readonly place: T; readonly meaning: string }>();

  /** @param place The server that it is about: on another one nothing was agreed to. */
  remember(call: string, place: T, meaning: string): void {
    this.forget(call);
    this.#asked.set(call, { place, meaning });
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > limit && oldest !== undefined) {
      this.#asked.delete(oldest);
    }
  }

  /** What was asked before counts no more: nobody may have agreed. */
  forget(call: string): void {
    this.#asked.delete(call);
  }

  /** Whether just this was asked; each question is for one call. */
  take(call: string, place: T, meaning: string): boolean {
    const asked = this.#asked.get(call);
    this.forget(call);
    return asked?.place === place && asked.meaning === meaning;
  }
}
