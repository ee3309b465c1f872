import assert from "node:assert/strict";
import type { RunEvent, SessionSummary } from "../../../../src/api/index.js";
import { describeError } from "../../../../src/platform/describeError.js";
import { QueryConsole, type QueryState } from "../../../../src/run/query/queryConsole.js";
import type { QueryPiece, QueryRunInfo } from "../../../../src/run/query/queryRun.js";
import { session as record } from "../../../support/records.js";
import { until } from "../../../support/until.js";
import { openQuerySession, type QuerySession } from "./support/querySession.js";

interface Opened {
  readonly console: QueryConsole;
  readonly events: [QueryRunInfo, RunEvent][];
  readonly states: QueryState[];
  /** All that was printed, without colours. */
  readonly shown: () => string;
}

describe("QueryConsole", function () {
  let session: QuerySession;
  let opened: Opened;

  this.timeout(90_000);

  before(async () => {
    session = await openQuerySession();
    await session.ask("1"); // a new session's interpreter takes a while
  });

  after(() => session.end());

  beforeEach(() => {
    opened = open(session, record({ id: session.id, name: "query-1" }));
  });

  afterEach(() => opened.console.abandon());

  it("shows the code, its output and its value, and keeps variables", async () => {
    const { console, shown, events } = opened;
    console.submit([piece("a = 20\nprint('one')"), piece("a * 2 + 2")]);
    await console.idle();
    assert.match(
      shown(),
      /^In \[1\]: a = 20\r\n {8}print\('one'\) {2}· a\.py:1\r\none\r\nIn \[2\]: a \* 2 \+ 2 {2}· a\.py:1\r\n42\r\n$/,
    );
    assert.deepEqual(
      events.filter(([, event]) => event.type === "finished").map(([info]) => info.number),
      [1, 2],
    );
    assert.deepEqual(console.state, { phase: "idle", queued: 0, question: undefined });
  });

  it("tells what goes to stderr apart, and shows no more than the beginning of long code", async () => {
    const { console, events, shown } = opened;
    const lines = Array.from({ length: 9 }, (_, index) => `b${String(index)} = ${String(index)}`);
    console.submit([piece(`import sys\n${lines.join("\n")}\nprint('bad', file=sys.stderr)`)]);
    await console.idle();
    const streams = events.flatMap(([, event]) => (event.type === "output" ? [event.stream] : []));
    assert.deepEqual([...new Set(streams)], ["stderr"]);
    assert.match(shown(), /b1 = 1\r\n {8}… 8 more lines {2}· a\.py:1\r\nbad\r\n/);
  });

  it("runs nothing of a batch after an error, and goes on with what was asked for apart", async () => {
    const { console, shown } = opened;
    console.submit([piece("1 / 0"), piece("print('never')"), piece("print('never')")]);
    console.submit([piece("print('other')")]);
    await console.idle();
    assert.match(shown(), /ZeroDivisionError[^]*✘ error/);
    assert.match(shown(), /2 queued cells not run/);
    assert.doesNotMatch(shown(), /^never/m);
    assert.match(shown(), /^other\r$/m);
  });

  it("takes a syntax error for an error, but not a word that only looks like one", async () => {
    const { console, shown } = opened;
    console.submit([piece("import sys\nprint('an Error: none', file=sys.stderr)"), piece("print('after')")]);
    console.submit([piece("def ("), piece("print('never')")]);
    await console.idle();
    assert.match(shown(), /^after\r$/m);
    assert.match(shown(), /1 queued cell not run/);
  });

  it("answers from the terminal with line editing, and from elsewhere", async () => {
    const { console, shown, states } = opened;
    console.submit([
      piece("n = input('Name? ')\nimport getpass\np = getpass.getpass('Word? ')\nprint(n, len(p))"),
    ]);
    await until("the first question", () => console.state.question);
    assert.deepEqual(console.state.question, { origin: "a.py:1", prompt: "Name?", isPassword: false });
    console.input("Adx\x7fa\r");
    await until("the second question", () => console.state.question?.isPassword);
    console.answer("hidden");
    await console.idle();
    assert.match(shown(), /Name\? Adx\x08 \x08a\r\n/);
    assert.match(shown(), /^Ada 6\r$/m);
    assert.doesNotMatch(shown(), /hidden/);
    assert.equal(states.at(-1)?.question, undefined);
  });

  it("interrupts what runs and drops what waits", async () => {
    const { console, shown } = opened;
    console.submit([piece("print('up')\nimport time\ntime.sleep(60)"), piece("print('never')")]);
    console.submit([piece("print('never')")]);
    assert.match(shown(), /queued: a\.py:1/);
    await until("the program", () => /^up\r$/m.test(shown()));
    console.input("\x03");
    await console.idle();
    assert.match(shown(), /2 queued cells dropped[^]*KeyboardInterrupt[^]*■ interrupted/);
    assert.doesNotMatch(shown(), /^never/m);
    console.submit([piece("print('free')")]);
    await console.idle();
    assert.match(shown(), /^free\r$/m);
  });

  it("interrupts a program that asks", async () => {
    const { console, shown } = opened;
    console.submit([piece("input('? ')")]);
    await until("the question", () => console.state.question);
    console.interrupt();
    await console.idle();
    assert.match(shown(), /■ interrupted/);
    assert.equal(console.state.question, undefined);
  });

  it("resets the state in the midst of a run, before what comes after", async () => {
    const { console, shown } = opened;
    console.submit([piece("z = 1\nprint('up')\nimport time\ntime.sleep(60)")]);
    await until("the program", () => /^up\r$/m.test(shown()));
    console.reset();
    console.reset();
    console.submit([piece("print('z' in globals())")]);
    await console.idle();
    assert.match(shown(), /■ interrupted[^]*── state reset · [^]*In \[1\]: print[^]*^False\r$/m);
    assert.equal(shown().match(/state reset/g)?.length, 1);
  });

  it("says what an HTML value does where the server can't carry it, and goes on", async () => {
    const { console, shown, events } = opened;
    console.submit([piece("class H:\n    def _repr_html_(self): return '<b>x</b>'\nprint('ran')\nH()")]);
    await console.idle();
    if (session.isReal) {
      assert.match(shown(), /✘ The code ran, but its value has an HTML form/);
    } else {
      assert.ok(events.some(([, event]) => event.type === "html"));
    }
    console.submit([piece("print('free')")]);
    await console.idle();
    assert.match(shown(), /^free\r$/m);
  });

  it("refuses to let endless numbers of cells wait", () => {
    assert.throws(
      () => opened.console.submit(Array.from({ length: 1001 }, () => piece("1"))),
      /fewer at once/,
    );
  });
});

