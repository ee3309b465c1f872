import assert from "node:assert/strict";
import { delay } from "../../../../src/base/abort.js";
import { shellQuote } from "../../../../src/base/text.js";
import type { Rung } from "../../../../src/terminal/links/terminalLink.js";
import type { TerminalState } from "../../../../src/terminal/terminalState.js";
import { FaultProxy } from "../../../faults/proxy/faultProxy.js";
import type { ServerTarget } from "../../../support/serverTarget.js";
import { type OpenTerminal, openTerminal } from "./openTerminal.js";
import { seededRandom, type Random } from "./seededRandom.js";
import { SessionPrograms } from "./sessionProgram.js";

/** What is done to a terminal. */
export interface DisconnectOptions {
  readonly rung: Extract<Rung, "ssh" | "ttyd">;
  readonly cuts: number;
  readonly seed: number;
  /**
   * `settled`: before each cut, what was typed has been confirmed. `anywhere`: cuts come at any moment while somebody types on.
   */
  readonly when: "settled" | "anywhere";
}

/** What became of it. Words and lines are numbered from 1. */
export interface DisconnectReport {
  readonly typed: number;
  /** Words that the program read, in order. */
  readonly arrived: readonly number[];
  /** Words that were on their way when the person was told that they may not have arrived. */
  readonly announced: ReadonlySet<number>;
  /** Lines that the program printed, as tmux keeps them. */
  readonly lines: readonly number[];
  readonly printed: number;
  /** What the terminal shows, and what tmux says that it shows. */
  readonly screen: readonly string[];
  readonly pane: readonly string[];
  /** How often it was connected anew. */
  readonly reconnections: number;
}

/**
 * Prints a numbered line every few milliseconds, and writes down each word that is typed. `quit` ends it. A read that runs out
 * of time may have half a word.
 */
const program = String.raw`
stty -echo
: > words
n=0 half=
while :; do
  if IFS= read -r -t "0.0$((RANDOM % 90 + 10))" word; then
    word=$half$word half=
    [ "$word" = quit ] && break
    echo "$word" >> words
  else
    half=$half$word n=$((n + 1))
    [ "$n" -le 1500 ] && echo "line $n"
  fi
done
echo "printed $((n < 1500 ? n : 1500))"
exec cat
`;

/** Waits for states and screens of a terminal, at most. */
const patienceMs = 45_000;

