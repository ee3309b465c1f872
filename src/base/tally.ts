/** How often things of a kind were done in this window, and how they came out: numbers alone. */
export class Tally {
  readonly #underWay = new Map<string, number>();
  readonly #ended = new Map<string, number>();

  /** Notes that something of a kind begins. Call what is returned with how it ended, once. */
  begin(kind: string): (outcome: string) => void {
    add(this.#underWay, kind, 1);
    let hasEnded = false;
    return (outcome) => {
      if (!hasEnded) {
        hasEnded = true;
        add(this.#underWay, kind, -1);
        add(this.#ended, `${kind} ${outcome}`, 1);
      }
    };
  }

  /** `run under way`, `run exited` and so on, with how many. */
  get counts(): Readonly<Record<string, number>> {
    const underWay = [...this.#underWay].map(([kind, count]) => [`${kind} under way`, count] as const);
    return Object.fromEntries([...underWay, ...this.#ended]);
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
