import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { silentLogger } from "../../../src/base/logger.js";
import type { FileAccess } from "../../../src/files/access/fileAccess.js";
import { openSessionFiles } from "../../../src/files/access/sessionFiles.js";
import type { FileConnection } from "../../../src/files/access/ways/routedAccess.js";
import { SessionSftp } from "../../../src/files/sftp/sessionSftp.js";
import { LocalEnd } from "../../../src/files/transfer/localEnd.js";
import { wordsFor } from "../../../src/platform/describeError.js";
import { RunHistory } from "../../../src/run/history/runHistory.js";
import type { SessionTunnels } from "../../../src/tunnel/sessionTunnels.js";
import { type LocalServer, startLocalServer } from "../../support/localServer.js";
import { calm, contentOf, tunnelsOf } from "../../unit/files/support/accessTarget.js";
import { type SmallDisk, smallDisk } from "./smallDisk.js";

const diskBytes = 2 * 1024 * 1024;

describe("a full disk", function () {
  this.timeout(60_000);
  let disk: SmallDisk;

  beforeEach(async function () {
    const made = await smallDisk(diskBytes);
    if (made === undefined) {
      this.skip(); // this user may mount nothing here
    }
    disk = made;
  });
  afterEach(async () => disk?.remove());

  describe("of a session", () => {
    let server: LocalServer;
    let tunnels: SessionTunnels;
    let sessionId: string;
    let home: string;
    beforeEach(async () => {
      server = await startLocalServer({ dataDir: disk.folder });
      tunnels = await tunnelsOf(server.client);
      const [image] = await server.client.images.list();
      ({ id: sessionId } = await server.client.sessions.create({
        image: image?.reference ?? "",
        name: "full-disk",
      }));
      home = path.join(disk.folder, "sessions", `full-disk-${sessionId.slice(0, 8)}`, "work");
    });
    afterEach(async () => {
      tunnels.dispose();
      await server.stop();
    });
    const access = async (connection: FileConnection): Promise<FileAccess> =>
      openSessionFiles({ client: server.client, sessionId }, new SessionSftp(tunnels, silentLogger), {
        connection: () => connection,
        mayRunCommands: () => Promise.resolve(false),
      });

    for (const [connection, bytes] of [
      ["ssh", 2 * diskBytes],
      ["api", 900_000],
    ] as const) {
      it(`keeps the old content of a file that is saved by ${connection}, and says why`, async () => {
        await writeFile(path.join(home, "saved.bin"), "the old content");
        await writeFile(path.join(home, "filler"), randomBytes(diskBytes - 600_000));
        const files = await access(connection);
        const saving = files.write("/home/work/saved.bin", contentOf(randomBytes(bytes)), calm);
        await assert.rejects(saving, (error) => {
          // The server's own upload fails with 500 and no reason, as that of real servers does.
          assert.match(wordsFor(error), connection === "ssh" ? /full|space|room/i : /The server failed/);
          return true;
        });
        assert.equal(await readFile(path.join(home, "saved.bin"), "utf8"), "the old content");
        const names = await readdir(home);
        assert.deepEqual(
          names.filter((name) => name.startsWith(".backendai-")),
          [],
          "nothing half is left",
        );
      });
    }
  });

  it("of this computer keeps the old content of a download, and says why", async () => {
    const file = path.join(disk.folder, "down.bin");
    await writeFile(file, "the old content");
    const writing = new LocalEnd(disk.folder).write(file, contentOf(randomBytes(2 * diskBytes)), {
      ...calm,
      overwrite: true,
      isExecutable: false,
    });
    await assert.rejects(writing, (error) => {
      assert.match(wordsFor(error), /full|space|room/i);
      return true;
    });
    assert.equal(await readFile(file, "utf8"), "the old content");
    assert.deepEqual(await readdir(disk.folder), ["down.bin"], "nothing half is left");
  });

  it("of this computer ends the log of a run with one word, and leaves what was written", async () => {
    const history = new RunHistory(path.join(disk.folder, "runs"), silentLogger);
    const entry = await history.begin({
      id: "run",
      name: "a.py",
      uri: "file:///a.py",
      languageId: "python",
      commandLine: "python3 -u a.py",
      fileHash: "00",
      session: { id: "s", name: "runs-1" },
      server: "test",
      startedAt: new Date().toISOString(),
    });
    const failures: unknown[] = [];
    for (let piece = 0; piece < 20; piece += 1) {
      await entry.write(Buffer.alloc(diskBytes / 10, "x")).catch((error: unknown) => failures.push(error));
    }
    assert.equal(failures.length, 1);
    assert.match(wordsFor(failures[0]), /full|space|room/i);
    await entry.close({ outcome: "finished", exitCode: 0 }, undefined).catch(() => undefined);
    const [kept] = await history.list();
    assert.equal(kept?.id, "run", "the record is whole, old or new");
    assert.ok((await readdir(path.join(disk.folder, "runs"))).every((name) => !name.endsWith(".new")));
  });
});
