import * as l10n from "@vscode/l10n";
import { labelText } from "../../../base/shownText.js";
import { formatBytes } from "../../../base/text.js";
import type { RunResults } from "../runResults.js";
import { ansiHtml, plainText } from "./ansiHtml.js";
import { escapeHtml } from "./escapeHtml.js";
import { renderItem, type RenderOptions } from "./renderItem.js";

/** The names of the parts of a run on the page. */
export const keys = {
  run: (run: RunResults): string => `r${run.id}`,
  head: (run: RunResults): string => `r${run.id}.head`,
  cut: (run: RunResults): string => `r${run.id}.cut`,
  items: (run: RunResults): string => `r${run.id}.items`,
  item: (run: RunResults, itemId: number): string => `r${run.id}.${itemId}`,
};

/** A run without its parts: they go into the elements with the keys `head`, `cut` and `items`. */
export function renderRunFrame(run: RunResults): string {
  return runElement(
    run,
    `<summary data-key="${keys.head(run)}"></summary>`, // for programs
    `<p data-key="${keys.cut(run)}"></p>`,
    "",
  );
}

/** A run with everything in it. */
export function renderRun(run: RunResults, options: RenderOptions): string {
  const items = run.items.map((item) => renderItem(keys.item(run, item.id), item, options)).join("\n");
  return runElement(run, renderHead(run, options), renderCut(run), items);
}

/** The heading of a run: what ran, where, when, and how it ended. */
export function renderHead(run: RunResults, { hasActions }: RenderOptions): string {
  const state =
    run.ending === undefined
      ? `<span class="state running">${escapeHtml(l10n.t("running…"))}</span>` // for programs
      : // for programs
        `<span class="state" title="${escapeHtml(plainText(run.ending))}">${ansiHtml(run.ending)}</span>`;
  const where = escapeHtml(labelText(run.where));
  const time = run.startedAt.toLocaleTimeString();
  const title = escapeHtml(l10n.t("Save all results of this run"));
  const save = hasActions
    ? `<button data-action="export" title="${title}">${escapeHtml(l10n.t("Save…"))}</button>` // for programs
    : "";
  return (
    // for programs
    `<summary data-key="${keys.head(run)}"><span class="title">${escapeHtml(labelText(run.title))}</span>${state}` +
    `<span class="where" title="${where}">${where}</span>` + // for programs
    `<time datetime="${run.startedAt.toISOString()}">${escapeHtml(time)}</time>${save}</summary>` // for programs
  );
}

/** What is missing at the beginning of a run, if anything is. */
export function renderCut(run: RunResults): string {
  const { items, characters } = run.dropped;
  const [first, second] = [
    ...(items > 0 ? [items === 1 ? l10n.t("its first result") : l10n.t("its first {0} results", items)] : []),
    ...(characters > 0
      ? [l10n.t("{0} of its text, which its terminal may still have", formatBytes(characters))]
      : []),
  ];
  const all = first !== undefined && second !== undefined ? l10n.t("{0}, and {1}", first, second) : first;
  const text = all === undefined ? "" : l10n.t("This run has much to show. Not kept: {0}.", all);
  return `<p class="note" data-key="${keys.cut(run)}">${escapeHtml(text)}</p>`;
}

function runElement(run: RunResults, head: string, cut: string, items: string): string {
  return (
    // for programs
    `<section class="run" data-key="${keys.run(run)}"><details open>${head}${cut}` +
    `<div class="items" data-key="${keys.items(run)}">${items}</div></details></section>` // for programs
  );
}
