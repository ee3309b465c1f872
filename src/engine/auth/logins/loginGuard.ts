/** Slows down who guesses passwords: after ten failures logins are refused for twenty minutes (`protocol.md` §2.4). */
export class LoginGuard {
  #failures = 0;
  #blockedUntil = 0;

  constructor(
    readonly limit = 10,
    readonly blockMs = 1_200_000,
    readonly now: () => number = Date.now,
  ) {}

  get isBlocked(): boolean {
    return this.now() < this.#blockedUntil;
  }

  failed(): void {
    this.#failures += 1;
    if (this.#failures >= this.limit) {
      this.#failures = 0;
      this.#blockedUntil = this.now() + this.blockMs;
    }
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
