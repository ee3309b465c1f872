import assert from "node:assert/strict";
import { LateProvider } from "../../../../src/platform/contributions/lateProvider.js";

describe("LateProvider", () => {
  it("reads its room when it is first asked for, and not again", async () => {
    let reads = 0;
    const provider = { name: "tasks" };
    const late: LateProvider<typeof provider> = new LateProvider(() => {
      reads += 1;
      late.provide(provider);
      return Promise.resolve();
    });
    assert.equal(reads, 0);
    assert.equal(await late.loaded(), provider);
    assert.equal(await late.loaded(), provider);
    assert.equal(reads, 1);
  });

  it("reads nothing where the room came for another reason", async () => {
    const late = new LateProvider<object>(() => assert.fail("nothing is to be read"));
    const provider = {};
    late.provide(provider);
    assert.equal(await late.loaded(), provider);
  });

  it("tells who waits for it", () => {
    const late = new LateProvider<object>(() => Promise.resolve());
    const told: object[] = [];
    late.onDidProvide((provider) => told.push(provider));
    const provider = {};
    late.provide(provider);
    assert.deepEqual(told, [provider]);
  });

  it("says so when the room did not come, or is gone", async () => {
    const late = new LateProvider<object>(() => Promise.resolve());
    await assert.rejects(late.loaded(), /not ready: this window is closing/);
    const given = late.provide({});
    given.dispose();
    await assert.rejects(late.loaded(), /not ready/);
  });

  it("hands on why the room could not be read, and tries again the next time", async () => {
    let reads = 0;
    const late: LateProvider<object> = new LateProvider(async () => {
      reads += 1;
      if (reads === 1) {
        throw new Error("a file is missing");
      }
      late.provide({});
      await Promise.resolve();
    });
    await assert.rejects(late.loaded(), /a file is missing/);
    assert.ok(await late.loaded());
  });

  it("keeps what came later when an earlier provider goes", async () => {
    const late = new LateProvider<object>(() => Promise.resolve());
    const earlier = late.provide({});
    const later = {};
    late.provide(later);
    earlier.dispose();
    assert.equal(await late.loaded(), later);
  });
});
