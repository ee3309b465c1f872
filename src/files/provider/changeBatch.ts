import { Emitter } from "../../base/event.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { PathChange } from "./directoryCache.js";
import type { FilePlace } from "../filePlace.js";
import { keyOf } from "./sessionViews.js";

/** How long changes are gathered before they are told, in milliseconds. */
const gatherMs = 25;

/** Changes that are told at a time. */
const batchLimit = 1000;

/** A change of a file or folder. */
export interface PlaceChange {
  readonly place: FilePlace;
  readonly kind: PathChange["kind"];
}

/** Gathers changes, so that many at once are told in one go, and each place once. */
export class ChangeBatch implements Disposable {
  readonly #didGather = new Emitter<readonly PlaceChange[]>();
  readonly #changes = new Map<string, PlaceChange>();
  #timer: NodeJS.Timeout | undefined;

  readonly onDidGather = this.#didGather.event;

  add(change: PlaceChange): void {
    const key = keyOf(change.place);
    const kind = joined(this.#changes.get(key)?.kind, change.kind);
    this.#changes.delete(key);
    if (kind !== undefined) {
      this.#changes.set(key, { ...change, kind });
    }
    if (this.#changes.size >= batchLimit) {
      this.#tell();
    } else {
      this.#timer ??= setTimeout(() => this.#tell(), gatherMs);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changes.clear();
    this.#didGather.dispose();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes = [...this.#changes.values()];
    this.#changes.clear();
    if (changes.length > 0) {
      this.#didGather.fire(changes);
    }
  }
}

/** What two changes of one place come to; `undefined` for nothing. */
function joined(
  first: PathChange["kind"] | undefined,
  second: PathChange["kind"],
): PathChange["kind"] | undefined {
  if (first === "created") {
    return second === "deleted" ? undefined : "created";
  }
  return first === "deleted" && second !== "deleted" ? "changed" : second;
}
