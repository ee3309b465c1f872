import type { BackendAIClient } from "../../../src/api/index.js";
import type { Exchange } from "./recordings.js";

type Call = (client: BackendAIClient, id: string, exchange: Exchange) => Promise<unknown>;

/** What the client does for a request that was recorded. */
const calls: readonly (readonly [method: string, path: RegExp, call: Call])[] = [
  ["GET", /^\/$/, async (client) => client.server.hello()],
  ["POST", /^\/session(?:\/_\/create)?$/, async (client) => client.sessions.create({ image: "python" })],
  ["GET", /^\/session\/_\/logs$/, async (client) => drain(client.sessions.taskLogs("kernel"))],
  ["GET", /^\/session\/_\/match$/, async (client) => client.sessions.match("a")],
  ["POST", /^\/session\/_\/transit-status$/, async (client) => client.sessions.transitStatus(["a"])],
  ["GET", /^\/session\/([^/]+)$/, async (client, id) => client.sessions.info(id)],
  ["POST", /^\/session\/([^/]+)$/, async (client, id) => client.runs.execute(id, { mode: "query" })],
  ["DELETE", /^\/session\/([^/]+)$/, async (client, id) => client.sessions.destroy(id)],
  ["PATCH", /^\/session\/([^/]+)$/, async (client, id) => client.sessions.restart(id)],
  ["POST", /^\/session\/([^/]+)\/interrupt$/, async (client, id) => client.sessions.interrupt(id)],
  ["GET", /^\/session\/([^/]+)\/logs$/, async (client, id) => client.sessions.logs(id)],
  ["POST", /^\/session\/([^/]+)\/rename$/, async (client, id) => client.sessions.rename(id, "renamed")],
  ["GET", /^\/session\/([^/]+)\/abusing-report$/, async (client, id) => client.sessions.abusingReport(id)],
  ["GET", /^\/session\/([^/]+)\/direct-access-info$/, async (client, id) => client.sessions.directAccess(id)],
  [
    "GET",
    /^\/session\/([^/]+)\/dependency-graph$/,
    async (client, id) => client.sessions.dependencyGraph(id),
  ],
  ["GET", /^\/session\/([^/]+)\/status-history$/, async (client, id) => client.sessions.statusHistory(id)],
  ["GET", /^\/session\/([^/]+)\/commit$/, async (client, id) => client.sessions.commitStatus(id)],
  ["POST", /^\/session\/([^/]+)\/commit$/, async (client, id) => client.sessions.commit(id)],
  ["POST", /^\/session\/([^/]+)\/imagify$/, async (client, id) => client.sessions.imagify(id, "a")],
  ["POST", /^\/session\/([^/]+)\/complete$/, complete],
  ["GET", /^\/session\/([^/]+)\/files$/, async (client, id) => client.files.list(id, "some/path")],
  ["POST", /^\/session\/([^/]+)\/upload$/, upload],
  ["*", /^\/session\/([^/]+)\/download$/, download],
  ["*", /^\/session\/([^/]+)\/download_single$/, async (client, id) => client.files.downloadSingle(id, "a")],
  ["GET", /^\/stream\/session\/([^/]+)\/apps$/, async (client, id) => client.apps.list(id)],
  ["POST", /^\/session\/([^/]+)\/start-service$/, async (client, id) => client.apps.startService(id, "ttyd")],
  [
    "POST",
    /^\/session\/([^/]+)\/shutdown-service$/,
    async (client, id) => client.apps.shutdownService(id, "a"),
  ],
  ["POST", /^\/admin\/g/, async (client) => client.graphql("{a}")],
  ["GET", /^\/resource\/presets$/, async (client) => client.resources.presets()],
  ["POST", /^\/resource\/check-presets$/, async (client) => client.resources.checkPresets()],
  ["GET", /^\/scaling-groups$/, async (client) => client.resources.resourceGroups()],
  ["GET", /^\/config\/resource-slots$/, async (client) => client.resources.slotTypes()],
  ["GET", /^\/manager\/status$/, async (client) => client.server.managerStatus()],
  ["GET", /^\/manager\/announcement$/, async (client) => client.server.announcement()],
  ["GET", /^\/folders$/, async (client) => client.folders.list()],
  ["*", /^\/auth(?:\/test)?$/, async (client) => client.auth.test()],
  ["GET", /^\/auth\/role$/, async (client) => client.auth.role()],
  ["GET", /^\/auth\/ssh-keypair$/, async (client) => client.auth.sshKeypair()],
  ["PATCH", /^\/auth\/ssh-keypair$/, async (client) => client.auth.regenerateSshKeypair()],
  ["POST", /^\/auth\/authorize$/, async (client) => client.auth.authorize({ username: "a", password: "b" })],
  ["POST", /^\/server\/login$/, async (client) => client.auth.login({ username: "a", password: "b" })],
  ["POST", /^\/server\/login-check$/, async (client) => client.auth.loginCheck()],
  ["POST", /^\/server\/logout$/, async (client) => client.auth.logout()],
  ["GET", /^\/events\/session$/, async (client) => drain(client.events.sessions())],
  ["GET", /^\/events\/background-task$/, async (client) => drain(client.events.backgroundTask("a"))],
  ["GET", /^\/stream\/session\/([^/]+)\/pty$/, terminal],
  ["GET", /^\/stream\/session\/([^/]+)\/execute$/, streamRun],
  ["GET", /^\/stream\/session\/([^/]+)\/(?:tcp|http)proxy$/, tunnel],
];

