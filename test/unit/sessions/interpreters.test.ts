import assert from "node:assert/strict";
import type { BackendAIClient } from "../../../src/api/index.js";
import { Interpreters } from "../../../src/sessions/interpreters.js";
import { SessionStore } from "../../../src/sessions/sessionStore.js";
import { session } from "../../support/records.js";

/** A client that is compared and never called. */
function clientOf(): BackendAIClient {
  const nothing: unknown = {};
  return nothing as BackendAIClient;
}

describe("Interpreters", () => {
  const client = clientOf();
  let current: BackendAIClient | undefined;
  let store: SessionStore;
  let interpreters: Interpreters;

  beforeEach(() => {
    current = client;
    store = new SessionStore();
    interpreters = new Interpreters({ store, client: () => current });
  });

  const use = (id: string, notebook?: string): void =>
    interpreters.use(["python"], { client, session: session({ id }) }, notebook);

  it("knows the session that ran a language last, and that of a notebook's cells", () => {
    let changes = 0;
    interpreters.onDidChange(() => (changes += 1));
    assert.equal(interpreters.find("python"), undefined);
    use("a");
    use("b", "file:///n.ipynb");
    assert.equal(interpreters.find("python")?.session.id, "a");
    assert.equal(interpreters.find("python", "file:///n.ipynb")?.session.id, "b");
    assert.equal(interpreters.find("python", "file:///other.ipynb")?.session.id, "a");
    assert.equal(interpreters.find("r"), undefined);
    assert.equal(changes, 2);
  });

  it("tells of no session that is over, and of none of a server that was left", () => {
    use("a");
    store.update({ put: [session({ id: "a" })] });
    assert.ok(interpreters.find("python"));
    store.update({ put: [session({ id: "a", status: "TERMINATING" })] });
    assert.equal(interpreters.find("python"), undefined);
    store.update({ put: [session({ id: "a" })] });
    current = clientOf();
    assert.equal(interpreters.find("python"), undefined);
  });
});
