import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import path from "node:path";
import { PassThrough } from "node:stream";
import { silentLogger } from "../../../../src/base/logger.js";
import { SessionRelay } from "../../../../src/tunnel/external/sessionRelay.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";

describe("the relay to a session's sshd", () => {
  const folder = temporaryFolders();

  it("hangs up on a program whose tunnel breaks, and lets the next one in", async () => {
    const socket = path.join(await folder(), "relay");
    const relay = await SessionRelay.listen(socket, silentLogger);
    try {
      let sshd = new PassThrough();
      const token = relay.admit(() => Promise.resolve((sshd = new PassThrough())));
      for (const attempt of ["first", "second"]) {
        const program = connect(socket);
        program.write(`${token}\n`);
        await once(program, "connect");
        const greeting = setInterval(() => sshd.write(`SSH-2.0-${attempt}\r\n`), 5); // a stream echoes what it is told
        const [said] = (await once(program, "data")) as [Buffer];
        clearInterval(greeting);
        assert.match(String(said), /^ok\n/);
        const ended = once(program.resume(), "close");
        sshd.destroy(new Error("the tunnel broke"));
        await ended;
      }
    } finally {
      relay.dispose();
    }
  });
});