/** The client's call for an exchange; `undefined` for a request that it never makes. */
export function callFor(exchange: Exchange, client: BackendAIClient): (() => Promise<unknown>) | undefined {
  const path = (exchange.path.split("?")[0] ?? "").replace(/^\/func/, "");
  for (const [method, pattern, call] of calls) {
    const match = pattern.exec(path);
    if (match && (method === "*" || method === exchange.method)) {
      return async () => call(client, match[1] ?? "", exchange);
    }
  }
  return undefined;
}

/** Everything that an iterable gives. */
export async function drain<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

async function complete(client: BackendAIClient, id: string): Promise<unknown> {
  return client.completion.complete(id, "o", { row: 0, col: 1, line: "o", post: "" });
}

/**
 * Asks for as many files as the answer has parts: a server that gives more than it was asked for is refused. Of releases that take them
 * by GET, the client never asks for more than one.
 */
async function download(client: BackendAIClient, id: string, { body }: Exchange): Promise<unknown> {
  const parts = body?.toString("latin1").match(/^content-encoding: identity/gim)?.length ?? 1;
  if (parts > 1 && client.dialect.files.download === "get") {
    return [];
  }
  return drain(
    client.files.download(
      id,
      Array.from({ length: parts }, (_, index) => `${index}.txt`),
    ),
  );
}

async function upload(client: BackendAIClient, id: string): Promise<unknown> {
  return client.files.upload(id, [{ path: "a.txt", content: Buffer.from("a") }]);
}

/** Says what was said, when it was said. */
async function terminal(client: BackendAIClient, id: string, { frames = [] }: Exchange): Promise<unknown> {
  const pty = await client.terminals.open(id);
  for (const frame of frames.filter(({ isFromServer, type }) => !isFromServer && type === "text")) {
    const { type } = JSON.parse(frame.data.toString()) as { readonly type: string };
    await (type === "stdin" ? pty.write("a") : type === "resize" ? pty.resize(24, 80) : pty.ping());
  }
  return drain(pty);
}

async function streamRun(client: BackendAIClient, id: string): Promise<unknown> {
  const events = [];
  const run = client.runs.start(id, { mode: "query", code: "1" }, { carrier: "stream" });
  for await (const event of run) {
    events.push(event);
    if (event.type === "inputRequested") {
      await run.answer("a line");
    }
  }
  return events;
}

async function tunnel(client: BackendAIClient, id: string, { frames = [] }: Exchange): Promise<unknown> {
  const socket = await client.apps.openTunnel(id, "sshd");
  for (const frame of frames.filter(({ isFromServer, type }) => !isFromServer && type !== "close")) {
    await socket.write(frame.data);
  }
  return drain(socket);
}
