import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { BackendAIClient } from "../../../src/api/index.js";
import { delay } from "../../../src/base/abort.js";
import { silentLogger } from "../../../src/base/logger.js";
import { FileAccessError } from "../../../src/files/access/fileAccessError.js";
import { openSessionFiles } from "../../../src/files/access/sessionFiles.js";
import { SessionSftp } from "../../../src/files/sftp/sessionSftp.js";
import type { SessionTunnels } from "../../../src/tunnel/sessionTunnels.js";
import { until } from "../../support/until.js";
import { calm, contentOf, tunnelsOf } from "../../unit/files/support/accessTarget.js";
import { Place } from "../matrix/place.js";
import type { Fault } from "../proxy/fault.js";
import { FaultProxy } from "../proxy/faultProxy.js";
import { slow } from "../proxy/faults.js";

/** Deadlines of the client. */
const shortMs = 1000;

/** The request never reaches the server, as far as one hears: what it does to the disk, the test does. */
const stalls: Fault = {
  request: async function* ({ link }) {
    yield await link.vanish();
  },
};

describe("An upload whose end nobody heard of", function () {
  this.timeout(60_000);
  const old = Buffer.from("the old content\n".repeat(40));
  const sent = randomBytes(2000);
  let place: Place;
  let proxy: FaultProxy;
  let client: BackendAIClient;
  let tunnels: SessionTunnels;
  let sessionId: string;
  let disk: string;

  before(async () => {
    place = await Place.open();
  });
  after(async () => place.close());
  beforeEach(async () => {
    proxy = await FaultProxy.start();
    const { endpoint, credentials } = place;
    const timeouts = { connectMs: shortMs, headersMs: shortMs, bodyMs: shortMs, idleMs: shortMs };
    client = await BackendAIClient.connect({ endpoint, credentials, proxy: proxy.url, timeouts });
    tunnels = await tunnelsOf(client);
    const name = `late-${randomBytes(4).toString("hex")}`;
    const { reference: image } = await place.image();
    ({ id: sessionId } = await place.witness.sessions.create({ image, name }));
    disk = path.join(place.sessionsDir, `${name}-${sessionId.slice(0, 8)}`, "work", "saved.bin");
    await writeFile(disk, old);
  });
  afterEach(async () => {
    tunnels.dispose();
    await client.close();
    await proxy.stop();
    await place.witness.sessions.destroy(sessionId, { forced: true });
  });

  /** Writes the file, and waits until the request is on its way. */
  const writing = async (fault: Fault): Promise<{ readonly end: Promise<unknown> }> => {
    const parts = { connection: () => "api" as const, mayRunCommands: () => Promise.resolve(false) };
    const files = await openSessionFiles(
      { client, sessionId },
      new SessionSftp(tunnels, silentLogger),
      parts,
    );
    proxy.inject({ matches: isUpload, fault, times: 1 });
    const end = files.write("/home/work/saved.bin", contentOf(sent), calm).then(
      () => "done",
      (error: unknown) => error,
    );
    await until("the upload", () => proxy.seen.some(isUpload));
    return { end };
  };
  const uploads = (): number => proxy.delivered.filter(isUpload).length;
  const now = async (): Promise<Buffer> => readFile(disk);

  it("is done when the server is found in the middle of writing, and nothing is written into it", async () => {
    const { end } = await writing(stalls);
    await writeFile(disk, sent.subarray(0, 700));
    await until("the client's deadline, and a look at the file", () =>
      proxy.seen.some(isDownloadAfterUpload(proxy)),
    );
    await delay(300);
    await writeFile(disk, sent);
    assert.equal(await end, "done");
    assert.equal(uploads(), 0, "the old content met what was being written");
    assert.ok((await now()).equals(sent));
  });

  it("is put back when it stays broken", async () => {
    const { end } = await writing(stalls);
    await writeFile(disk, Buffer.concat([sent.subarray(0, 300), old.subarray(300)]));
    const error = await end;
    assert.ok(error instanceof FileAccessError, String(error));
    assert.match(error.message, /did not answer.* has its old content, but what was sent may yet arrive/);
    assert.ok((await now()).equals(old));
    assert.equal(uploads(), 1);
  });

  it("leaves alone what somebody else has written meanwhile, and says so", async () => {
    const { end } = await writing(stalls);
    await writeFile(disk, "somebody else's work");
    const error = await end;
    assert.ok(error instanceof FileAccessError && error.failure === "changed", String(error));
    assert.equal(String(await now()), "somebody else's work");
    assert.equal(uploads(), 0);
  });

  it("says that it may yet arrive, and leaves the old content or the new one, never a mixture, when it does", async () => {
    const { end } = await writing(slow(500));
    const error = await end;
    assert.ok(error instanceof FileAccessError && error.failure === "lost", String(error));
    assert.match(error.message, /saved\.bin has its old content, but what was sent may yet arrive/);
    assert.ok((await now()).equals(old));
    await until("its arrival", async () => (await now()).equals(sent));
  });

  it("says where the old content is kept when nothing can be found out any more", async () => {
    const { end } = await writing(stalls);
    proxy.vanish();
    const error = await end;
    assert.ok(error instanceof FileAccessError && error.failure === "lost", String(error));
    const kept =
      / has the old content, the new one or a mixture could not be made sure of\..* kept on this computer in (\S+)\.$/s.exec(
        error.message,
      )?.[1];
    assert.ok(kept, error.message);
    assert.ok((await readFile(kept)).equals(old));
    await rm(path.dirname(kept), { recursive: true });
  });
});

function isUpload({ target }: { readonly target: string }): boolean {
  return target.includes("/upload");
}

/** Whether a request looks at the file after the upload was sent. */
function isDownloadAfterUpload({ seen }: FaultProxy): (request: { readonly target: string }) => boolean {
  return (request) =>
    request.target.includes("/download") &&
    seen.indexOf(request as (typeof seen)[number]) > seen.findIndex(isUpload);
}
