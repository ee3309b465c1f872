import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { within } from "../../../src/base/abort.js";
import { silentLogger } from "../../../src/base/logger.js";
import { JobFollower } from "../../../src/run/jobs/jobFollower.js";
import { SessionJobs } from "../../../src/run/jobs/sessionJobs.js";
import { extensionRoot } from "../../host/paths.js";
import { type LocalServer, startLocalServer } from "../../support/localServer.js";
import { bytesOf, calm, contentOf, sftpAccessOf, tunnelsOf } from "../../unit/files/support/accessTarget.js";
import type { SessionTunnels } from "../../../src/tunnel/sessionTunnels.js";

const worker = fileURLToPath(new URL("worker.ts", import.meta.url));
const oldContent = "the old content";

describe("a window that is ended in the middle", function () {
  this.timeout(60_000);
  let server: LocalServer;
  let dataDir: string;
  let tunnels: SessionTunnels;
  let id: string;
  let home: string;
  let child: ChildProcess | undefined;

  before(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), "backendai-host-"));
    server = await startLocalServer({ dataDir });
  });
  beforeEach(async () => {
    tunnels = await tunnelsOf(server.client);
    const image = (await server.client.images.list()).find(({ runtimeType }) => runtimeType === "python");
    ({ id } = await server.client.sessions.create({
      image: image?.reference ?? "",
      name: `host-${String(Date.now())}`,
    }));
    const { name } = await server.client.sessions.summary(id);
    home = path.join(dataDir, "sessions", `${name}-${id.slice(0, 8)}`, "work");
  });
  afterEach(async () => {
    child?.kill("SIGKILL");
    tunnels.dispose();
    await server.client.sessions.destroy(id, { forced: true });
  });
  after(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Starts the work in a process of its own, and ends that in the middle. */
  const endInTheMiddle = async (work: string, signal: NodeJS.Signals): Promise<void> => {
    const { endpoint, accessKey, secretKey } = server.engine;
    const args = ["--import=tsx", worker, endpoint, accessKey, secretKey, id, work];
    child = spawn(process.execPath, args, { cwd: extensionRoot, stdio: ["ignore", "pipe", "inherit"] });
    const { stdout } = child;
    assert.ok(stdout);
    const [said] = (await within(once(stdout, "data"), 30_000, "start", "the work")) as [Buffer];
    assert.match(said.toString(), /in the middle/);
    child.kill(signal);
    await once(child, "exit");
  };

  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    it(`leaves a file that is saved as it was, by ${signal}, and lets the next one save it`, async () => {
      await writeFile(path.join(home, "saved.bin"), oldContent);
      await endInTheMiddle("save", signal);
      const { size } = await stat(path.join(home, "saved.bin"));
      assert.ok(size === 20_000_000 || (await readFile(path.join(home, "saved.bin"), "utf8")) === oldContent);
      const files = sftpAccessOf(tunnels, server.client, id);
      await files.write("/home/work/saved.bin", contentOf("saved by the next window"), calm);
      const now = await bytesOf(files.read("/home/work/saved.bin", calm));
      assert.equal(String(now), "saved by the next window");
    });

    it(`leaves a run going, by ${signal}, and the next one sees all of it`, async () => {
      await writeFile(
        path.join(home, "a.py"),
        "import time\nfor n in range(30):\n    print('line', n, flush=True)\n    time.sleep(0.05)\n",
      );
      await endInTheMiddle("run", signal);
      const jobs = new SessionJobs(tunnels.ssh(server.client, id));
      const [job, ...others] = await jobs.list();
      assert.ok(job);
      assert.deepEqual(others, [], "it was started once");
      let text = "";
      let exitCode: number | undefined;
      const parts = {
        jobs,
        id: job.id,
        ...calm,
        logger: silentLogger,
        expectSession: () => Promise.resolve(),
      };
      for await (const event of new JobFollower(parts)) {
        text += event.type === "output" ? Buffer.from(event.bytes).toString() : "";
        exitCode = event.type === "ended" && event.status.state === "over" ? event.status.exitCode : exitCode;
      }
      const lines = Array.from({ length: 30 }, (_, n) => `line ${String(n)}\n`).join("");
      assert.equal(text, lines, "each line once");
      assert.equal(exitCode, 0);
    });
  }
});
