/** The numbers of executions, which begin with 1 in each session and again after its restart. */
export class ExecutionCounts {
  readonly #counts = new Map<string, number>();

  /** The number of the next execution in a session. */
  next(sessionId: string): number {
    const count = (this.#counts.get(sessionId) ?? 0) + 1;
    this.#counts.set(sessionId, count);
    return count;
  }

  /** The session's interpreter is a new one. */
  restart(sessionId: string): void {
    this.#counts.delete(sessionId);
  }
}
