import * as l10n from "@vscode/l10n";
import type { Rung } from "./links/terminalLink.js";
import { withoutAnswers } from "../base/screen/answers.js";

/** Typed characters that are kept while there is no connection; more ring the bell. */
export const heldLimit = 64 * 1024;

/**
 * How long sent keys may stay without a receipt before a lost connection is taken to have been dead when they were typed,
 * in milliseconds. Younger ones may have arrived: they are not sent twice.
 */
const receiptMs = 1500;

/** Waits shorter than this are not cut short by a key, in milliseconds. */
const impatienceMs = 500;

/** Keys on their way, not known to have arrived. */
export interface SentKeys {
  /** Counts what was sent over a connection, from 1. */
  readonly index: number;
  /** `undefined` for keys that were more than is kept. */
  readonly data: string | undefined;
  /** Milliseconds on the clock of the events. */
  readonly sentAt: number;
  /** Whether the server has them, which passes them on to the session. */
  readonly hasArrived?: true;
}

/** What a terminal showed while it was open. */
interface Shown {
  readonly rung: Rung;
  /** Whether its screen and programs outlive the connection. */
  readonly keepsScreen: boolean;
}

/** Where a terminal stands. Replaced whole at each event. */
export type TerminalState =
  | { readonly phase: "idle"; readonly held: string }
  | Connecting
  | {
      readonly phase: "open";
      readonly rung: Rung;
      /** Whether its screen and programs outlive the connection. */
      readonly keepsScreen: boolean;
      /** How many pieces were sent over this connection. */
      readonly sentCount: number;
      readonly unconfirmed: readonly SentKeys[];
    }
  | {
      readonly phase: "waiting";
      readonly attempt: number;
      readonly retryAt: number;
      readonly held: string;
      /** What was open before; `undefined` when nothing was. */
      readonly before: Shown | undefined;
    }
  | {
      readonly phase: "closed";
      /** Whether Enter connects anew. */
      readonly canRetry: boolean;
    };

interface Connecting {
  readonly phase: "connecting";
  /** How many attempts have failed since the terminal was last open. */
  readonly attempt: number;
  readonly held: string;
  /** What was open before; `undefined` when nothing was. */
  readonly before: Shown | undefined;
}

/** What happens to a terminal. Times are milliseconds on one clock. */
export type TerminalEvent =
  | { readonly type: "started" }
  | {
      readonly type: "opened";
      readonly rung: Rung;
      readonly keepsScreen: boolean;
      /** Whether its shell was started for this connection. */
      readonly isFresh: boolean;
      readonly at: number;
    }
  | { readonly type: "typed"; readonly data: string; readonly at: number }
  /** The server has the first `count` pieces sent over this connection. */
  | { readonly type: "arrived"; readonly count: number }
  /** The session has them. */
  | { readonly type: "confirmed"; readonly count: number }
  | { readonly type: "lost"; readonly words: string; readonly at: number; readonly waitMs: number }
  /** No way in worked. */
  | {
      readonly type: "failed";
      readonly words: string;
      readonly at: number;
      readonly waitMs: number;
      readonly isFinal: boolean;
    }
  | { readonly type: "retryDue" }
  /** The shell ended by itself. */
  | { readonly type: "ended"; readonly exitCode: number | undefined; readonly words?: string | undefined }
  /** There is nothing left to connect to. */
  | { readonly type: "gone"; readonly words: string };

/** What is to be done about an event, in order. */
export type TerminalEffect =
  | { readonly type: "connect"; readonly attempt: number }
  | { readonly type: "send"; readonly data: string }
  | { readonly type: "bell" }
  | { readonly type: "say"; readonly words: string; readonly tone: "note" | "trouble" }
  | { readonly type: "wait"; readonly ms: number }
  | { readonly type: "stopWaiting" }
  /** The terminal is over and its tab may go, unless a code other than 0 tells of a failure. */
  | { readonly type: "close"; readonly exitCode: number | undefined };

