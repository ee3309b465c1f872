import assert from "node:assert/strict";
import { DisposableStore } from "../../../src/base/lifecycle.js";

describe("DisposableStore", () => {
  it("lets go last-in first-out, once", () => {
    const store = new DisposableStore();
    const order: number[] = [];
    store.defer(() => order.push(1));
    store.defer(() => order.push(2));
    store.dispose();
    store.dispose();
    assert.deepEqual(order, [2, 1]);
  });

  it("disposes at once what comes too late", () => {
    const store = new DisposableStore();
    store.dispose();
    let gone = false;
    store.defer(() => (gone = true));
    assert.equal(gone, true);
  });

  it("lets go of all even when one throws, and then throws that", () => {
    const store = new DisposableStore();
    let gone = false;
    store.defer(() => (gone = true));
    store.defer(() => {
      throw new Error("stuck");
    });
    assert.throws(() => store.dispose(), /stuck/);
    assert.equal(gone, true);
  });
});
