import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import { type AddressInfo, createServer, type Socket } from "node:net";
import {
  BackendAIClient,
  CertificateError,
  type ConnectOptions,
  GatewayError,
  NetworkError,
  NotAServerError,
  ProxyError,
  TimeoutError,
} from "../../../src/api/index.js";
import { describeError } from "../../../src/platform/describeError.js";
import { ConnectProxy } from "./support/connectProxy.js";
import { loopbackCertificate } from "./support/loopbackCertificate.js";
import { exampleKey, problem, ScriptedServer } from "./support/scriptedServer.js";

/** What connecting fails with, and what a person is told of it. */
async function failure(options: Partial<ConnectOptions>): Promise<{ error: unknown; told: string }> {
  try {
    const client = await BackendAIClient.connect({ endpoint: "", credentials: exampleKey, ...options });
    await client.close();
  } catch (error) {
    const { summary, detail = "" } = describeError(error);
    return { error, told: `${summary} ${detail}` };
  }
  assert.fail("it connected");
}

describe("what answers at an address", () => {
  let server: ScriptedServer;
  beforeEach(async () => (server = await ScriptedServer.start()));
  afterEach(async () => server.stop());

  const strangers: readonly (readonly [what: string, answer: ScriptedServer["answer"]])[] = [
    [
      "a web page",
      (_, response) =>
        void response.setHeader("Content-Type", "text/html").end("<!doctype html><h1>It works!"),
    ],
    ["another API", () => ({ name: "registry", version: "2.0" })],
    ["a page that is not there", (_, response) => void response.writeHead(404).end("404 page not found")],
    ["a login of something else", (_, response) => void response.writeHead(403).end("Forbidden")],
    ["a redirect to nothing", (_, response) => void response.writeHead(302, { Location: "/login" }).end()],
  ];
  for (const [what, answer] of strangers) {
    it(`is no server when it is ${what}`, async () => {
      server.hello = undefined;
      server.answer = answer;
      const { error, told } = await failure({ endpoint: server.url });
      assert.ok(error instanceof NotAServerError, String(error));
      assert.equal(error.elsewhere, undefined);
      assert.ok(told.startsWith(`What answers at ${server.url} is no Backend.AI server.`), told);
    });
  }

  it("is named when it answers below another path than was given", async () => {
    server.answer = (_, response) => problem(response, 404, "url-not-found");
    const endpoint = `${server.url}/api/v1`;
    const { error, told } = await failure({ endpoint });
    assert.ok(error instanceof NotAServerError);
    assert.equal(error.elsewhere, server.url);
    assert.equal(
      told,
      `There is no Backend.AI server at ${endpoint}, but there is one at ${server.url}. Use that address.`,
    );
  });

  it("is named when a redirect leads to it, which is not followed", async () => {
    const front = await ScriptedServer.start();
    front.hello = undefined;
    front.answer = (_, response) => void response.writeHead(301, { Location: `${server.url}/` }).end();
    const cookie = { type: "cookie", cookie: "AIOHTTP_SESSION=secret", accessKey: undefined } as const;
    for (const credentials of [exampleKey, cookie]) {
      const { error } = await failure({ endpoint: front.url, credentials });
      assert.ok(error instanceof NotAServerError);
      assert.equal(error.elsewhere, server.url);
    }
    assert.equal(server.received.length, 2);
    for (const { headers } of server.received) {
      assert.deepEqual([headers.authorization, headers.cookie], [undefined, undefined], "nobody asks there");
    }
    await front.stop();
  });

  it("is no server when it does not even speak HTTP", async () => {
    const ssh = createServer((socket) => socket.on("error", () => undefined).end("SSH-2.0-OpenSSH_9.6\r\n"));
    ssh.listen(0, "127.0.0.1");
    await once(ssh, "listening");
    const { error, told } = await failure({ endpoint: `http://127.0.0.1:${portOf(ssh)}` });
    assert.ok(error instanceof NotAServerError, String(error));
    assert.match(told, /is no Backend\.AI server/);
    ssh.close();
  });

  it("is told from TLS that is not there", async () => {
    const { error, told } = await failure({ endpoint: server.url.replace("http:", "https:") });
    assert.ok(error instanceof NetworkError);
    assert.match(told, /There is no TLS at .*its address may begin with http:/);
  });

  it("is passed over for the next address when it is down behind its gateway", async () => {
    const gateway = await ScriptedServer.start();
    gateway.hello = undefined;
    gateway.answer = (_, response) => void response.writeHead(502).end("<html>Bad Gateway</html>");
    const { error, told } = await failure({ endpoint: gateway.url });
    assert.ok(error instanceof GatewayError);
    assert.match(told, /The server is not ready.*\(502\)/);
    const client = await BackendAIClient.connect({
      endpoint: [gateway.url, server.url],
      credentials: exampleKey,
    });
    assert.equal(client.endpoint, server.url);
    await client.close();
    await gateway.stop();
  });

  it("is passed over for the next address when it says nothing", async () => {
    const silent = createServer((socket) => socket.on("error", () => undefined));
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const endpoint = `http://127.0.0.1:${portOf(silent)}`;
    const timeouts = { headersMs: 200 };
    assert.ok((await failure({ endpoint, timeouts })).error instanceof TimeoutError);
    const client = await BackendAIClient.connect({
      endpoint: [endpoint, server.url],
      credentials: exampleKey,
      timeouts,
    });
    assert.equal(client.endpoint, server.url);
    await client.close();
    silent.close();
  });
});

