import assert from "node:assert/strict";
import { silentLogger } from "../../../src/base/logger.js";
import { SessionSources } from "../../../src/completion/sessionSources.js";
import { session } from "../../support/records.js";
import { withFiles } from "./support/filesTarget.js";

describe("What a window keeps for a session", () => {
  const at = withFiles();

  it("goes with the session: its way to files, its ssh, and what completes from it", async () => {
    const { client, store, files, tunnels, connection } = at;
    const sources = new SessionSources({ connection, store, tunnels, logger: silentLogger });
    const hook = store.onDidEnd((id) => tunnels.forget(id)); // as compose.ts has it
    try {
      const kept = async (id: string): Promise<readonly unknown[]> => [
        await files.accessOf(client, id),
        tunnels.ssh(client, id),
        sources.of({ client, session: { id, name: id } }),
      ];
      store.update({ put: [session({ id: "gone" }), session({ id: "stays" })] });
      const before = { gone: await kept("gone"), stays: await kept("stays") };
      assert.deepEqual(await kept("gone"), before.gone);
      store.update({ remove: ["gone"] });
      (await kept("gone")).forEach((part, index) => assert.notEqual(part, before.gone[index]));
      (await kept("stays")).forEach((part, index) => assert.equal(part, before.stays[index]));
    } finally {
      hook.dispose();
      sources.dispose();
    }
  });
});
