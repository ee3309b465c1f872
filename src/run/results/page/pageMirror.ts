import * as l10n from "@vscode/l10n";
import type { ResultItem } from "../resultItem.js";
import type { ResultStore } from "../resultStore.js";
import type { RunResults } from "../runResults.js";
import { renderItem } from "../render/renderItem.js";
import { keys, renderCut, renderHead, renderRunFrame } from "../render/renderRun.js";

/**
 * A change of the page. `put` replaces the element with this key; where there is none, it goes to the end of `into`, or to
 * the beginning of the page without that.
 */
export type Patch =
  | { readonly op: "put"; readonly key: string; readonly into?: string; readonly html: string }
  | { readonly op: "remove"; readonly key: string };

const options = { hasActions: true };

/** Knows what a page shows, and what must change for it to show the store. */
export class PageMirror {
  readonly #store: ResultStore;
  /** By key: the item, or the HTML of what is no item. */
  #shown = new Map<string, ResultItem | string>();

  constructor(store: ResultStore) {
    this.#store = store;
  }

  /** The page is new and empty. */
  reset(): void {
    this.#shown = new Map();
  }

  /**
   * The next changes, in order; none when page and store agree. What they bring counts as shown.
   * @param limitCharacters The HTML of one answer is about this long at most, but for a single larger item.
   */
  next(limitCharacters: number): Patch[] {
    const patches: Patch[] = [];
    let size = 0;
    for (const patch of this.#changes()) {
      patches.push(patch);
      size += patch.op === "put" ? patch.html.length : 0;
      if (size >= limitCharacters) {
        break;
      }
    }
    return patches;
  }

  *#changes(): Generator<Patch> {
    const runs = this.#store.runs;
    const wanted = new Set(runs.flatMap((run) => [keys.run(run), ...partKeys(run)]));
    wanted.add("dropped");
    for (const key of [...this.#shown.keys()].filter((shown) => !wanted.has(shown))) {
      this.#shown.delete(key);
      yield { op: "remove", key };
    }
    for (const run of [...runs].reverse()) {
      yield* this.#runChanges(run);
    }
    yield* this.#put("dropped", "footer", droppedNote(this.#store.droppedRuns));
  }

  *#runChanges(run: RunResults): Generator<Patch> {
    yield* this.#put(keys.run(run), undefined, renderRunFrame(run));
    yield* this.#put(keys.head(run), undefined, renderHead(run, options));
    yield* this.#put(keys.cut(run), undefined, renderCut(run));
    for (const item of run.items) {
      const key = keys.item(run, item.id);
      if (this.#shown.get(key) !== item) {
        this.#shown.set(key, item);
        yield { op: "put", key, into: keys.items(run), html: renderItem(key, item, options) };
      }
    }
  }

  *#put(key: string, into: string | undefined, html: string): Generator<Patch> {
    if (this.#shown.get(key) !== html) {
      this.#shown.set(key, html);
      yield { op: "put", key, ...(into !== undefined && { into }), html };
    }
  }
}

function partKeys(run: RunResults): string[] {
  return [keys.head(run), keys.cut(run), ...run.items.map((item) => keys.item(run, item.id))];
}

function droppedNote(runs: number): string {
  const text =
    runs === 0
      ? ""
      : runs === 1
        ? l10n.t("The results of 1 earlier run were dropped to save memory.")
        : l10n.t("The results of {0} earlier runs were dropped to save memory.", runs);
  return `<p class="note" data-key="dropped">${text}</p>`;
}
