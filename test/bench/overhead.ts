/**
 * What the SDK costs beside the bare requests: `npm run bench:overhead` on the server of the `BACKEND_*` variables, such as
 * those that `npm run cluster -- up 24.09.6` prints. Each call is made by both in turn, many times; what is printed are ratios
 * of the medians, and how far single pairs spread.
 */
import { once } from "node:events";
import { Agent, request } from "undici";
import { WebSocket } from "ws";
import { environmentTarget } from "../../src/account/environment.js";
import { BackendAIClient } from "../../src/api/index.js";
import { authorizationHeader } from "../../src/wire/signing.js";

const pairs = Number(process.env["BENCH_PAIRS"] ?? 40);
/** The bar: what a call may cost beside the bare request. */
const bar = 1.1;

const target = environmentTarget(process.env);
if (target.kind !== "environment" || target.credentials.type !== "keypair") {
  throw new Error("The environment names no server of type api with a keypair.");
}
const { credentials, endpoints } = target;
const client = await BackendAIClient.connect({ endpoint: endpoints, credentials });
const agent = new Agent();
const image = process.env["CONFORMANCE_PYTHON_IMAGE"] ?? (await pythonImage());
const { id, name } = await client.sessions.create({ image });
const { prefix, apiVersion, manager, files, execute, graphql } = client.dialect;
const at = `${prefix}/${id}`;

/** The two ways to make a call. */
interface Row {
  readonly name: string;
  readonly sdk: () => Promise<unknown>;
  readonly bare: () => Promise<unknown>;
}

try {
  await run("pass"); // the interpreter starts with the first query
  console.log(`manager ${manager}, ${String(pairs)} pairs each\n`);
  console.log(
    "| call | bare median, ms | SDK / bare | middle half of the pairs | |\n| --- | --- | --- | --- | --- |",
  );
  let isOver = false;
  for (const row of await rows()) {
    const { ratio, spread, bareMs } = await measure(row);
    isOver ||= ratio > bar;
    const verdict = ratio > bar ? "over the bar" : "";
    console.log(`| ${row.name} | ${bareMs.toFixed(1)} | ${ratio.toFixed(3)} | ${spread} | ${verdict} |`);
  }
  process.exitCode = isOver ? 1 : 0;
} finally {
  await client.sessions.destroy(id);
  await client.close();
  await agent.close();
}

async function rows(): Promise<Row[]> {
  const content = Buffer.from("print('hello')\n");
  await client.files.upload(id, [{ path: "a.py", content }]);
  const listed = files.listParameters === "query" ? `${at}/files?path=.` : `${at}/files`;
  const listBody = files.listParameters === "query" ? undefined : { path: "." };
  const single = files.download === "post-body" ? { file: "a.py" } : undefined;
  const query = {
    query:
      "query($s:String){compute_session_list(limit:100,offset:0,status:$s){items{id name status} total_count}}",
    variables: { s: "RUNNING" },
  };
  const list: Row[] = [
    { name: "hello", sdk: async () => client.server.hello(), bare: async () => send("GET", "/") },
    {
      name: "auth test",
      sdk: async () => client.auth.test(),
      bare: async () => send("POST", "/auth/test", { echo: "x" }),
    },
    { name: "get_info", sdk: async () => client.sessions.info(id), bare: async () => send("GET", at) },
    {
      name: "get_logs",
      sdk: async () => client.sessions.logs(id),
      bare: async () => send("GET", `${at}/logs`),
    },
    {
      name: "match",
      sdk: async () => client.sessions.match(name),
      bare: async () => send("GET", `${prefix}/_/match?id=${name}`),
    },
    {
      name: "apps",
      sdk: async () => client.apps.list(id),
      bare: async () => send("GET", `/stream${at}/apps`),
    },
    {
      name: "GraphQL",
      sdk: async () => client.graphql(query.query, query.variables),
      bare: async () => send("POST", graphql.path, query),
    },
    {
      name: "list_files",
      sdk: async () => client.files.list(id),
      bare: async () => send("GET", listed, listBody),
    },
    {
      name: "download_single",
      sdk: async () => client.files.downloadSingle(id, "a.py"),
      bare: async () =>
        send(files.download === "get" ? "GET" : "POST", `${at}/download_single?file=a.py`, single),
    },
    {
      name: "upload, and the listing that proves it",
      sdk: async () => client.files.upload(id, [{ path: "a.py", content }]),
      bare: async () => {
        await upload(content);
        await send("GET", listed, listBody);
      },
    },
    {
      name: "interrupt",
      sdk: async () => client.sessions.interrupt(id),
      bare: async () => send("POST", `${at}/interrupt`),
    },
    {
      name: "execute, query",
      sdk: async () => run("print(1)"),
      bare: async () =>
        send("POST", at, { mode: "query", code: "print(1)", [execute.runIdField]: "f".repeat(32) }),
    },
    {
      name: "stream_execute, query",
      sdk: async () => run("print(1)", "stream"),
      bare: async () => stream("print(1)"),
    },
  ];
  return list;
}

