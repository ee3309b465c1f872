import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { FaultProxy } from "../../../faults/proxy/faultProxy.js";
import { openServerTarget } from "../../../support/serverTarget.js";
import { bytesOf, calm, contentOf, sftpAccessOf, tunnelsOf } from "../support/accessTarget.js";

/** Where in a file of 1.5 MB the connection is cut: at its beginning, within and between requests, at its end. */
const offsets = [0, 1, 32_767, 32_768, 700_000, 1_499_999, 1_500_000];

describe("a write whose connection is cut", function () {
  this.timeout(180_000);

  it("leaves the new content, or the old one, and no part, at every byte", async () => {
    const [server, proxy] = await Promise.all([openServerTarget(process.env), FaultProxy.start()]);
    const client = await server.connect({ proxy: proxy.url });
    const tunnels = await tunnelsOf(client);
    const { id } = await client.sessions.create({
      image: server.pythonImage,
      name: `cut-${randomBytes(4).toString("hex")}`,
    });
    try {
      const files = sftpAccessOf(tunnels, client, id);
      let old: Buffer = randomBytes(1000);
      await files.write("/home/work/cut", contentOf(old), calm);
      for (const offset of offsets) {
        const bytes = randomBytes(1_500_000);
        let isCut = false;
        const content = {
          size: bytes.length,
          *open(start: number): Generator<Uint8Array> {
            yield bytes.subarray(start, Math.max(start, offset));
            if (!isCut) {
              isCut = true;
              proxy.cut();
            }
            yield bytes.subarray(Math.max(start, offset));
          },
        };
        const isWritten = await files.write("/home/work/cut", content, calm).then(
          () => true,
          () => false,
        );
        const now = await bytesOf(files.read("/home/work/cut", calm));
        assert.ok(now.equals(isWritten ? bytes : old), `cut at ${offset}`);
        old = now;
      }
      const names = (await files.list("/home/work", calm)).map(({ name }) => name);
      assert.deepEqual(
        names.filter((name) => name.startsWith(".backendai-")),
        [],
      );
    } finally {
      await client.sessions.destroy(id);
      tunnels.dispose();
      await server.end();
      await proxy.stop();
    }
  });
});
