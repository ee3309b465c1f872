import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { within } from "../../../src/base/abort.js";
import { describeError, wordsFor } from "../../../src/platform/describeError.js";
import { until } from "../../support/until.js";
import { Cell } from "./cell.js";
import type { Column } from "./columns.js";
import type { Operation } from "./operation.js";
import type { Outcome } from "./outcome.js";
import { Place } from "./place.js";

/** Longest that an operation may take under any fault; all deadlines of the layers are shorter. */
const cellMs = 100_000;

/** Where the client learned that it failed by waiting in vain. */
const waited = /took longer than|No answer came/;

/** Does an operation under a fault, asserts what must hold in every cell, and tells how it came out. */
export async function runCell(shared: Place, operation: Operation, column: Column): Promise<Outcome> {
  const place = column.replacesServer === true ? await Place.open() : shared;
  const isSlow = column.isSlow === true;
  const cell = await Cell.open(place, {
    hasSession: operation.hasSession,
    isSecure: column.isSecure === true,
    isDirect: column.isDirect === true,
    smallBytes: isSlow ? 800 : 8000,
    largeBytes: isSlow ? 2000 : 200_000,
  });
  try {
    await operation.prepare?.(cell);
    const outcome = await outcomeOf(cell, operation, column);
    await cell.end();
    await leavesNothing(cell);
    return outcome;
  } finally {
    await cell.close();
    if (place !== shared) {
      await place.close();
    }
  }
}

async function outcomeOf(cell: Cell, operation: Operation, column: Column): Promise<Outcome> {
  const { proxy, told } = cell;
  const fault = column.fault?.(operation, cell);
  let met = 0;
  if (fault !== undefined) {
    proxy.inject({
      matches: (request) => operation.at(request) && (met += 1) > 0,
      fault,
      ...(column.times !== undefined && { times: column.times }),
    });
  }
  await column.before?.(cell);
  const error = await failureOf(cell, operation);
  if (error !== undefined) {
    cell.tell(sentenceOf(error));
  }
  assert.ok(fault === undefined || met > 0, "the fault was met");
  assert.ok(told.length <= 1, `told once: ${told.join(" | ")}`);
  const [sentence] = told;
  await cell.place.settled();
  if (operation.count !== undefined) {
    const count = await operation.count(cell);
    assert.ok(count <= 1, `done once: ${String(count)}`);
    assert.ok(count === 1 || sentence !== undefined || cell.isWaiting, "done, or told");
  }
  const isDone = sentence === undefined && !cell.isMissed && !cell.isWaiting;
  await operation.verify(cell, { isDone });
  if (sentence !== undefined) {
    assertClear(sentence);
    return { kind: waited.test(sentence) ? "late" : "told", sentence: general(sentence, cell) };
  }
  if (cell.isMissed || cell.isWaiting) {
    return { kind: cell.isMissed ? "missed" : "waits" };
  }
  const isAgain = proxy.seen.filter(operation.at).length > 1 && operation.carries !== "answer";
  return { kind: met > 1 || isAgain ? (operation.carries === "answer" ? "again" : "returns") : "unharmed" };
}

/** What the operation throws, which is what a command tells. */
async function failureOf(cell: Cell, operation: Operation): Promise<unknown> {
  try {
    await within(operation.act(cell), cellMs, "total", `“${operation.name}”`);
    return undefined;
  } catch (error) {
    if (error instanceof assert.AssertionError) {
      throw error;
    }
    return error;
  }
}

/** What a person reads, which names the cause and has a way out: words or a button. */
function sentenceOf(error: unknown): string {
  const { detail, actions } = describeError(error);
  assert.ok(detail !== undefined || actions.length > 0, `a way out of: ${wordsFor(error)}`);
  return wordsFor(error);
}

function assertClear(sentence: string): void {
  assert.match(sentence, /^[A-Z“/].*[.?]$/s, `a sentence: ${sentence}`);
  assert.doesNotMatch(sentence, /^(GET|POST|PUT|PATCH|DELETE) /, "no request instead of words");
  assert.doesNotMatch(sentence, /“.*” took longer/, "no hang past a deadline");
}

/** The sentence without what differs from run to run. */
function general(sentence: string, { name }: Cell): string {
  return sentence
    .replaceAll(name, "NAME")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "ID")
    .replaceAll(/\S+backendai-kept-\w+\Sold\b/g, "FILE")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replaceAll(/\b[A-Z][a-z]{2} \d+, \d{4}\b/g, "DATE")
    .replace(/here it is .*?, on the server (another time|.*? [AP]M)/, "here it is TIME, on the server TIME");
}

/** The client has let go of every connection. */
async function leavesNothing({ proxy }: Cell): Promise<void> {
  const port = Number(new URL(proxy.url).port);
  await until("the end of the client's connections", () => socketsTo(port).length === 0);
}

/** Sockets of this process that lead to a port. Node gives them to whoever asks, and to tools that look for leaks. */
function socketsTo(port: number): readonly Socket[] {
  const handles = (
    process as unknown as { _getActiveHandles(): readonly Partial<Socket>[] }
  )._getActiveHandles();
  return handles.filter((handle) => handle.remotePort === port) as Socket[];
}
