/**
 * What people do most, by the extension, by the reference client's command line and library, and by bare requests. The library lives in
 * a Python that goes on, and measures itself; the command line is started for each thing, as whoever types it has to.
 */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { silentLogger } from "../../src/base/logger.js";
import { RoutedAccess } from "../../src/files/access/ways/routedAccess.js";
import { SessionSftp } from "../../src/files/sftp/sessionSftp.js";
import { carrierFor } from "../../src/run/carriers/carrierChoice.js";
import { planRun } from "../../src/run/plan/runPlan.js";
import { HostKeys } from "../../src/tunnel/hostKeys.js";
import { SessionTunnels } from "../../src/tunnel/sessionTunnels.js";
import { connectionTo } from "../unit/tunnel/forwards/support/portsTarget.js";
import { freshSsh } from "../unit/tunnel/support/freshSsh.js";
import { memoryStore } from "../unit/tunnel/support/memoryStore.js";
import { BareCalls } from "./calls/bareCalls.js";
import { compareCopies } from "./clients/copies.js";
import { engineOfItsTime, ReferenceClient } from "./clients/referenceClient.js";
import { timed } from "./harness/numbers.js";
import { Report } from "./harness/report.js";
import { type Done, sideBySide } from "./harness/sideBySide.js";
import { finished, ourRun } from "./runs/benchPlace.js";
import { openBenchServer } from "./support/benchServer.js";

const queries = Number(process.env["BENCH_QUERIES"] ?? 1000);
const program = "print('hello')\n";
const file = "bench-run.py";
const { signal } = new AbortController();

const isEngine = process.env["BENCH_TARGET"] !== "environment";
const server = await openBenchServer(engineOfItsTime());
const report = new Report(isEngine ? "the local engine, as a server of the client's time" : server.words);
const { client } = server;
const bare = new BareCalls(server);
const reference = await ReferenceClient.open(server.environment);
const scratch = await mkdtemp(path.join(os.tmpdir(), "backendai-bench-"));
const names = {
  line: `the reference client ${reference.version}, command line`,
  library: `the reference client ${reference.version}, library`,
};

/** A group of figures; the others are measured also when it breaks. */
const parts: Readonly<Record<string, () => Promise<unknown>>> = {
  "a run, cold": coldRuns,
  "a run, warm": async () => server.withSession(warmRuns),
  queries: async () => server.withSession(queryRows),
  lists: async () => server.withSession(listRows),
  "small files": async () => server.withSession(fileRows),
  copies: async () => compareCopies(server, report),
};
try {
  await writeFile(path.join(scratch, file), program);
  for (const [what, measure] of Object.entries(parts)) {
    await measure().catch((error: unknown) => report.failure(what, error));
  }
} finally {
  await reference.end();
  await bare.close();
  await rm(scratch, { recursive: true, force: true });
  await server.end();
}

/** What “Run Current File” does from the choice of a session to the program's end. */
async function runFile(id: string): Promise<void> {
  const ssh = freshSsh(client, id);
  try {
    const plan = planRun("python", file);
    await client.files.upload(id, [{ path: file, content: Buffer.from(program) }]);
    const carrier = carrierFor(client.findings, "auto");
    let text = "";
    const session = { id, name: "bench" };
    await finished(ourRun({ client, session, ssh }, { carrier, plan, print: (piece) => (text += piece) }));
    expectHello(text);
  } finally {
    ssh.dispose();
  }
}

/** What one types for the same; a session of that name is used, or started first. */
async function typeRun(name: string): Promise<void> {
  const words = ["run", "-t", name, "--exec", `python ${file}`, await image(), file];
  expectHello(await reference.command(words, scratch));
}

function expectHello(text: string): void {
  if (!/^hello\s*$/m.test(text)) {
    throw new Error(`The program printed “${text}”.`);
  }
}

async function image(): Promise<string> {
  const images = await client.images.list();
  const named =
    process.env["BENCH_TARGET"] === "environment" ? process.env["CONFORMANCE_PYTHON_IMAGE"] : undefined;
  return named ?? images.find(({ runtimeType }) => runtimeType === "python")?.reference ?? "";
}

/** Sessions are ended outside of the time. */
async function coldRuns(): Promise<void> {
  const once = (run: (name: string) => Promise<string | undefined>) => async (): Promise<Done> => {
    const name = `bench-${randomBytes(4).toString("hex")}`;
    let id: string | undefined;
    const ms = await timed(async () => (id = await run(name)));
    id ??= (await client.sessions.match(name))[0]?.id;
    await client.sessions.destroy(id ?? name);
    return { ms };
  };
  await sideBySide(report, {
    id: "run-cold",
    what: "a file run in a session that is started for it",
    ours: once(async (name) => {
      const { id } = await client.sessions.create({ image: await image(), name });
      await runFile(id);
      return id;
    }),
    others: [
      {
        key: "command-line",
        name: names.line,
        once: once(async (name) => typeRun(name).then(() => undefined)),
        isFactor: true,
      },
    ],
    rounds: 3,
  });
}

