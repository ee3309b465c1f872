import * as l10n from "@vscode/l10n";
import type { Rung } from "./links/terminalLink.js";
import { withoutAnswers } from "../base/screen/answers.js";

/** Typed characters that are kept while there is no connection; more ring the bell. */
export const heldLimit = 64 * 1024;

/** Waits shorter than this are not cut short by a key, in milliseconds. */
const impatienceMs = 500;

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
      /** The last of them with something that a person typed, counted from 1; 0: there was none. */
      readonly typedCount: number;
      /** How many of them the session is known to have. */
      readonly confirmedCount: number;
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
    }
  | { readonly type: "typed"; readonly data: string; readonly at: number }
  /** The session has the first `count` pieces sent over this connection. */
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
      return event.isFinal ? close(event.words, true, state.held) : wait(state, event);
    case "gone":
      return close(event.words, false, state.held);
    default:
      return stay(state);
  }
}

function whileOpen(state: TerminalState & { phase: "open" }, event: TerminalEvent): Transition {
  switch (event.type) {
    case "confirmed":
      return stay({ ...state, confirmedCount: Math.max(state.confirmedCount, event.count) });
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
      return close(event.words, false, "");
    default:
      return stay(state);
  }
}

function whileWaiting(state: TerminalState & { phase: "waiting" }, event: TerminalEvent): Transition {
  switch (event.type) {
    case "retryDue":
      return connect(state.held, state.attempt, state.before);
    case "gone": {
      const closed = close(event.words, false, state.held);
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
      const sentCount = state.sentCount + 1;
      const typedCount = withoutAnswers(data) === "" ? state.typedCount : sentCount;
      return { state: { ...state, sentCount, typedCount }, effects: [{ type: "send", data }] };
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

function opened(
  state: Connecting,
  { rung, keepsScreen, isFresh }: TerminalEvent & { type: "opened" },
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
  const sentCount = sends ? 1 : 0;
  return {
    state: { phase: "open", rung, keepsScreen, sentCount, typedCount: sentCount, confirmedCount: 0 },
    effects,
  };
}

/**
 * What was sent is never sent again by itself: where nothing comes back any more it may have arrived all the same, and a command
 * that is typed twice runs twice. Who typed it looks at the screen, and decides.
 */
function lost(
  state: TerminalState & { phase: "open" },
  { words, at, waitMs }: { words: string; at: number; waitMs: number },
): Transition {
  const { rung, keepsScreen } = state;
  const isUnsure = state.typedCount > state.confirmedCount;
  const text = `${words} ${l10n.t("Connecting again.")}${isUnsure ? ` ${l10n.t("The last keys may not have arrived.")}` : ""}`;
  return {
    state: { phase: "waiting", attempt: 0, retryAt: at + waitMs, held: "", before: { rung, keepsScreen } },
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

/** @param held What was typed meanwhile, and goes nowhere. */
function close(words: string, canRetry: boolean, held: string): Transition {
  const loss = held === "" ? "" : ` ${l10n.t("What was typed meanwhile was not sent.")}`;
  const hint = canRetry
    ? l10n.t("Press Enter to try again.")
    : l10n.t("Press any key to close this terminal.");
  return { state: { phase: "closed", canRetry }, effects: [say(`${words}${loss} ${hint}`, "trouble")] };
}

function stay(state: TerminalState): Transition {
  return { state, effects: [] };
}

function say(words: string, tone: "note" | "trouble"): TerminalEffect {
  return { type: "say", words, tone };
}
