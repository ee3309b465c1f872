/** How something that was started is ended. */
type Ending = () => Promise<void>;

/**
 * Ends what was started in the opposite order: VS Code before the engine that it talks to. Once ended, whatever is
 * still added is ended at once, so that an interruption in the middle of a start leaves nothing.
 */
export class Endings {
  private readonly pending: Ending[] = [];
  private over = false;

  /** Throws when all was ended already: there is no sense in starting more. */
  async add(ending: Ending): Promise<void> {
    if (this.over) {
      await ending();
      throw new Error("Interrupted");
    }
    this.pending.push(ending);
  }

  /** One that fails is reported and does not keep the others. */
  async end(): Promise<void> {
    this.over = true;
    for (const ending of this.pending.splice(0).reverse()) {
      await ending().catch((error: unknown) => {
        console.error(error instanceof Error ? error.message : String(error));
      });
    }
  }
}
