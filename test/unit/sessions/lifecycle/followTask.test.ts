import assert from "node:assert/strict";
import { followTask, TaskFailedError } from "../../../../src/sessions/lifecycle/followTask.js";
import { releases } from "../../../../src/wire/releases.js";
import { isReleaseAtLeast } from "../../../../src/wire/version.js";
import { startLocalServer } from "../../../support/localServer.js";

describe("followTask, on a real engine", () => {
  const { signal } = new AbortController();
  const committing = releases.filter(({ release }) => isReleaseAtLeast(release, "22.09"));

  for (const { apiVersion, manager } of committing) {
    it(`follows a commit of ${manager} to its end`, async () => {
      const server = await startLocalServer({ apiVersion, manager });
      try {
        const { sessions, files } = server.client;
        const { id } = await sessions.create({ image: "python", name: "commit-1" });
        await files.upload(id, [{ path: "big.txt", content: Buffer.alloc(500_000, "x") }]);
        assert.equal(await sessions.commitStatus(id), "ready");
        const { taskId, path } = await sessions.commit(id);
        assert.match(path ?? "", /\/commit-1-/);
        const steps: string[] = [];
        const last = await followTask(server.client, taskId, {
          signal,
          onProgress: (message) => steps.push(message),
        });
        assert.equal(last, "Commit finished");
        assert.equal(await followTask(server.client, taskId, { signal }), "Commit finished");
      } finally {
        await server.stop();
      }
    });
  }

  it("says that a task failed, in the server's words", async () => {
    const server = await startLocalServer({ dataDir: undefined });
    try {
      const { sessions } = server.client;
      const { id } = await sessions.create({ image: "python", name: "commit-1" });
      const { taskId } = await sessions.commit(id, { filename: `${"n".repeat(300)}.tar.gz` }); // too long for a file
      await assert.rejects(followTask(server.client, taskId, { signal }), (error: unknown) => {
        assert.ok(error instanceof TaskFailedError);
        assert.match(error.message, /ENAMETOOLONG/);
        return true;
      });
    } finally {
      await server.stop();
    }
  });
});