/** A state, and what entering it asks for. */
export interface Transition {
  readonly state: TerminalState;
  readonly effects: readonly TerminalEffect[];
}

/** The one place where a terminal's state changes. Pure: clocks, sockets and screens are others' business. */
export function advance(state: TerminalState, event: TerminalEvent): Transition {
  if (event.type === "typed") {
    return typed(state, event);
  }
  switch (state.phase) {
    case "idle":
      return event.type === "started" ? connect(state.held, 0, undefined) : stay(state);
    case "connecting":
      return whileConnecting(state, event);
    case "open":
      return whileOpen(state, event);
    case "waiting":
      return whileWaiting(state, event);
    case "closed":
      return event.type === "started" ? connect("", 0, undefined) : stay(state);
  }
}

function whileConnecting(state: Connecting, event: TerminalEvent): Transition {
  switch (event.type) {
    case "opened":
      return opened(state, event);
    case "failed":
      return event.isFinal ? close(event.words, true) : wait(state, event);
    case "gone":
      return close(event.words, false);
    default:
      return stay(state);
  }
}

function whileOpen(state: TerminalState & { phase: "open" }, event: TerminalEvent): Transition {
  switch (event.type) {
    case "arrived":
      return stay({
        ...state,
        unconfirmed: state.unconfirmed.map((keys) =>
          keys.index > event.count ? keys : { ...keys, hasArrived: true },
        ),
      });
    case "confirmed":
      return stay({ ...state, unconfirmed: state.unconfirmed.filter(({ index }) => index > event.count) });
    case "lost":
      return lost(state, event);
    case "ended":
      return {
        state: { phase: "closed", canRetry: true },
        effects: [
          ...(event.words === undefined ? [] : [say(event.words, "note")]),
          { type: "close", exitCode: event.exitCode },
        ],
      };
    case "gone":
      return close(event.words, false);
    default:
      return stay(state);
  }
}

function whileWaiting(state: TerminalState & { phase: "waiting" }, event: TerminalEvent): Transition {
  switch (event.type) {
    case "retryDue":
      return connect(state.held, state.attempt, state.before);
    case "gone": {
      const closed = close(event.words, false);
      return { ...closed, effects: [{ type: "stopWaiting" }, ...closed.effects] };
    }
    default:
      return stay(state);
  }
}

function typed(state: TerminalState, event: { data: string; at: number }): Transition {
  const { at } = event;
  // Who asked over a lost connection is gone; the next program would take the answers for keys.
  const data = state.phase === "open" ? event.data : withoutAnswers(event.data);
  if (data === "") {
    return stay(state);
  }
  switch (state.phase) {
    case "open": {
      const index = state.sentCount + 1;
      const unconfirmed = bounded([...state.unconfirmed, { index, data, sentAt: at }]);
      return { state: { ...state, sentCount: index, unconfirmed }, effects: [{ type: "send", data }] };
    }
    case "closed":
      return state.canRetry && data === "\r"
        ? connect("", 0, undefined)
        : { state, effects: state.canRetry ? [{ type: "bell" }] : [{ type: "close", exitCode: undefined }] };
    case "idle":
    case "connecting":
      return hold(state, data);
    case "waiting": {
      const { state: holding, effects } = hold(state, data);
      if (state.retryAt - at < impatienceMs) {
        return { state: holding, effects };
      }
      // Who types wants to go on: no need to sit out the rest of the wait.
      const next = connect(holding.held, state.attempt, state.before);
      return { ...next, effects: [{ type: "stopWaiting" }, ...effects, ...next.effects] };
    }
  }
}

/** Keys are kept until there is a connection, up to the bound. */
function hold<S extends TerminalState & { readonly held: string }>(
  state: S,
  data: string,
): { readonly state: S; readonly effects: readonly TerminalEffect[] } {
  return state.held.length + data.length > heldLimit
    ? { state, effects: [{ type: "bell" }] }
    : { state: { ...state, held: state.held + data }, effects: [] };
}