describe("QueryConsole, when the session ends", function () {
  this.timeout(90_000);

  it("says so midway and before, and drops what waits", async () => {
    const session = await openQuerySession();
    try {
      const { console, shown } = open(session, record({ id: session.id, name: "query-1" }));
      console.submit([piece("print('up')\nimport time\ntime.sleep(600)"), piece("print('never')")]);
      console.submit([piece("print('never')")]);
      await until("the program", () => /^up\r$/m.test(shown()));
      await session.client.sessions.destroy(session.id, { forced: true });
      await console.idle();
      assert.match(shown(), /^up\r\n[^]*✘ Session query-1 has ended/m);
      assert.doesNotMatch(shown(), /^never/m);
      const before = shown().length;
      console.submit([piece("print('never')")]);
      await console.idle();
      assert.match(shown().slice(before), /✘ Session query-1 has ended/);
    } finally {
      await session.end();
    }
  });
});

function piece(code: string): QueryPiece {
  return { code, origin: "a.py:1", uri: "file:///a.py", line: 0 };
}

function open({ client }: QuerySession, session: SessionSummary): Opened {
  let text = "";
  const events: Opened["events"] = [];
  const states: QueryState[] = [];
  const console = new QueryConsole({
    client,
    session,
    print: (part) => (text += part),
    describe: (error) => describeError(error).summary,
    onState: (state) => states.push(state),
    onEvent: (info, event) => events.push([info, event]),
  });
  return { console, events, states, shown: () => text.replaceAll(/\x1b\[[\d;]*m/g, "") };
}
