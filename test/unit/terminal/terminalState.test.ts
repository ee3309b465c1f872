import assert from "node:assert/strict";
import fc from "fast-check";
import {
  advance,
  heldLimit,
  type TerminalEffect,
  type TerminalEvent,
  type TerminalState,
} from "../../../src/terminal/terminalState.js";

const idle: TerminalState = { phase: "idle", held: "" };
const open: TerminalState = {
  phase: "open",
  rung: "ssh",
  keepsScreen: true,
  sentCount: 0,
  typedCount: 0,
  confirmedCount: 0,
};
const before = { rung: "ssh", keepsScreen: true } as const;
const connecting: TerminalState = { phase: "connecting", attempt: 2, held: "", before };
const waiting: TerminalState = { phase: "waiting", attempt: 2, retryAt: 10_000, held: "", before };
const closed: TerminalState = { phase: "closed", canRetry: true };
const over: TerminalState = { phase: "closed", canRetry: false };

const opened = { type: "opened", rung: "ssh", keepsScreen: true, isFresh: false } as const;
const typed = (data: string, at = 0): TerminalEvent => ({ type: "typed", data, at });
const lost = (at: number): TerminalEvent => ({ type: "lost", words: "Cut.", at, waitMs: 250 });
const failed = (isFinal: boolean): TerminalEvent => ({
  type: "failed",
  words: "No way.",
  at: 1000,
  waitMs: 500,
  isFinal,
});