/** The oldest pieces are given up first, all but that they were there. */
function bounded(sent: readonly SentKeys[]): readonly SentKeys[] {
  let size = 0;
  let start = sent.length;
  for (let data = sent.at(-1)?.data; data !== undefined && size + data.length <= heldLimit;) {
    size += data.length;
    start -= 1;
    data = sent[start - 1]?.data;
  }
  const last = sent[start - 1];
  return last === undefined ? sent : [{ ...last, data: undefined }, ...sent.slice(start)];
}

function opened(
  state: Connecting,
  { rung, keepsScreen, isFresh, at }: TerminalEvent & { type: "opened" },
): Transition {
  const { before } = state;
  const isSameScreen =
    before === undefined || (before.keepsScreen && keepsScreen && before.rung === rung && !isFresh);
  const sends = state.held !== "" && isSameScreen;
  const effects: TerminalEffect[] = [];
  if (sends) {
    effects.push({ type: "send", data: state.held });
  } else if (state.held !== "") {
    // They were meant for a program that ended with the connection; a fresh shell would take them for commands.
    effects.push(
      { type: "bell" },
      say(l10n.t("This is another shell: what was typed meanwhile was not sent."), "trouble"),
    );
  } else if (!isSameScreen) {
    effects.push(say(l10n.t("This is another shell."), "note"));
  }
  const unconfirmed = sends ? [{ index: 1, data: state.held, sentAt: at }] : [];
  return {
    state: { phase: "open", rung, keepsScreen, sentCount: unconfirmed.length, unconfirmed },
    effects,
  };
}

function lost(
  state: TerminalState & { phase: "open" },
  { words, at, waitMs }: { words: string; at: number; waitMs: number },
): Transition {
  const [oldest] = state.unconfirmed;
  const isWhole = state.unconfirmed.every(({ data }) => data !== undefined); // half of it could mean something else
  const hasLeft = oldest?.hasArrived === true; // it may be in the session by now
  const wasDead = oldest !== undefined && !hasLeft && at - oldest.sentAt >= receiptMs && isWhole;
  const held = wasDead ? withoutAnswers(state.unconfirmed.map(({ data = "" }) => data).join("")) : "";
  const isUnsure = oldest !== undefined && !wasDead;
  const text = `${words} ${l10n.t("Connecting again.")}${isUnsure ? ` ${l10n.t("The last keys may not have arrived.")}` : ""}`;
  const { rung, keepsScreen } = state;
  return {
    state: { phase: "waiting", attempt: 0, retryAt: at + waitMs, held, before: { rung, keepsScreen } },
    effects: [say(text, "trouble"), { type: "wait", ms: waitMs }],
  };
}

function wait(
  { held, attempt, before }: Connecting,
  { words, at, waitMs }: { words: string; at: number; waitMs: number },
): Transition {
  return {
    state: { phase: "waiting", attempt: attempt + 1, retryAt: at + waitMs, held, before },
    effects: [say(words, "trouble"), { type: "wait", ms: waitMs }],
  };
}

function connect(held: string, attempt: number, before: Shown | undefined): Transition {
  return {
    state: { phase: "connecting", attempt, held, before },
    effects: [{ type: "connect", attempt }],
  };
}

function close(words: string, canRetry: boolean): Transition {
  const hint = canRetry
    ? l10n.t("Press Enter to try again.")
    : l10n.t("Press any key to close this terminal.");
  return { state: { phase: "closed", canRetry }, effects: [say(`${words} ${hint}`, "trouble")] };
}

function stay(state: TerminalState): Transition {
  return { state, effects: [] };
}

function say(words: string, tone: "note" | "trouble"): TerminalEffect {
  return { type: "say", words, tone };
}
