import { byAge } from "../sessionOrder.js";
import type { SessionItem } from "./sessionRows.js";

/** The rows of one state, the newest session first. One of them is found in a few steps, however many there are. */
export class OrderedItems {
  #items: SessionItem[] = [];

  get length(): number {
    return this.#items.length;
  }

  [Symbol.iterator](): Iterator<SessionItem> {
    return this.#items[Symbol.iterator]();
  }

  /** How many are like that. */
  count(isLike: (item: SessionItem) => boolean): number {
    return this.#items.reduce((count, item) => count + Number(isLike(item)), 0);
  }

  /** The first ones. */
  first(count: number): readonly SessionItem[] {
    return this.#items.slice(0, count);
  }

  /** Adds one at the end: the next one in order, or {@link sort} comes after the last. */
  push(item: SessionItem): void {
    this.#items.push(item);
  }

  sort(): void {
    this.#items.sort((a, b) => byAge(a.session, b.session));
  }

  insert(item: SessionItem): void {
    this.#items.splice(this.#indexOf(item), 0, item);
  }

  /** Takes one out; its session has to be as old as when it was put in. */
  remove(item: SessionItem): void {
    const index = this.#indexOf(item);
    if (this.#items[index] === item) {
      this.#items.splice(index, 1);
    }
  }

  #indexOf({ session }: SessionItem): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#items[middle];
      if (other !== undefined && byAge(other.session, session) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