/** Cuts the connection of a terminal again and again while a program prints and a person types. */
export async function disconnect(
  target: ServerTarget,
  sessionId: string,
  options: DisconnectOptions,
): Promise<DisconnectReport> {
  const proxy = await FaultProxy.start();
  const programs = new SessionPrograms(target.client, sessionId);
  const typist = new Typist();
  try {
    const client = await target.connect({ proxy: proxy.url });
    await programs.run(`printf %s ${shellQuote(program)} > numbered.sh`);
    const terminal = openTerminal(client, sessionId, {
      preference: options.rung,
      name: `cut-${options.when}`,
      parts: { onDidChange: (state) => typist.changed(state) },
    });
    typist.terminal = terminal;
    await terminal.screen.shows(/[$#] ?$/m);
    terminal.type("bash numbered.sh\r");
    await terminal.screen.shows(/^line 2$/m);
    const random = seededRandom(options.seed);
    await (options.when === "settled" ? cutSettled : cutAnywhere)({ typist, proxy, random, ...options });
    return await conclude(typist, terminal, programs);
  } finally {
    typist.terminal?.dispose();
    programs.dispose();
    await proxy.stop();
  }
}

interface Cutting extends DisconnectOptions {
  readonly typist: Typist;
  readonly proxy: FaultProxy;
  readonly random: Random;
}

async function cutSettled({ typist, proxy, random, cuts }: Cutting): Promise<void> {
  for (let cut = 0; cut < cuts; cut += 1) {
    for (let word = random.below(4); word > 0; word -= 1) {
      typist.type();
      await delay(random.below(15));
    }
    await typist.until("what was typed is confirmed", (state) => isSettled(state));
    await delay(random.below(80));
    typist.note();
    proxy.cut();
    await typist.until("the cut is seen", (state) => state.phase !== "open");
    for (let word = 1 + random.below(3); word > 0; word -= 1) {
      typist.type(); // which also ends a long wait
      await delay(random.below(30));
    }
    await typist.until("it is open again", (state) => state.phase === "open");
  }
  await typist.until("the last words are confirmed", (state) => isSettled(state));
}

async function cutAnywhere({ typist, proxy, random, cuts }: Cutting): Promise<void> {
  const typing = new AbortController();
  const typed = (async () => {
    while (!typing.signal.aborted) {
      typist.type();
      await delay(5 + random.below(30));
    }
  })();
  for (let cut = 0; cut < cuts; cut += 1) {
    await delay(random.below(800));
    typist.note();
    proxy.cut();
  }
  typing.abort();
  await typed;
  await typist.until("the last words are confirmed", (state) => {
    if (state.phase === "waiting") {
      typist.type(); // which ends a long wait
    }
    return isSettled(state);
  });
}

function isSettled(state: TerminalState): boolean {
  return state.phase === "open" && state.confirmedCount === state.sentCount;
}

async function conclude(
  typist: Typist,
  terminal: OpenTerminal,
  programs: SessionPrograms,
): Promise<DisconnectReport> {
  terminal.type("quit\r");
  await terminal.screen.shows(/^printed \d+$/m);
  const printed = Number(/^printed (\d+)$/m.exec(terminal.screen.text)?.[1]);
  const pane = `$("$tmux" list-panes -a -F '#{pane_id} #{pane_current_command}' | sed -n 's/ cat$//p')`;
  const show = async (more: string): Promise<string[]> =>
    (await programs.run(`"$tmux" capture-pane -p ${more} -t "${pane}"`)).trimEnd().split("\n");
  const words = await programs.run("cat words");
  const height = Number(await programs.run(`"$tmux" display-message -p -t "${pane}" '#{pane_height}'`)); // a status line is no part
  const shown = await show("");
  const history = await show("-S -");
  return {
    typed: typist.count,
    arrived: numbersOf(words.split("\n"), /^w(\d+)$/),
    announced: typist.announced,
    lines: numbersOf(history, /^line (\d+)$/),
    printed,
    screen: terminal.screen.lines().slice(0, height),
    pane: [...shown, ...new Array<string>(height).fill("")].slice(0, height),
    reconnections: typist.openings - 1,
  };
}

function numbersOf(lines: readonly string[], pattern: RegExp): number[] {
  return lines.flatMap((line) => {
    const number = pattern.exec(line.trimEnd())?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

/** Types numbered words, and notes which of them may be lost according to what the terminal says. */
class Typist {
  terminal: OpenTerminal | undefined;
  count = 0;
  openings = 0;
  readonly announced = new Set<number>();
  /** Words that go over the present connection, or the next one, each with the piece that it goes with. */
  #sent: readonly (readonly [word: number, piece: number])[] = [];
  #unconfirmed: readonly number[] = [];

  type(): void {
    this.count += 1;
    this.terminal?.type(`w${String(this.count)}\r`);
    const state = this.terminal?.terminal.state;
    const piece = state?.phase === "open" ? state.sentCount : 1; // what is kept meanwhile goes together
    this.#sent = [...this.#sent, [this.count, piece]];
    this.note();
  }

  changed(state: TerminalState): void {
    if (state.phase === "open") {
      this.openings += 1;
      this.note();
    } else if (state.phase === "waiting" && state.attempt === 0) {
      const words = this.terminal?.screen.raw.slice(-200) ?? "";
      for (const word of words.includes("may not have arrived") ? this.#unconfirmed : []) {
        this.announced.add(word);
      }
      this.#unconfirmed = [];
      this.#sent = [];
    }
  }

  async until(what: string, holds: (state: TerminalState) => boolean): Promise<void> {
    const end = performance.now() + patienceMs;
    for (;;) {
      const state = this.terminal?.terminal.state;
      if (state !== undefined && holds(state)) {
        return;
      }
      if (performance.now() > end) {
        assert.fail(`waited until ${what}; the terminal is ${JSON.stringify(state)}`);
      }
      await delay(2);
    }
  }

  /** Remembers what is on its way. */
  note(): void {
    const state = this.terminal?.terminal.state;
    if (state?.phase === "open") {
      this.#sent = this.#sent.filter(([, piece]) => piece > state.confirmedCount);
      this.#unconfirmed = this.#sent.map(([word]) => word);
    }
  }
}
