/** What the SDK costs beside the bare requests, with undici and ws in the same process: each call made by both in turn, many times. */
import { BareCalls } from "./calls/bareCalls.js";
import { Report } from "./harness/report.js";
import { sideBySide } from "./harness/sideBySide.js";
import { openBenchServer } from "./support/benchServer.js";

const pairs = Number(process.env["BENCH_PAIRS"] ?? 200);
/** What a call may cost beside the bare request. */
const bar = { atMost: 1.1 };

const server = await openBenchServer();
const report = new Report(server.words);
const { client } = server;
const bare = new BareCalls(server);

/** A call, and the two ways to make it. */
type Row = readonly [name: string, sdk: () => Promise<unknown>, bare: () => Promise<unknown>];

try {
  await server.withSession(async (id) => {
    await run(id, "pass"); // the interpreter starts with the first query
    const content = Buffer.from("print('hello')\n");
    await client.files.upload(id, [{ path: "a.py", content }]);
    for (const [name, ours, theirs] of [...serverRows(id), ...fileRows(id, content), ...runRows(id)]) {
      await sideBySide(report, {
        id: name.replaceAll(/\W+/g, "-"),
        what: name,
        ours: async () => ours().then(() => ({})),
        others: [
          { key: "bare", name: "bare undici and ws", once: async () => theirs().then(() => ({})), bar },
        ],
        rounds: pairs,
        warm: 3,
      });
    }
  });
} finally {
  await bare.close();
  await server.end();
}

function serverRows(id: string): Row[] {
  const { prefix, graphql } = client.dialect;
  const at = `${prefix}/${id}`;
  const list = {
    query:
      "query($s:String){compute_session_list(limit:100,offset:0,status:$s){items{id name status} total_count}}",
    variables: { s: "RUNNING" },
  };
  return [
    ["hello", async () => client.server.hello(), async () => bare.send("GET", "/")],
    ["auth test", async () => client.auth.test(), async () => bare.send("POST", "/auth/test", { echo: "x" })],
    ["get_info", async () => client.sessions.info(id), async () => bare.send("GET", at)],
    ["get_logs", async () => client.sessions.logs(id), async () => bare.send("GET", `${at}/logs`)],
    [
      "match",
      async () => client.sessions.match(id),
      async () => bare.send("GET", `${prefix}/_/match?id=${id}`),
    ],
    ["apps", async () => client.apps.list(id), async () => bare.send("GET", `/stream${at}/apps`)],
    [
      "GraphQL",
      async () => client.graphql(list.query, list.variables),
      async () => bare.send("POST", graphql.path, list),
    ],
  ];
}

function fileRows(id: string, content: Buffer): Row[] {
  const { prefix, files } = client.dialect;
  const at = `${prefix}/${id}`;
  const listing = async (): Promise<string> =>
    files.listParameters === "query"
      ? bare.send("GET", `${at}/files?path=.`)
      : bare.send("GET", `${at}/files`, { path: "." });
  const body = files.download === "post-body" ? { file: "a.py" } : undefined;
  return [
    ["list_files", async () => client.files.list(id), listing],
    [
      "download_single",
      async () => client.files.downloadSingle(id, "a.py"),
      async () =>
        bare.send(files.download === "get" ? "GET" : "POST", `${at}/download_single?file=a.py`, body),
    ],
    [
      "upload, and the listing that proves it",
      async () => client.files.upload(id, [{ path: "a.py", content }]),
      async () => bare.upload(id, "a.py", content).then(listing),
    ],
  ];
}

function runRows(id: string): Row[] {
  const { prefix, execute } = client.dialect;
  const at = `${prefix}/${id}`;
  const query = { mode: "query", code: "print(1)", [execute.runIdField]: "f".repeat(32) };
  return [
    [
      "interrupt",
      async () => client.sessions.interrupt(id),
      async () => bare.send("POST", `${at}/interrupt`),
    ],
    ["execute, query", async () => run(id, "print(1)"), async () => bare.send("POST", at, query)],
    [
      "stream_execute, query",
      async () => run(id, "print(1)", "stream"),
      async () => bare.stream(id, "print(1)"),
    ],
  ];
}

async function run(id: string, code: string, carrier: "poll" | "stream" = "poll"): Promise<void> {
  for await (const event of client.runs.start(id, { mode: "query", code }, { carrier })) {
    if (event.type === "maybeLost") {
      throw new Error("The end of a query was lost.");
    }
  }
}
