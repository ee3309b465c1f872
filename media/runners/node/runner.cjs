"use strict";
/**
 * The JavaScript side of a session's query mode: one process, one global scope, one run after the other. A run ends when
 * its code has been evaluated and what it started (timers, requests, servers) has ended too, as `node file.js` would.
 * Messages (JSON lines over file descriptor 3) are described in src/engine/execution/README.md.
 */
const { createRequire } = require("node:module");
const path = require("node:path");
const repl = require("node:repl");
const { PassThrough, Writable } = require("node:stream");
const util = require("node:util");
const vm = require("node:vm");
const { Channel } = require("./channel.cjs");
const { Evaluator, hidden } = require("./evaluator.cjs");
const { translateImports } = require("./translate.cjs");

const channel = new Channel((message) => handlers[message.op]?.(message));
const stdout = channel.stream(1);
const stderr = channel.stream(2);
Object.defineProperty(process, "stdout", { get: () => stdout, configurable: true });
Object.defineProperty(process, "stderr", { get: () => stderr, configurable: true });

const evaluator = new Evaluator();
let failed = false;
/** Ends the run that is going on. */
let interrupt;
// Only code that keeps the event loop from turning is stopped by the signal itself (evaluator.cjs); else a message does it.
process.on("SIGINT", () => undefined);
process.on("uncaughtException", (error) => fail(error));
process.on("unhandledRejection", (error) => fail(error));

const names = repl.start({
  prompt: "",
  input: new PassThrough(),
  output: new Writable({ write: (_chunk, _encoding, done) => done() }),
  terminal: false,
  useGlobal: true,
});
const here = path.join(process.cwd(), "cell.js");
hidden("require", createRequire(here));
hidden(
  "__import__",
  new vm.Script("(name, options) => import(name, options)", {
    filename: here,
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext(),
);

// Node announces its loader option as experimental; that is no concern of the program.
const emitWarning = process.emitWarning;
process.emitWarning = (warning, ...rest) =>
  /USE_MAIN_CONTEXT_DEFAULT_LOADER/.test(String(warning))
    ? undefined
    : emitWarning.call(process, warning, ...rest);

const handlers = {
  hello({ token }) {
    channel.start(token);
    channel.send({ op: "ready" });
  },
  async run({ code }) {
    failed = false;
    const interrupted = new Promise((resolve) => {
      interrupt = () => resolve({ interrupted: true });
    });
    channel.send({ op: "started" });
    const before = resources();
    const outcome = await Promise.race([evaluator.evaluate(translateImports(code)), interrupted]);
    report(outcome);
    if (!failed && !outcome.interrupted && (await Promise.race([settled(before), interrupted])).interrupted) {
      report({ interrupted: true });
    }
    interrupt = undefined;
    channel.sendOrdered({ op: "done", exit: failed ? 1 : 0 });
  },
  interrupt() {
    if (interrupt !== undefined) {
      process.kill(-process.pid, "SIGINT"); // for the processes that the code has started
      interrupt();
    }
  },
  complete({ id, code, options }) {
    names.complete(beforeCursor(code, options), (error, found) => {
      const words = error ? [] : found[0].filter((word) => word !== "");
      channel.send({ op: "completions", id, words: words.slice(0, 1000) });
    });
  },
};

function report(outcome) {
  if (outcome.interrupted) {
    failed = true;
    stderr.write("\x1b[31mInterrupted\x1b[39m\n");
  } else if ("error" in outcome) {
    fail(outcome.error);
  } else if (outcome.value !== undefined) {
    stdout.write(util.inspect(outcome.value, { colors: false, depth: 4 }));
  }
}

function fail(error) {
  failed = true;
  stderr.write(`\x1b[31mUncaught\x1b[39m ${withoutOwnFrames(util.inspect(error))}\n`);
}

function withoutOwnFrames(text) {
  const isOwn = (line) =>
    /^\s+at .*(?:node:inspector|node:vm|evalmachine|__backendai|media.runners.node|[\\/]runner\.cjs|[\\/]evaluator\.cjs|new Promise \(<anonymous>\))/.test(
      line,
    );
  return text
    .split("\n")
    .filter((line) => !isOwn(line))
    .join("\n");
}

/** What keeps the process alive, by kind. */
function resources() {
  const counts = new Map();
  for (const kind of process.getActiveResourcesInfo()) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Resolves when nothing keeps the process alive but what already did in `before`. */
function settled(before) {
  return new Promise((resolve) => {
    const check = () => {
      const busy = [...resources()].some(([kind, count]) => count > (before.get(kind) ?? 0));
      if (busy && !failed) {
        setTimeout(check, 10).unref();
      } else {
        resolve({});
      }
    };
    setImmediate(check);
  });
}

function beforeCursor(code, { row, col, line }) {
  if (typeof line === "string") {
    return line;
  }
  const lines = code.split("\n");
  const current = lines[row ?? lines.length - 1] ?? "";
  return current.slice(0, col ?? current.length);
}