describe("a proxy on the way", () => {
  let server: ScriptedServer;
  let proxy: ConnectProxy;
  beforeEach(async () => {
    [server, proxy] = await Promise.all([ScriptedServer.start(), ConnectProxy.start()]);
  });
  afterEach(async () => {
    proxy.stop();
    await server.stop();
  });
  const through = (url: string, source = "http.proxy"): Partial<ConnectOptions> => ({
    endpoint: server.url,
    proxy: { url, source },
  });

  it("is named when nothing listens there, with what names it", async () => {
    const { url } = proxy;
    proxy.stop();
    const { error, told } = await failure(through(url, "HTTPS_PROXY"));
    assert.ok(error instanceof ProxyError);
    const host = new URL(url).host;
    assert.equal(
      told,
      `The proxy ${host} is not reached: nothing listens at ${host}. It is named by HTTPS_PROXY: change it there, or name the server in NO_PROXY.`,
    );
  });

  it("is named when it wants a password, which is not told", async () => {
    proxy.refusal = "407 Proxy Authentication Required";
    const { error, told } = await failure(through(proxy.url.replace("//", "//ada:secret@")));
    assert.ok(error instanceof ProxyError);
    assert.equal(error.status, 407);
    assert.match(
      told,
      /^The proxy 127\.0\.0\.1:\d+ wants a name and a password\. It is named by http\.proxy/,
    );
    assert.doesNotMatch(`${told} ${error.message}`, /secret/);
    assert.deepEqual(describeError(error).actions, ["proxySettings", "showLog"]);
  });

  it("is named when it lets nothing through, to requests and to websockets", async () => {
    proxy.refusal = "403 Forbidden";
    const { told } = await failure(through(proxy.url));
    assert.match(told, /^The proxy 127\.0\.0\.1:\d+ does not let the connection through \(403\)\./);
    proxy.refusal = undefined;
    const client = await BackendAIClient.connect({
      endpoint: "",
      credentials: exampleKey,
      ...through(proxy.url),
    });
    proxy.refusal = "403 Forbidden";
    await assert.rejects(client.terminals.open("x"), ProxyError);
    await client.close();
  });

  it("is given up when it never answers, and nothing of the attempt is left", async () => {
    const taken: Socket[] = [];
    const silent = createServer((socket) => taken.push(socket.on("error", () => undefined)));
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { told } = await failure({
      ...through(`http://127.0.0.1:${portOf(silent)}`),
      timeouts: { connectMs: 200, headersMs: 400 },
    });
    assert.match(told, /^The proxy 127\.0\.0\.1:\d+ is not reached: no answer came/);
    await Promise.all(taken.map(async (socket) => socket.resume().closed || once(socket, "close")));
    silent.close();
  });

  it("is chosen for each address", async () => {
    const dead = "http://127.0.0.1:9";
    const client = await BackendAIClient.connect({
      endpoint: [dead, server.url],
      credentials: exampleKey,
      proxy: (endpoint) => (endpoint === dead ? undefined : { url: proxy.url, source: "http.proxy" }),
    });
    assert.equal(client.endpoint, server.url);
    assert.deepEqual(proxy.targets, [`127.0.0.1:${server.port}`]);
    await client.close();
  });
});

describe("a certificate that is not trusted", () => {
  let server: SecureServer;
  before(async () => {
    server = createSecureServer(loopbackCertificate, (_, response) =>
      response.end('{"version":"v9.20250722"}'),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  it("is named, with who signed it and the setting that mends it", async () => {
    const endpoint = `https://127.0.0.1:${portOf(server)}`;
    const { error, told } = await failure({ endpoint });
    assert.ok(error instanceof CertificateError);
    assert.equal(error.certificate?.subject, "127.0.0.1");
    assert.deepEqual(error.certificate.names, ["127.0.0.1"]);
    assert.equal(error.certificate.validTo.getUTCFullYear(), 2126);
    assert.match(
      told,
      /^The certificate of 127\.0\.0\.1:\d+ \(“127\.0\.0\.1”, by “127\.0\.0\.1”\) is signed by itself\. .*“caFile”.*backendai\.servers/,
    );
    assert.deepEqual(describeError(error).actions, ["editServers", "showLog"]);
  });

  it("is read through a proxy as well", async () => {
    const proxy = await ConnectProxy.start();
    const { error } = await failure({
      endpoint: `https://127.0.0.1:${portOf(server)}`,
      proxy: proxy.url,
    });
    assert.ok(error instanceof CertificateError, String(error));
    assert.equal(error.certificate?.subject, "127.0.0.1");
    proxy.stop();
  });

  it("is named when it is for another name, with the names that it is good for", async () => {
    const ca = [loopbackCertificate.cert];
    const { error, told } = await failure({
      endpoint: `https://localhost:${portOf(server)}`,
      tls: { ca },
    });
    assert.ok(error instanceof CertificateError, String(error));
    assert.equal(error.reason, "ERR_TLS_CERT_ALTNAME_INVALID");
    assert.match(told, /is for another name\. It is good for 127\.0\.0\.1: use such a name/);
  });
});

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port;
}