async function run(code: string, carrier: "poll" | "stream" = "poll"): Promise<void> {
  for await (const event of client.runs.start(id, { mode: "query", code }, { carrier })) {
    if (event.type === "maybeLost") {
      throw new Error("The end of a query was lost.");
    }
  }
}

/** Headers of a signed request, as short as can be. */
function headersOf(method: string, path: string, contentType?: string): Record<string, string> {
  const date = new Date().toISOString();
  const host = new URL(client.endpoint).host;
  const { accessKey, secretKey } = credentials as { accessKey: string; secretKey: string };
  const parts = { method, path, date, host, contentType, version: apiVersion };
  return {
    Authorization: authorizationHeader(accessKey, secretKey, parts),
    "X-BackendAI-Version": apiVersion,
    "X-BackendAI-Date": date,
    ...(contentType === undefined ? {} : { "Content-Type": contentType }),
  };
}

async function send(method: "GET" | "POST", path: string, json?: object): Promise<void> {
  const type = json === undefined ? undefined : "application/json";
  const body = json === undefined ? null : JSON.stringify(json);
  await answer(path, { method, headers: headersOf(method, path, type), body });
}

async function upload(content: Buffer): Promise<void> {
  const path = `${at}/upload`;
  const fileName =
    files.uploadNames === "absolute" ? "filename*=UTF-8''%2Fhome%2Fwork%2Fa.py" : 'filename="a.py"';
  const head = `--bare\r\nContent-Disposition: form-data; name="src"; ${fileName}\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), content, Buffer.from("\r\n--bare--\r\n")]);
  await answer(path, {
    method: "POST",
    headers: headersOf("POST", path, "multipart/form-data; boundary=bare"),
    body,
  });
}

async function answer(path: string, options: NonNullable<Parameters<typeof request>[1]>): Promise<void> {
  const { statusCode, body } = await request(client.endpoint + path, { ...options, dispatcher: agent });
  const text = await body.text();
  if (statusCode >= 400) {
    throw new Error(`${path} answered ${String(statusCode)}: ${text}`);
  }
}

async function stream(code: string): Promise<void> {
  const path = `/stream${at}/execute`;
  const url = (client.endpoint + path).replace(/^http/, "ws");
  const socket = new WebSocket(url, { headers: headersOf("GET", path), perMessageDeflate: false });
  await once(socket, "open");
  socket.send(JSON.stringify({ mode: "query", code, options: {} }));
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (data: Buffer) => {
      if (data.toString("utf8").includes('"finished"')) {
        resolve();
      }
    });
  });
  socket.close();
  await once(socket, "close");
}

/** Both ways in turn, the first one alternating, after a warm-up that is not counted. */
async function measure({ sdk, bare }: Row): Promise<{ ratio: number; spread: string; bareMs: number }> {
  const times: { sdk: number; bare: number }[] = [];
  for (let pair = -3; pair < pairs; pair += 1) {
    const first = pair % 2 === 0 ? "sdk" : "bare";
    const one = await timed(first === "sdk" ? sdk : bare);
    const other = await timed(first === "sdk" ? bare : sdk);
    if (pair >= 0) {
      times.push(first === "sdk" ? { sdk: one, bare: other } : { sdk: other, bare: one });
    }
  }
  const ratios = times.map((pair) => pair.sdk / pair.bare);
  const bareMs = quantile(
    times.map((pair) => pair.bare),
    0.5,
  );
  const ratio =
    quantile(
      times.map((pair) => pair.sdk),
      0.5,
    ) / bareMs;
  return {
    ratio,
    bareMs,
    spread: `${quantile(ratios, 0.25).toFixed(2)}–${quantile(ratios, 0.75).toFixed(2)}`,
  };
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await action();
  return performance.now() - startedAt;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

async function pythonImage(): Promise<string> {
  const found = (await client.images.list()).find(({ runtimeType }) => runtimeType === "python");
  if (found === undefined) {
    throw new Error("The server has no image for Python; name one in CONFORMANCE_PYTHON_IMAGE.");
  }
  return found.reference;
}