/** What events lead to, and every effect on the way. */
function run(
  from: TerminalState,
  ...events: readonly TerminalEvent[]
): { readonly state: TerminalState; readonly effects: readonly TerminalEffect[] } {
  let state = from;
  const effects: TerminalEffect[] = [];
  for (const event of events) {
    const next = advance(state, event);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

function sent(effects: readonly TerminalEffect[]): string {
  return effects.map((effect) => (effect.type === "send" ? effect.data : "")).join("");
}

function said(effects: readonly TerminalEffect[]): string {
  return effects.flatMap((effect) => (effect.type === "say" ? [effect.words] : [])).join("|");
}

describe("the state of a terminal", () => {
  /** For each event: what it makes of each phase, as `phase: effects`; `-` where it changes nothing. */
  const table: readonly (readonly [TerminalEvent, Readonly<Record<string, string>>])[] = [
    [
      { type: "started" },
      {
        idle: "connecting: connect 0",
        connecting: "-",
        open: "-",
        waiting: "-",
        closed: "connecting: connect 0",
        over: "connecting: connect 0",
      },
    ],
    [opened, { idle: "-", connecting: "open:", open: "-", waiting: "-", closed: "-", over: "-" }],
    [
      typed("x"),
      {
        idle: "idle:",
        connecting: "connecting:",
        open: "open: send",
        waiting: "connecting: stopWaiting, connect 2",
        closed: "closed: bell",
        over: "closed: close undefined",
      },
    ],
    [
      { type: "confirmed", count: 1 },
      { idle: "-", connecting: "-", open: "open:", waiting: "-", closed: "-", over: "-" },
    ],
    [
      lost(0),
      { idle: "-", connecting: "-", open: "waiting: say, wait 250", waiting: "-", closed: "-", over: "-" },
    ],
    [
      failed(false),
      { idle: "-", connecting: "waiting: say, wait 500", open: "-", waiting: "-", closed: "-", over: "-" },
    ],
    [failed(true), { idle: "-", connecting: "closed: say", open: "-", waiting: "-", closed: "-", over: "-" }],
    [
      { type: "retryDue" },
      { idle: "-", connecting: "-", open: "-", waiting: "connecting: connect 2", closed: "-", over: "-" },
    ],
    [
      { type: "ended", exitCode: 3 },
      { idle: "-", connecting: "-", open: "closed: close 3", waiting: "-", closed: "-", over: "-" },
    ],
    [
      { type: "gone", words: "Ended." },
      {
        idle: "-",
        connecting: "closed: say",
        open: "closed: say",
        waiting: "closed: stopWaiting, say",
        closed: "-",
        over: "-",
      },
    ],
  ];
  const phases = { idle, connecting, open, waiting, closed, over };
  const effectLabel = (effect: TerminalEffect): string => {
    switch (effect.type) {
      case "connect":
        return `connect ${effect.attempt}`;
      case "wait":
        return `wait ${effect.ms}`;
      case "close":
        return `close ${effect.exitCode}`;
      default:
        return effect.type;
    }
  };

  for (const [event, expected] of table) {
    const { isFinal } = { isFinal: undefined, ...event };
    it(`goes on after ${event.type}${isFinal === undefined ? "" : isFinal ? " for good" : " for now"}`, () => {
      const actual = Object.fromEntries(
        Object.entries(phases).map(([name, state]) => {
          const next = advance(state, event);
          const label = `${next.state.phase}: ${next.effects.map(effectLabel).join(", ")}`.trim();
          return [name, next.state === state && next.effects.length === 0 ? "-" : label];
        }),
      );
      assert.deepEqual(actual, expected);
    });
  }

  it("counts failed attempts, and begins anew after it was open", () => {
    const { state, effects } = run(
      idle,
      { type: "started" },
      failed(false),
      { type: "retryDue" },
      failed(false),
      { type: "retryDue" },
    );
    assert.deepEqual(
      effects.flatMap((effect) => (effect.type === "connect" ? [effect.attempt] : [])),
      [0, 1, 2],
    );
    assert.deepEqual(run(state, opened, lost(0), { type: "retryDue" }).effects.at(-1), {
      type: "connect",
      attempt: 0,
    });
  });

  it("passes on what the shell's end was, with its words if it has any", () => {
    assert.deepEqual(run(open, { type: "ended", exitCode: undefined, words: "Left." }).effects, [
      { type: "say", words: "Left.", tone: "note" },
      { type: "close", exitCode: undefined },
    ]);
  });

  it("connects anew on Enter where that may help, and rings for other keys", () => {
    assert.equal(advance(closed, typed("\r")).state.phase, "connecting");
    for (const key of ["x", "\n", "\r\n", "\x1b[A"]) {
      assert.deepEqual(advance(closed, typed(key)), { state: closed, effects: [{ type: "bell" }] });
    }
    assert.match(said(run(connecting, failed(true)).effects), /^No way\. Press Enter to try again\.$/);
    assert.match(
      said(run(open, { type: "gone", words: "Gone." }).effects),
      /^Gone\. Press any key to close this terminal\.$/,
    );
  });
});

describe("keys typed without a connection", () => {
  it("are kept up to the bound, then ring the bell", () => {
    for (const state of [idle, connecting, { ...waiting, retryAt: 0 }]) {
      const full = run(state, typed("x".repeat(heldLimit - 1)), typed("y"));
      assert.deepEqual(full.effects, []);
      assert.deepEqual(advance(full.state, typed("z")), { state: full.state, effects: [{ type: "bell" }] });
    }
  });

  it("are sent once when the terminal opens first, and when it comes back to the same screen", () => {
    const first = run(idle, typed("a"), { type: "started" }, typed("b"), opened);
    assert.equal(sent(first.effects), "ab");
    const again = run(first.state, { type: "confirmed", count: 1 }, lost(9), typed("c", 9), typed("d", 9), {
      type: "retryDue",
    });
    assert.equal(sent(run(again.state, typed("e"), opened).effects), "cde");
  });

  const others = [
    ["one that was started meanwhile", { ...opened, isFresh: true }],
    ["one by another way", { ...opened, rung: "ttyd" }],
    ["one that keeps no screen", { ...opened, keepsScreen: false }],
  ] as const;
  for (const [name, event] of others) {
    it(`are not sent into another shell: ${name}`, () => {
      const { state, effects } = run({ ...connecting, held: "rm x\r" }, event);
      assert.equal(sent(effects), "");
      assert.deepEqual(effects[0], { type: "bell" });
      assert.match(said(effects), /another shell: what was typed meanwhile was not sent/);
      assert.equal(sent(run(state, lost(0), { type: "retryDue" }, opened).effects), "", "nor later");
    });
  }

  it("are kept without what the screen answers meanwhile: who asked is gone with the connection", () => {
    for (const answer of [
      "\x1b[?1;2c",
      "\x1b[>0;276;0c",
      "\x1b[3;1R",
      "\x1b[?12;2$y",
      "\x1b]11;rgb:0/0/0\x1b\\",
      "\x1bP>|x\x1b\\",
    ]) {
      assert.deepEqual(run(waiting, typed(answer)), { state: waiting, effects: [] });
      assert.equal(sent(run(waiting, typed(`a${answer}b\x1b[A`), opened).effects), "ab\x1b[A");
      const quiet = run(open, typed(answer), lost(5000));
      assert.equal(said(quiet.effects), "Cut. Connecting again.", "nobody typed it");
      assert.match(said(run(open, typed("a"), typed(answer), lost(5000)).effects), /may not have arrived/);
    }
  });

  it("need not be there for another shell to be called one", () => {
    assert.match(said(run(connecting, { ...opened, isFresh: true }).effects), /another shell/);
    const wasPlain = { ...connecting, before: { rung: "ssh", keepsScreen: false } as const };
    assert.match(said(run(wasPlain, opened).effects), /another shell/);
    assert.equal(said(run(connecting, opened).effects), "");
    assert.equal(said(run(idle, { type: "started" }, { ...opened, isFresh: true }).effects), "");
  });

  it("cut a long wait short, not a short one", () => {
    const cut = advance(waiting, typed("x", 10_000 - 500));
    assert.deepEqual(cut.effects, [{ type: "stopWaiting" }, { type: "connect", attempt: 2 }]);
    const kept = advance(waiting, typed("x", 10_000 - 499));
    assert.deepEqual([kept.state.phase, kept.effects], ["waiting", []]);
    assert.equal("held" in kept.state && kept.state.held, "x");
    assert.equal(sent(run(cut.state, opened).effects), "x");
  });
});

describe("keys on their way when the connection breaks", () => {
  for (const text of ["rm -r build\r", "y", "ls", "\x1b[A\r", "\x03", "x".repeat(heldLimit + 1)]) {
    it(`are not sent again, however long nothing was heard of them, and that is said: ${JSON.stringify(text.slice(0, 12))}`, () => {
      for (const at of [1001, 2499, 2500, 6000, 600_000]) {
        const { state, effects } = run(open, typed(text, 1000), typed("b", 1000), lost(at));
        assert.match(said(effects), /^Cut\. Connecting again\. The last keys may not have arrived\.$/);
        const again = run(state, typed("c", at), { type: "retryDue" }, opened);
        assert.equal(sent(again.effects), "c", "what came after the loss is");
        assert.doesNotMatch(said(again.effects), /arrived/, "once");
      }
    });
  }

  it("are no loss once they are known to have arrived", () => {
    const confirmed = { type: "confirmed", count: 2 } as const;
    const rest = run(open, typed("a"), typed("b"), typed("c"), confirmed, lost(5000));
    assert.match(said(rest.effects), /may not have arrived/);
    const quiet = run(open, typed("a"), typed("b"), confirmed, lost(1));
    assert.equal(said(quiet.effects), "Cut. Connecting again.");
    assert.equal(sent(run(quiet.state, { type: "retryDue" }, opened).effects), "");
  });

  it("are said to be lost when they were kept and there is nothing to send them to", () => {
    for (const end of [failed(true), { type: "gone", words: "Gone." }] as const) {
      assert.match(said(run(connecting, typed("a"), end).effects), /What was typed meanwhile was not sent\./);
      assert.doesNotMatch(said(run(connecting, end).effects), /typed/);
    }
  });

  it("keep their order, none is sent twice, and each loss is said, whatever happens", () => {
    const event = fc.oneof(
      { weight: 5, arbitrary: fc.constant("typed" as const) },
      fc.constantFrom(
        "started" as const,
        "opened" as const,
        "fresh" as const,
        "confirmed" as const,
        "lost" as const,
        "failed" as const,
        "final" as const,
        "retryDue" as const,
        "ended" as const,
      ),
    );
    const steps = fc.array(fc.record({ event, passed: fc.nat(1000), share: fc.double({ min: 0, max: 1 }) }), {
      maxLength: 60,
    });
    const property = fc.property(steps, (taken) => {
      let state: TerminalState = idle;
      let at = 0;
      let typedCount = 0;
      /** Keys sent over the present connection, as their numbers. */
      let connection: number[] = [];
      let pieces: number[][] = [];
      let confirmedCount = 0;
      const everSent = new Set<number>();
      for (const { event: kind, passed, share } of taken) {
        at += passed;
        const count = Math.floor(pieces.length * share);
        const events: Record<typeof kind, TerminalEvent> = {
          typed: typed(`${typedCount},`, at),
          started: { type: "started" },
          opened,
          fresh: { ...opened, isFresh: true },
          confirmed: { type: "confirmed", count },
          lost: { type: "lost", words: "", at, waitMs: 250 },
          failed: { type: "failed", words: "", at, waitMs: 250, isFinal: false },
          final: { type: "failed", words: "", at, waitMs: 250, isFinal: true },
          retryDue: { type: "retryDue" },
          ended: { type: "ended", exitCode: 0 },
        };
        const wasOpen = state.phase === "open";
        const { state: next, effects } = advance(state, events[kind]);
        typedCount += kind === "typed" ? 1 : 0;
        confirmedCount = wasOpen && kind === "confirmed" ? Math.max(confirmedCount, count) : confirmedCount;
        if (wasOpen && kind === "lost") {
          const isUnsure = pieces.slice(confirmedCount).flat().length > 0;
          assert.equal(said(effects).includes("may not have arrived"), isUnsure);
        }
        if (!wasOpen && next.phase === "open") {
          connection = [];
          pieces = [];
          confirmedCount = 0;
        }
        for (const effect of effects) {
          if (effect.type === "send") {
            const keys = effect.data.split(",").slice(0, -1).map(Number);
            for (const key of keys) {
              assert.ok(!everSent.has(key), `${key} was sent twice`);
              assert.ok(key > (connection.at(-1) ?? -1), `${key} came after ${connection.at(-1)}`);
              everSent.add(key);
              connection.push(key);
            }
            pieces.push(keys);
          }
        }
        state = next;
      }
    });
    fc.assert(property, { numRuns: 2000 });
  });
});
