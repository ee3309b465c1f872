import type { SessionSummary } from "../../api/index.js";
import { Emitter } from "../../base/event.js";
import type { Disposable } from "../../base/lifecycle.js";
import { phaseOf } from "../../wire/status.js";
import { widerSpanMs } from "../feed/endedSessions.js";
import { phaseOrder } from "../sessionOrder.js";
import type { SessionsChange, SessionStore } from "../sessionStore.js";
import { OrderedItems } from "./orderedItems.js";
import { SessionFilter } from "./sessionFilter.js";
import type { GroupItem, MoreItem, SessionGroup, SessionItem, TreeItem } from "./sessionRows.js";

/**
 * So many sessions fit on show at a glance and need no groups: who has a few sees a plain list. Groups come with the next one, and stay
 * until there are few again, so that the view does not jump to and fro at the edge.
 */
const flat = { most: 5, again: 3 };

/** Rows of a group to begin with; twice as many with each “Show more”. VS Code asks for all of them whenever the group changes. */
const firstRows = 500;

/** Rows that are drawn anew by themselves; more of them at once are their groups. */
const mostSingle = 20;

/** The groups of sessions that are not over, in order. */
const liveGroups = phaseOrder.filter((group) => group !== "ended");

/** The row whose looks or children changed; `undefined`: all of the view. */
export type ForestChange = SessionItem | GroupItem | undefined;

/**
 * The session view's rows above those of features: sessions by state, filtered, in pages. A change of one session costs a few steps and
 * one row, or the groups that it leaves and joins, however many sessions there are.
 */
