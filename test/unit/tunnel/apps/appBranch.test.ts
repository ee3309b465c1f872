import assert from "node:assert/strict";
import type { ConnectionState } from "../../../../src/account/connectionStore.js";
import { SessionBranches } from "../../../../src/sessions/sessionBranches.js";
import { appBranch, isAppItem } from "../../../../src/tunnel/apps/appBranch.js";
import { session } from "../../../support/records.js";
import { row, SessionServer } from "../../../support/sessionServer.js";

describe("appBranch", () => {
  let server: SessionServer;
  let state: ConnectionState;
  let branches: SessionBranches;

  const connect = async (options: Parameters<typeof SessionServer.start>[0] = {}): Promise<void> => {
    server = await SessionServer.start(options);
    server.rows = [row("s")];
    state = { phase: "connected", target: { kind: "local" }, client: await server.client() };
    branches = new SessionBranches();
    branches.add(appBranch({ state: () => state }));
  };
  afterEach(async () => {
    branches.dispose();
    await (state.phase === "connected" ? state.client.close() : undefined);
    server.stop();
  });

  it("has the apps of a running session, web pages first, and asks once", async () => {
    await connect();
    const [root] = branches.items(session({ id: "s" }));
    assert.ok(root);
    assert.equal(server.count("apps"), 0, "nothing is asked before it is unfolded");
    const rows = await branches.children(root);
    await branches.children(root);
    assert.equal(server.count("apps"), 1);
    assert.deepEqual(
      rows.map(
        ({ row: { label, contextValue, command } }) => `${label} ${contextValue} ${command?.id ?? ""}`,
      ),
      ["JupyterLab app.browser backendai.apps.open", "ssh app.address backendai.apps.open"],
    );
    const [page] = rows;
    assert.ok(isAppItem(page) && page.row.choice.port === 8090 && page.sessionId === "s");
    assert.ok(!isAppItem(root));
  });

  it("has none for sessions that do not run", async () => {
    await connect();
    assert.deepEqual(branches.items(session({ id: "s", status: "PENDING" })), []);
  });

  it("has none on servers that do not tell of apps", async () => {
    await connect({ version: "v4.20190615", manager: "19.09.27" });
    assert.deepEqual(branches.items(session({ id: "s" })), []);
  });
});
