import assert from "node:assert/strict";
import { fateOfFiles, likenessOf, mappingOf } from "../../../../src/sessions/lifecycle/startAgain.js";
import { createOptionsOf } from "../../../../src/sessions/start/startRequest.js";
import { releases } from "../../../../src/wire/releases.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";

describe("a session like one that is there", () => {
  const { signal } = new AbortController();

  for (const { apiVersion, manager } of releases) {
    it(`is asked for again on ${manager}`, async () => {
      const server: LocalServer = await startLocalServer({ apiVersion, manager });
      try {
        const { sessions, folders } = server.client;
        await folders.create("data");
        const asked = {
          image: "python",
          name: "again-1",
          resources: { cpu: 1, mem: "512m" },
          resourceOptions: { shmem: "128m" },
          mounts: ["data"],
          environ: { SEED: "1", QUOTE: `it's "so"` },
          tag: "mine",
        };
        const { id } = await sessions.create(asked);
        const { request, detail } = await likenessOf(server.client, id, { signal });
        assert.equal(request.name, "again-1");
        assert.match(request.image, /^local\/python:/);
        assert.equal(Number(request.resources?.["cpu"]), 1);
        assert.equal(Number(request.resources?.["mem"]), 512 * 2 ** 20);
        assert.equal(request.sharedMemory, String(128 * 2 ** 20));
        assert.deepEqual(
          [request.mounts, request.environment, request.tag],
          [["data"], asked.environ, "mine"],
        );
        assert.deepEqual([detail.status, request.group], ["RUNNING", "default"]);
        await sessions.destroy(id);
        const again = await sessions.create({ ...createOptionsOf(request, "again-1"), enqueueOnly: false });
        assert.deepEqual([again.name, again.status], ["again-1", "RUNNING"]);
      } finally {
        await server.stop();
      }
    });
  }

  it("says which files are lost", () => {
    assert.match(fateOfFiles([]), /all files in \/home\/work are lost: this session has no virtual folders/);
    assert.match(fateOfFiles(["data", "models"]), /which stay: data, models\./);
  });

  it("reads variables as Python prints them", () => {
    assert.deepEqual(mappingOf(`{'A': '1', 'B': "it's", 'C': 'a\\nb', 'D': 3}`), {
      A: "1",
      B: "it's",
      C: "a\nb",
    });
    assert.deepEqual(mappingOf("{}"), {});
    assert.deepEqual(mappingOf("None"), {});
  });
});
