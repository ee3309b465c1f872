import assert from "node:assert/strict";
import { silentLogger } from "../../../../src/base/logger.js";
import { TurnQueue } from "../../../../src/base/turnQueue.js";
import { SessionSources } from "../../../../src/completion/sessionSources.js";
import { wordsFor } from "../../../../src/platform/describeError.js";
import type { Carrier } from "../../../../src/run/carriers/carrierChoice.js";
import { FileRun } from "../../../../src/run/fileRun.js";
import { planRun } from "../../../../src/run/plan/runPlan.js";
import { SessionStore } from "../../../../src/sessions/sessionStore.js";
import { QueryConsole } from "../../../../src/run/query/queryConsole.js";
import { namesOf, never, pointAt } from "../../../unit/completion/source/support/point.js";
import { executionOf } from "../../../unit/run/support/openRun.js";
import type { Cell } from "../cell.js";
import type { Operation } from "../operation.js";

/** Appends a line that tells how often it ran, and prints. */
const counted = "open('ran.txt', 'a').write('ran\\n')\nprint('grüße 한글 🎉')\n";

const lineCount = ({ options }: Cell): number => (options.largeBytes > 10_000 ? 3000 : 100);
const many = (lines: number): string =>
  `open('ran.txt', 'a').write('ran\\n')\nfor n in range(${String(lines)}): print('line', n, flush=n % 100 == 0)\n`;

const isExecute = ({ target }: { readonly target: string }): boolean => target.includes("/execute");
const isTunnel = ({ target }: { readonly target: string }): boolean => target.includes("/tcpproxy");

const query: Operation = {
  name: "run a cell",
  words: "Running a piece of code in the session's interpreter",
  at: isExecute,
  carries: "messages",
  flowBytes: 60,
  hasSession: true,
  count: timesRun,
  act: async (cell) => {
    let text = "";
    const console = new QueryConsole({
      client: cell.client,
      session: cell.summary,
      print: (piece) => (text += piece),
      describe: wordsFor,
      onState: () => undefined,
    });
    console.submit([{ code: counted, origin: "a.py:1", uri: "file:///a.py", line: 0 }]);
    await console.idle();
    cell.shown = plain(text);
    for (const [, sentence = ""] of cell.shown.matchAll(/^✘ (.*?) · [\d.]+ m?s$/gms)) {
      cell.tell(sentence);
    }
  },
  verify: (cell, { isDone }) => {
    const printed = Array.from(cell.shown.matchAll(/^grüße 한글 🎉$/gm)).length;
    assert.ok(isDone ? printed === 1 : printed <= 1, cell.shown);
    return Promise.resolve();
  },
};

function run(carrier: Carrier): Operation {
  return {
    name: carrier === "api" ? "run a file" : "run a file by ssh",
    words:
      carrier === "api"
        ? "Run Current File, as a batch run of the server"
        : "Run Current File, as a job that goes on by itself in the session",
    at: carrier === "api" ? isExecute : isTunnel,
    carries: carrier === "api" ? "messages" : "tunnel",
    flowBytes: carrier === "api" ? 100 : 9000,
    hasSession: true,
    count: timesRun,
    prepare: async (cell) => cell.upload("a.py", counted),
    act: async (cell) => runFile(cell, carrier),
    verify: (cell, { isDone }) => {
      assert.ok("grüße 한글 🎉\n".startsWith(cell.output.replaceAll("\r", "")), cell.output);
      assert.ok(!isDone || cell.output !== "", cell.shown);
      return Promise.resolve();
    },
  };
}

function stream(carrier: Carrier): Operation {
  return {
    ...run(carrier),
    name: carrier === "api" ? "follow output" : "follow output by ssh",
    words:
      carrier === "api" ? "The output of a run, 3000 lines of it" : "The output of a job, 3000 lines of it",
    flowBytes: carrier === "api" ? 9000 : 20_000,
    prepare: async (cell) => cell.upload("a.py", many(lineCount(cell))),
    verify: (cell, { isDone }) => {
      const numbers = Array.from(cell.output.matchAll(/^line (\d+)\r?$/gm), ([, number]) => Number(number));
      assert.deepEqual(numbers, [...numbers.keys()], "each line once, in order, from the first");
      assert.ok(!isDone || numbers.length === lineCount(cell), `${String(numbers.length)} lines`);
      return Promise.resolve();
    },
  };
}

const complete: Operation = {
  name: "complete",
  words: "Completion from the session's interpreter",
  at: ({ target }) => target.includes("/complete"),
  carries: "answer",
  flowBytes: 0,
  hasSession: true,
  isQuiet: true,
  prepare: async (cell) => cell.query("alphabet_soup = 1"),
  act: async (cell) => {
    const { connection, tunnels, client } = cell;
    const sources = cell.owned.add(
      new SessionSources({ connection, store: new SessionStore(), tunnels, logger: silentLogger }),
    );
    const ladder = sources.of({ client, session: cell.summary });
    const list = await ladder.complete(pointAt("alphabet_s|"), never);
    cell.isMissed = !namesOf(list).includes("alphabet_soup");
  },
  verify: () => Promise.resolve(),
};

export const runOperations: readonly Operation[] = [
  query,
  run("api"),
  run("ssh"),
  stream("api"),
  stream("ssh"),
  complete,
];

async function runFile(cell: Cell, carrier: Carrier): Promise<void> {
  const plan = planRun("python", "a.py", undefined);
  const place = {
    client: cell.client,
    session: cell.session,
    ssh: cell.tunnels.ssh(cell.client, cell.session.id),
  };
  let text = "";
  const fileRun = new FileRun({
    commandLine: plan.commandLine,
    where: "a session",
    prepare: () =>
      Promise.resolve(executionOf(place, { carrier, plan, kind: "pipes", queue: new TurnQueue() })),
    print: (piece) => (text += piece),
    describe: wordsFor,
    onEvent: (event) => {
      cell.output += event.type === "output" ? event.text : "";
    },
  });
  const outcome = await fileRun.start();
  cell.shown = plain(text);
  if (outcome.kind === "failed") {
    cell.tell(outcome.summary);
    assert.equal(times(cell.shown, outcome.summary), 1, cell.shown);
  } else {
    assert.deepEqual(outcome, { kind: "finished", exitCode: 0 }, cell.shown);
  }
}

async function timesRun(cell: Cell): Promise<number> {
  return ((await cell.fileOf("ran.txt"))?.toString("utf8") ?? "").split("\n").length - 1;
}

function times(text: string, part: string): number {
  return text.split(part).length - 1;
}

function plain(text: string): string {
  return text.replaceAll(/\x1b\[[\d;?]*[A-Za-z]/g, "").replaceAll("\r\n", "\n");
}
