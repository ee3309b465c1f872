import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { collectGarbage } from "../../../support/collectGarbage.js";
import { fetchLog } from "../../../../src/sessions/logs/taskLogFile.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";
import { until } from "../../../support/until.js";

const megabyte = 1024 * 1024;

async function* pieces(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < count; n += 1) {
    yield await Promise.resolve(new Uint8Array(size).fill(97 + (n % 26)));
  }
}

describe("fetchLog", () => {
  const makeFolder = temporaryFolders();
  let server: LocalServer;

  before(async () => {
    server = await startLocalServer();
  });
  after(() => server.stop());

  it("leaves a small log to a document, and writes nothing", async () => {
    const folder = await makeFolder();
    assert.deepEqual(await fetchLog(pieces(3, 1000), { folder, name: "a", limitBytes: 3000 }), {
      kind: "small",
    });
    assert.deepEqual(await readdir(folder), []);
  });

  it("writes a large one to a file, all of it, as far as the disk goes", async () => {
    const folder = await makeFolder();
    const seen: number[] = [];
    const fetched = await fetchLog(pieces(10, 1000), {
      ...{ folder, name: "big one/../x", limitBytes: 2500 },
      onProgress: (bytes) => seen.push(bytes),
    });
    assert.ok(fetched.kind === "file" && fetched.bytes === 10_000);
    assert.deepEqual(await readdir(folder), ["big_one_.._x.log"]);
    const text = await readFile(fetched.file, "latin1");
    assert.equal(
      text,
      Array.from({ length: 10 }, (_, n) => String.fromCharCode(97 + n).repeat(1000)).join(""),
    );
    assert.equal(seen.at(-1), 10_000);
    assert.equal((await stat(fetched.file)).mode & 0o777, 0o600);
  });

  it("leaves no file of a log that broke off", async () => {
    const folder = await makeFolder();
    const broken = (async function* () {
      yield* pieces(5, 1000);
      throw new Error("cut");
    })();
    await assert.rejects(fetchLog(broken, { folder, name: "b", limitBytes: 2000 }), /cut/);
    assert.deepEqual(await readdir(folder), []);
  });

  it("keeps the five newest files", async () => {
    const folder = await makeFolder();
    for (let n = 0; n < 7; n += 1) {
      await fetchLog(pieces(2, 10), { folder, name: `n${String(n)}`, limitBytes: 5 });
    }
    assert.equal((await readdir(folder)).length, 5);
    assert.ok((await readdir(folder)).includes("n6.log"));
  });

  it("holds no more of a real batch session's log than the limit", async () => {
    const bytes = 48 * megabyte;
    const startupCommand = `head -c ${String(bytes)} /dev/zero | tr '\\0' 'x'`;
    const { id } = await server.client.sessions.create({
      ...{ image: "python", name: "large-log", type: "batch", startupCommand, enqueueOnly: true },
    });
    const kernelId = await until("the end", async () => {
      const { status, mainKernelId } = await server.client.sessions.summary(id);
      return status === "TERMINATED" && mainKernelId;
    });
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const fetched = await fetchLog(server.client.sessions.taskLogs(kernelId, { chunkSize: 256 * 1024 }), {
      ...{ folder: await makeFolder(), name: "large" },
      onProgress: (sofar) => {
        if (sofar % (4 * megabyte) < 256 * 1024) {
          collectGarbage();
          most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        }
      },
    });
    assert.ok(fetched.kind === "file" && fetched.bytes === bytes);
    assert.equal((await stat(fetched.file)).size, bytes);
    assert.ok(most > 0 && most < bytes + 40 * megabyte, `held ${String(most / megabyte)} MB`);
  });
});
