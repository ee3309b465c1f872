import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { BackendAIClient, NetworkError, type TlsOptions } from "../../../src/api/index.js";
import { ConnectProxy } from "./support/connectProxy.js";
import { loopbackCertificate } from "./support/loopbackCertificate.js";
import { drain, exampleKey } from "./support/scriptedServer.js";

describe("TLS", () => {
  let server: Server;
  let endpoint: string;
  before(async () => {
    server = createServer(loopbackCertificate, (_, response) => response.end('{"version":"v9.20250722"}'));
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket) => socket.close(1000));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  async function use(tls: TlsOptions, proxy?: string): Promise<void> {
    const client = await BackendAIClient.connect({ endpoint, credentials: exampleKey, tls, proxy });
    await drain(await client.terminals.open("x"));
    await client.close();
  }

  it("refuses an unknown certificate", async () => {
    await assert.rejects(
      use({}),
      (error) => error instanceof NetworkError && /SELF_SIGNED/.test(error.reason ?? ""),
    );
  });

  it("accepts it when its authority is given, or when nothing is to be verified", async () => {
    await use({ ca: [loopbackCertificate.cert] });
    await use({ skipVerification: true });
  });

  it("does the same through a proxy", async () => {
    const proxy = await ConnectProxy.start();
    await use({ ca: [loopbackCertificate.cert] }, proxy.url);
    await use({ skipVerification: true }, proxy.url);
    await assert.rejects(use({}, proxy.url), NetworkError);
    proxy.stop();
  });
});