export class SessionForest implements Disposable {
  readonly #store: SessionStore;
  readonly #hook: Disposable;
  readonly #didChange = new Emitter<ForestChange>();
  readonly #items = new Map<string, SessionItem>();
  readonly #endedItems = new Map<string, SessionItem>();
  /** The rows of all sessions that are not over, whatever the filter. */
  #all = new OrderedItems();
  readonly #groups = new Map<SessionGroup, OrderedItems>(
    phaseOrder.map((group) => [group, new OrderedItems()]),
  );
  readonly #groupItems = new Map<SessionGroup, GroupItem>(
    phaseOrder.map((group) => [group, { kind: "group", group }]),
  );
  readonly #moreItems = new Map<SessionGroup, MoreItem>();
  /** Where each row is, as far as it passes the filter. */
  readonly #places = new Map<string, SessionGroup>();
  readonly #limits = new Map<SessionGroup, number>();
  #filter = new SessionFilter();
  #isGrouped = false;
  #wantsEnded = false;
  #running = 0;

  readonly onDidChange = this.#didChange.event;

  constructor(store: SessionStore) {
    this.#store = store;
    this.#hook = store.onDidChange((change) => this.#follow(change));
    this.#rebuild();
  }

  get filter(): SessionFilter {
    return this.#filter;
  }

  set filter(filter: SessionFilter) {
    this.#filter = filter;
    this.#limits.clear();
    this.#sieve();
    this.#didChange.fire(undefined);
  }

  /** Sessions that run, whatever the filter. */
  get running(): number {
    return this.#running;
  }

  /** Sessions that pass the filter. */
  get passing(): number {
    return this.#places.size;
  }

  /** Whether sessions that are over are on show although no other is there. */
  get wantsEnded(): boolean {
    return this.#wantsEnded;
  }

  /** Shows sessions that are over although no other is there. */
  showEnded(): void {
    this.#wantsEnded = true;
    this.#didChange.fire(undefined);
  }

  /** The rows at the top. */
  roots(): readonly TreeItem[] {
    const ended = this.#hasEnded() ? [this.#groupItem("ended")] : [];
    if (this.#isGrouped) {
      const filled = liveGroups.filter((group) => this.countOf(group) > 0);
      return [...filled.map((group) => this.#groupItem(group)), ...ended];
    }
    return [...liveGroups.flatMap((group) => this.#groups.get(group)?.first(Infinity) ?? []), ...ended];
  }

  /** The rows of a group. Those of sessions that are over have to be known. */
  children({ group }: GroupItem): readonly TreeItem[] {
    const limit = this.#limits.get(group) ?? firstRows;
    const items =
      group === "ended"
        ? [...this.#endedItems.values()].slice(0, limit)
        : (this.#groups.get(group)?.first(limit) ?? []);
    const isLonger = group === "ended" && widerSpanMs(this.#store.ended.spanMs) !== undefined;
    return this.hiddenIn(group) > 0 || isLonger ? [...items, this.#moreItem(group)] : items;
  }

  /** The row that a session is under; `undefined` at the top. */
  parentOf(item: SessionItem | MoreItem): GroupItem | undefined {
    const group = item.kind === "more" ? item.group : this.#groupOf(item);
    return group !== undefined && (this.#isGrouped || group === "ended") ? this.#groupItem(group) : undefined;
  }

  /** The row of a session on show. */
  itemOf(sessionId: string): SessionItem | undefined {
    return this.#items.get(sessionId) ?? this.#endedItems.get(sessionId);
  }

  /** Sessions of a group that pass the filter. */
  countOf(group: SessionGroup): number {
    return group === "ended" ? this.#endedItems.size : (this.#groups.get(group)?.length ?? 0);
  }

  /** Sessions of a group after those that are on show. */
  hiddenIn(group: SessionGroup): number {
    return Math.max(0, this.countOf(group) - (this.#limits.get(group) ?? firstRows));
  }

  /** Shows twice as many sessions of a group. */
  showMore(group: SessionGroup): void {
    this.#limits.set(group, (this.#limits.get(group) ?? firstRows) * 2);
    this.#didChange.fire(this.#groupItem(group));
  }

  dispose(): void {
    this.#hook.dispose();
    this.#didChange.dispose();
  }

  #follow(change: SessionsChange): void {
    if (change.kind === "sessions") {
      this.#change(change.ids);
    } else if (change.kind === "ended") {
      const hadEnded = this.#hasEnded();
      this.#keepEnded();
      this.#didChange.fire(hadEnded === this.#hasEnded() ? this.#groupItem("ended") : undefined);
    } else if (change.kind === "all") {
      this.#wantsEnded = false;
      this.#limits.clear();
      this.#rebuild();
      this.#didChange.fire(undefined);
    }
  }

  #change(ids: readonly string[]): void {
    const items = new Set<SessionItem>();
    const groups = new Set<GroupItem>();
    const filled = this.#filled();
    for (const id of ids) {
      for (const row of this.#place(id)) {
        if (row.kind === "session") {
          items.add(row);
        } else {
          groups.add(row);
        }
      }
    }
    if (this.#changesShape() || filled !== this.#filled() || (groups.size > 0 && !this.#isGrouped)) {
      this.#didChange.fire(undefined);
      return;
    }
    for (const group of groups) {
      this.#didChange.fire(group);
    }
    for (const row of items.size > mostSingle ? this.#groupsOf(items) : items) {
      this.#didChange.fire(row);
    }
  }

  #groupsOf(items: Iterable<SessionItem>): Iterable<ForestChange> {
    return new Set([...items].map((item) => this.parentOf(item)));
  }

  /** Puts the session with that id where it belongs; the rows that show it. */
  #place(id: string): readonly (SessionItem | GroupItem)[] {
    const known = this.#items.get(id);
    const before = this.#places.get(id);
    const session = this.#store.has(id) ? this.#store.find(id) : undefined;
    const after = session && this.#filter.passes(session) ? phaseOf(session.status) : undefined;
    this.#running += Number(isRunning(session)) - Number(isRunning(known?.session));
    const isAged = known?.session.createdAt?.getTime() !== session?.createdAt?.getTime();
    const isMoved = before !== after || isAged;
    if (known !== undefined && before !== undefined && isMoved) {
      this.#groups.get(before)?.remove(known);
      this.#places.delete(id);
    }
    if (known !== undefined && (isAged || session === undefined)) {
      this.#all.remove(known);
    }
    if (session === undefined) {
      this.#items.delete(id);
      return before === undefined ? [] : [this.#groupItem(before)];
    }
    const item = this.#itemFor(session);
    if (known === undefined || isAged) {
      this.#all.insert(item);
    }
    if (after !== undefined && isMoved) {
      this.#groups.get(after)?.insert(item);
      this.#places.set(id, after);
    }
    const groups = [before, after].flatMap((group) => (group === undefined ? [] : [this.#groupItem(group)]));
    return isMoved ? groups : after === undefined ? [] : [item];
  }

  /** Which groups have rows, to be compared. */
  #filled(): string {
    return liveGroups.map((group) => Number(this.countOf(group) > 0)).join("");
  }

  /** Whether the view changes between a plain list and groups. */
  #changesShape(): boolean {
    const before = this.#isGrouped;
    this.#isGrouped = this.#store.size > (before ? flat.again : flat.most);
    return before !== this.#isGrouped;
  }

  /** Takes in all that the store has. */
  #rebuild(): void {
    this.#all = new OrderedItems();
    for (const id of this.#items.keys()) {
      if (!this.#store.has(id)) {
        this.#items.delete(id);
      }
    }
    for (const session of this.#store.live()) {
      this.#all.push(this.#itemFor(session));
    }
    this.#all.sort();
    this.#running = this.#all.count(({ session }) => isRunning(session));
    this.#sieve();
    this.#changesShape();
  }

  /** Puts the sessions that pass the filter into their groups. */
  #sieve(): void {
    this.#places.clear();
    for (const group of phaseOrder) {
      this.#groups.set(group, new OrderedItems());
    }
    for (const item of this.#all) {
      if (this.#filter.passes(item.session)) {
        const group = phaseOf(item.session.status);
        this.#groups.get(group)?.push(item);
        this.#places.set(item.id, group);
      }
    }
    this.#keepEnded();
  }

  #itemFor(session: SessionSummary): SessionItem {
    const known = this.#items.get(session.id);
    if (known !== undefined) {
      known.session = session;
      return known;
    }
    const item: SessionItem = { kind: "session", id: session.id, session };
    this.#items.set(session.id, item);
    return item;
  }

  #keepEnded(): void {
    const passing = this.#store.ended.sessions.filter(
      (session) => this.#filter.passes(session) && !this.#store.has(session.id),
    );
    const known = new Map(this.#endedItems);
    this.#endedItems.clear();
    for (const session of passing) {
      const item = known.get(session.id) ?? { kind: "session", id: session.id, session };
      item.session = session;
      this.#endedItems.set(session.id, item);
    }
  }

  /** Those that are over stand below the others; alone, they would hide what the view says when nothing runs. */
  #hasEnded(): boolean {
    const hasRows = this.#places.size > 0 || this.#endedItems.size > 0;
    return this.#wantsEnded || (this.#store.size > 0 && (hasRows || !this.#filter.isActive));
  }

  #groupOf({ id }: SessionItem): SessionGroup | undefined {
    return this.#places.get(id) ?? (this.#endedItems.has(id) ? "ended" : undefined);
  }

  #groupItem(group: SessionGroup): GroupItem {
    const item: GroupItem = this.#groupItems.get(group) ?? { kind: "group", group };
    this.#groupItems.set(group, item);
    return item;
  }

  #moreItem(group: SessionGroup): MoreItem {
    const item: MoreItem = this.#moreItems.get(group) ?? { kind: "more", group };
    this.#moreItems.set(group, item);
    return item;
  }
}

function isRunning(session: SessionSummary | undefined): boolean {
  return session !== undefined && phaseOf(session.status) === "running";
}
