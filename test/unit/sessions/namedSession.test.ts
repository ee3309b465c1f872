import assert from "node:assert/strict";
import { ConfigurationError } from "../../../src/base/errors.js";
import { namedSession } from "../../../src/sessions/namedSession.js";
import { session } from "../../support/records.js";

describe("the session that a task names", () => {
  const ended = session({ id: "id-0", name: "train", status: "TERMINATED" });
  const train = session({ id: "id-1", name: "train" });
  const plot = session({ id: "id-2", name: "plot" });
  const waiting = session({ id: "id-3", name: "later", status: "PENDING" });
  const all = [ended, train, plot, waiting];

  it("is found by name, the running one of that name, and by id", () => {
    assert.equal(namedSession(all, "train"), train);
    assert.equal(namedSession(all, "id-2"), plot);
  });

  const refusals: readonly [named: string, words: RegExp][] = [
    ["nowhere", /no session “nowhere”\. These run: train, plot\./],
    ["later", /“later” is not running: it is pending/],
    ["id-0", /“train” is not running: it is terminated/],
  ];
  for (const [named, words] of refusals) {
    it(`is refused with words where “${named}” does not run`, () => {
      assert.throws(
        () => namedSession(all, named),
        (error) => error instanceof ConfigurationError && words.test(error.message),
      );
    });
  }

  it("is refused with words where nothing runs", () => {
    assert.throws(() => namedSession([], "train"), /No session is running\./);
  });
});
