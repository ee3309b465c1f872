import assert from "node:assert/strict";
import { abortable, anySignal, deadline, delay, isAbort } from "../../../src/base/abort.js";
import { AsyncQueue } from "../../../src/base/asyncQueue.js";
import { CoalescedTask } from "../../../src/base/coalesce.js";
import { TimeoutError } from "../../../src/base/errors.js";
import { Emitter } from "../../../src/base/event.js";

describe("abort", () => {
  it("rejects with the reason at once, and leaves no listener behind", async () => {
    const controller = new AbortController();
    const waiting = abortable(new Promise(() => undefined), controller.signal);
    controller.abort(new Error("enough"));
    await assert.rejects(waiting, /enough/);
    await assert.rejects(abortable(Promise.resolve(1), controller.signal), /enough/);
  });

  it("takes the failure of a promise that was left alone before it began for nobody's", async () => {
    let fail: (error: Error) => void = () => undefined;
    const late = new Promise((_, reject) => (fail = reject));
    await assert.rejects(abortable(late, AbortSignal.abort()), { name: "AbortError" });
    const unhandled = new Promise((resolve) => process.once("unhandledRejection", resolve));
    fail(new Error("too late"));
    const first = await Promise.race([
      unhandled,
      new Promise((resolve) => setTimeout(resolve, 20, "silence")),
    ]);
    assert.equal(first, "silence");
  });

  it("names what was waited for when a deadline passes", async () => {
    const limit = deadline(1, "connect", "Connecting");
    await assert.rejects(
      delay(10_000, limit.signal),
      (error) =>
        error instanceof TimeoutError && error.phase === "connect" && /Connecting/.test(error.message),
    );
  });

  it("tells a cancellation from a failure", async () => {
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(delay(10_000, controller.signal), isAbort);
    assert.equal(isAbort(new Error("AbortError")), false);
  });

  it("joins signals", () => {
    const a = new AbortController();
    const joined = anySignal(undefined, a.signal, new AbortController().signal);
    a.abort();
    assert.equal(joined?.aborted, true);
    assert.equal(anySignal(undefined), undefined);
  });
});

describe("AsyncQueue", () => {
  it("hands out everything in order, and the error after the last item", async () => {
    const queue = new AsyncQueue<number>(10);
    queue.push(1);
    queue.push(2);
    queue.end(new Error("broken"));
    queue.push(3);
    const seen: number[] = [];
    await assert.rejects(async () => {
      for await (const item of queue) {
        seen.push(item);
      }
    }, /broken/);
    assert.deepEqual(seen, [1, 2]);
  });

  it("asks the source to pause above the bound, and to go on below half of it", async () => {
    let drained = 0;
    const queue = new AsyncQueue<number>(10, () => (drained += 1));
    assert.equal(queue.push(1, 6), true);
    assert.equal(queue.push(2, 6), false);
    const reader = queue[Symbol.asyncIterator]();
    await reader.next();
    assert.equal(drained, 0);
    await reader.next();
    assert.equal(drained, 1);
  });

  it("wakes a reader that waits", async () => {
    const queue = new AsyncQueue<string>(10);
    const next = queue[Symbol.asyncIterator]().next();
    queue.push("late");
    assert.deepEqual(await next, { value: "late", done: false });
  });
});

describe("CoalescedTask", () => {
  it("runs once more for any number of requests during a run", async () => {
    let runs = 0;
    let release = (): void => undefined;
    const task = new CoalescedTask(async () => {
      runs += 1;
      await new Promise<void>((resolve) => (release = resolve));
    });
    const first = task.run();
    const later = [task.run(), task.run(), task.run()];
    release();
    await first;
    await Promise.resolve();
    release();
    await Promise.all(later);
    assert.equal(runs, 2);
  });
});

describe("Emitter", () => {
  it("reaches every listener even when one throws, and none that left", () => {
    const errors: unknown[] = [];
    const emitter = new Emitter<number>((error) => errors.push(error));
    const seen: string[] = [];
    emitter.event(() => {
      throw new Error("bad listener");
    });
    const left = emitter.event((value) => seen.push(`left ${String(value)}`));
    emitter.event((value) => seen.push(`stayed ${String(value)}`));
    left.dispose();
    emitter.fire(1);
    assert.deepEqual(seen, ["stayed 1"]);
    assert.equal(errors.length, 1);
  });
});
