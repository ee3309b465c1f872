/** What comes before the first answer: to a server, and by ssh into a session of it; and coming back after the connection was cut. */
import { subscribe } from "node:diagnostics_channel";
import { environmentTarget } from "../../src/account/environment.js";
import { BackendAIClient } from "../../src/api/index.js";
import { delay } from "../../src/base/abort.js";
import { programOutput } from "../../src/tunnel/programOutput.js";
import type { SessionSsh } from "../../src/tunnel/sessionSsh.js";
import { FaultProxy } from "../faults/proxy/faultProxy.js";
import { freshSsh } from "../unit/tunnel/support/freshSsh.js";
import { BareCalls } from "./calls/bareCalls.js";
import { engineOfItsTime, ReferenceClient } from "./clients/referenceClient.js";
import { SshPrograms } from "./clients/sshPrograms.js";
import { timed } from "./harness/numbers.js";
import { Report } from "./harness/report.js";
import { type Contestant, type Done, sideBySide } from "./harness/sideBySide.js";
import { openBareSsh } from "./terminal/bareEnd.js";
import { openBenchServer } from "./support/benchServer.js";

const rounds = Number(process.env["BENCH_PAIRS"] ?? 30);
const options = { signal: new AbortController().signal, limitBytes: 1000, timeoutMs: 30_000 };

const server = await openBenchServer(engineOfItsTime());
const report = new Report(server.words);
const target = environmentTarget(server.environment);
if (target.kind !== "environment") {
  throw new Error("The environment names no server.");
}
const { credentials } = target;
try {
  await compareServer().catch((error: unknown) => report.failure("to a server", error));
  await server.withSession(async (id) => {
    await compareSsh(id).catch((error: unknown) => report.failure("by ssh", error));
  });
} finally {
  await server.end();
}

/** Where the server is, what it speaks, and a call that proves the sign-in. */
async function compareServer(): Promise<void> {
  let requests = 0;
  subscribe("undici:request:create", () => (requests += 1));
  const ours = async (): Promise<Done> => {
    const client = await BackendAIClient.connect({ endpoint: server.client.endpoint, credentials });
    await client.auth.test();
    return { ms: await closing(async () => client.close()) };
  };
  await ours();
  report.figure({
    id: "requests",
    what: "requests from nothing to the first answer",
    value: requests,
    unit: "",
    bar: { atMost: 2 },
  });
  const reference = await ReferenceClient.open(server.environment);
  try {
    await sideBySide(report, {
      id: "server",
      what: "connect to a server, learn what it speaks, and make a first call",
      ours: async () => once(ours),
      others: [
        {
          key: "bare",
          name: "bare undici making the same two requests",
          bar: { atMost: 1.1 },
          once: async () =>
            once(async () => {
              const bare = new BareCalls(server);
              await bare.send("GET", "/");
              await bare.send("POST", "/auth/test", { echo: "x" });
              return { ms: await closing(async () => bare.close()) };
            }),
        },
        {
          key: "library",
          name: `the reference client ${reference.version}, library: Session() and hello()`,
          once: async () =>
            reference.library({ do: "connect" }).then(({ ms }) => (ms === undefined ? {} : { ms })),
        },
      ],
      rounds,
      warm: 3,
    });
  } finally {
    await reference.end();
  }
}

/** Milliseconds of closing, which is not part of connecting. */
async function closing(close: () => Promise<void>): Promise<number> {
  return timed(close);
}

/** A thing without its closing. */
async function once(work: () => Promise<Done>): Promise<Done> {
  let closed = 0;
  const ms = await timed(async () => (closed = (await work()).ms ?? 0));
  return { ms: ms - closed };
}

async function compareSsh(id: string): Promise<void> {
  const programs = await SshPrograms.open(server.client, id);
  const openSsh: Contestant = {
    key: "openssh",
    name: "OpenSSH's ssh through the same tunnel",
    once: async () => ({ result: await programs.ssh("echo yes") }),
  };
  const proxy = await FaultProxy.start();
  const cuttable = await BackendAIClient.connect({
    endpoint: server.client.endpoint,
    credentials,
    proxy: proxy.url,
  });
  const lasting = freshSsh(cuttable, id);
  try {
    await sideBySide(report, {
      id: "ssh",
      what: "a new ssh connection into a session, and a command by it",
      ours: async () => {
        const ssh = freshSsh(server.client, id);
        const done = await command(ssh);
        ssh.dispose();
        return done;
      },
      others: [
        {
          key: "bare",
          name: "bare ws and ssh2",
          bar: { atMost: 1.15 },
          once: async () => {
            const { connection, close } = await openBareSsh(server, id);
            const result = await new Promise<number>((resolve, reject) => {
              connection.exec("echo yes", (error, channel) => {
                let bytes = 0;
                if (error) {
                  reject(error);
                  return;
                }
                channel.on("data", ({ length }: Buffer) => (bytes += length));
                channel.on("close", () => resolve(bytes));
              });
            });
            void close();
            return { result };
          },
        },
        openSsh,
      ],
      rounds,
      warm: 3,
    });
    await command(lasting);
    await sideBySide(report, {
      id: "ssh-cut",
      what: "a command by ssh after the connection was cut",
      ours: async () => {
        proxy.cut();
        while (lasting.isOpen) {
          await delay(1);
        }
        return command(lasting);
      },
      others: [openSsh],
      rounds,
      warm: 2,
    });
  } finally {
    lasting.dispose();
    await cuttable.close();
    await proxy.stop();
    await programs.end();
  }
}

async function command(ssh: SessionSsh): Promise<Done> {
  return { result: (await programOutput(ssh, "echo yes", options)).text.length };
}
