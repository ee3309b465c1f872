import assert from "node:assert/strict";
import { silentLogger } from "../../../src/base/logger.js";
import { fingerprintOf, HostKeyChangedError, HostKeys } from "../../../src/tunnel/hostKeys.js";
import { memoryStore } from "./support/memoryStore.js";

const one = Buffer.from("first key");
const other = Buffer.from("second key");

describe("HostKeys", () => {
  it("writes fingerprints as OpenSSH does", () => {
    assert.equal(fingerprintOf(one), "SHA256:3Tj+h/pSEZKJ9KAuQB24B2ANv+h9cgs15tCv9zQ6has");
  });

  it("takes the first key of a session, and the same again", () => {
    const keys = new HostKeys(memoryStore(), silentLogger);
    keys.check("a", one);
    keys.check("a", one);
    keys.check("b", other);
  });

  it("refuses another key, with both fingerprints, also after the window was reloaded", () => {
    const store = memoryStore();
    new HostKeys(store, silentLogger).check("a", one);
    assert.throws(
      () => new HostKeys(store, silentLogger).check("a", other),
      (error) => {
        assert.ok(error instanceof HostKeyChangedError);
        assert.equal(error.sessionId, "a");
        assert.deepEqual([error.pinned, error.shown], [fingerprintOf(one), fingerprintOf(other)]);
        return true;
      },
    );
  });

  it("takes another key once the known one was forgotten, and refuses the old one then", () => {
    const keys = new HostKeys(memoryStore(), silentLogger);
    keys.check("a", one);
    keys.forget("a");
    keys.check("a", other);
    assert.throws(() => keys.check("a", one), HostKeyChangedError);
  });

  it("forgets the session pinned longest ago when there are too many", () => {
    const keys = new HostKeys(memoryStore(), silentLogger);
    for (let index = 0; index <= 500; index += 1) {
      keys.check(`s${index}`, one);
    }
    keys.check("s0", other);
    assert.throws(() => keys.check("s500", other), HostKeyChangedError);
  });

  it("reads what another version wrote as no keys", () => {
    const store = memoryStore();
    void store.update("backendai.hostKeys", { a: "SHA256:x" });
    new HostKeys(store, silentLogger).check("a", one);
  });
});