async function warmRuns(session: string): Promise<void> {
  const { name } = await client.sessions.summary(session);
  const runs = {
    id: "run-warm",
    what: "a file sent and run in a session that is there",
    ours: async () => runFile(session).then(() => ({})),
    warm: 2,
  };
  await sideBySide(report, {
    ...runs,
    warm: 1,
    others: [
      {
        key: "command-line",
        name: names.line,
        once: async () => typeRun(name).then(() => ({})),
        bar: { atLeast: 10 },
        isFactor: true,
      },
    ],
    rounds: 5,
  });
  const request = { do: "run", session, file: path.join(scratch, file) };
  await sideBySide(report, {
    ...runs,
    others: [{ key: "library", name: names.library, once: async () => timeOf(reference.library(request)) }],
    rounds: 20,
  });
}

/** Without what it gave, where the sides count differently. */
async function timeOf(done: Promise<Done>): Promise<Done> {
  const { ms } = await done;
  return ms === undefined ? {} : { ms };
}

async function ourQueries(session: string, count: number): Promise<Done> {
  let printed = 0;
  for (let index = 0; index < count; index += 1) {
    for await (const event of client.runs.start(
      session,
      { mode: "query", code: "print(1)" },
      { carrier: "poll" },
    )) {
      printed += event.type === "output" ? event.text.length : 0;
    }
  }
  return { result: printed };
}

async function bareQueries(session: string, count: number): Promise<Done> {
  let printed = 0;
  for (let index = 0; index < count; index += 1) {
    printed += await bare.query(session, "print(1)");
  }
  return { result: printed };
}

async function queryRows(session: string): Promise<void> {
  for (const [count, rounds] of [
    [1, 60],
    [100, queries / 100],
  ] as const) {
    const request = { do: "query", session, code: "print(1)", count };
    await sideBySide(report, {
      id: count === 1 ? "query" : "queries",
      what:
        count === 1 ? "a query" : `${count} of ${queries.toLocaleString("en")} queries, one after the other`,
      ours: async () => ourQueries(session, count),
      others: [
        {
          key: "bare",
          name: "bare undici",
          once: async () => bareQueries(session, count),
          bar: { atMost: 1.1 },
        },
        { key: "library", name: names.library, once: async () => reference.library(request) },
      ],
      rounds,
      warm: count === 1 ? 10 : 1,
    });
  }
}

async function listRows(session: string): Promise<void> {
  for (const entries of [10, 1000, 10_000]) {
    const folder = `list-${entries}`;
    const code = `import os\nos.mkdir("${folder}")\nfor n in range(${entries}): open(f"${folder}/file-{n}", "w").close()`;
    await bare.query(session, code);
    const request = { do: "list_files", session, path: folder };
    await sideBySide(report, {
      id: `list-${entries}`,
      what: `list of ${entries.toLocaleString("en")} entries`,
      ours: async () => ({ result: (await client.files.list(session, folder)).entries.length }),
      others: [
        {
          key: "bare",
          name: "bare undici",
          once: async () => ({ result: await bare.list(session, folder) }),
        },
        { key: "library", name: names.library, once: async () => reference.library(request) },
      ],
      rounds: entries > 1000 ? 7 : 20,
      warm: 2,
    });
  }
}

/** As the extension writes and reads files of a session, by its own choice of the way; the library by the server's calls. */
async function fileRows(sessionId: string): Promise<void> {
  const hostKeys = new HostKeys(memoryStore(), silentLogger);
  const tunnels = new SessionTunnels({
    connection: await connectionTo(client),
    hostKeys,
    logger: silentLogger,
  });
  const access = new RoutedAccess({ client, sessionId }, new SessionSftp(tunnels, silentLogger), {
    connection: () => "auto",
    mayRunCommands: () => Promise.resolve(false),
  });
  const back = path.join(scratch, "back");
  await mkdir(back);
  try {
    // Servers take less than 1 MiB a file, and their downloads of more than 900 kB fail (real-servers.md).
    for (const [key, size, words] of [
      ["1kB", 1000, "1 kB"],
      ["900kB", 900_000, "900 kB"],
    ] as const) {
      const name = `size-${size}`;
      const content = randomBytes(size);
      await writeFile(path.join(scratch, name), content);
      const remote = `/home/work/ours-${size}`;
      await sideBySide(report, {
        id: `write-${key}`,
        what: `write of ${words}`,
        ours: async () => {
          await access.write(remote, { size, open: (start) => [content.subarray(start)] }, { signal });
          return { result: size };
        },
        others: [
          {
            key: "library",
            name: names.library,
            once: async () =>
              reference.library({ do: "write", session: sessionId, file: path.join(scratch, name) }),
          },
        ],
        rounds: 15,
        warm: 2,
      });
      await sideBySide(report, {
        id: `read-${key}`,
        what: `read of ${words}`,
        ours: async () => {
          let bytes = 0;
          for await (const { length } of access.read(remote, { signal })) {
            bytes += length;
          }
          return { result: bytes };
        },
        others: [
          {
            key: "library",
            name: names.library,
            once: async () => reference.library({ do: "read", session: sessionId, name, folder: back }),
          },
        ],
        rounds: 15,
        warm: 2,
      });
    }
  } finally {
    tunnels.dispose();
  }
}
