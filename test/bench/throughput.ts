/** How fast output of a program comes: by the extension's runs, by bare ones, by OpenSSH, and by the reference client's library. */
import type { Carrier } from "../../src/run/carriers/carrierChoice.js";
import type { RunPlan } from "../../src/run/plan/runPlan.js";
import { freshSsh } from "../unit/tunnel/support/freshSsh.js";
import { engineOfItsTime, ReferenceClient } from "./clients/referenceClient.js";
import { SshPrograms } from "./clients/sshPrograms.js";
import { Report } from "./harness/report.js";
import { type Contestant, sideBySide } from "./harness/sideBySide.js";
import { bareApiRun } from "./runs/bareRun.js";
import { type BenchPlace, finished, ourRun, programIn } from "./runs/benchPlace.js";
import { openBareSsh } from "./terminal/bareEnd.js";
import { openBenchServer } from "./support/benchServer.js";

const megabytes = Number(process.env["BENCH_MEGABYTES"] ?? 100);
const rounds = Number(process.env["BENCH_ROUNDS"] ?? 3);
/** Times the throughput of the least code. */
const bar = { atLeast: 0.9 };

const lineBytes = 100;
const program = `import sys
line = b'x' * ${lineBytes - 1} + b'\\n'
for _ in range(int(sys.argv[1])):
    sys.stdout.buffer.write(line * 1000)
`;

const isEngine = process.env["BENCH_TARGET"] !== "environment";
const server = await openBenchServer(engineOfItsTime());
const report = new Report(isEngine ? "the local engine, as a server of the client's time" : server.words);
const { client } = server;
/** The server's own runs are measured where it loses nothing of them. */
const carriers: readonly Carrier[] =
  client.findings.has("executeFails") || (!isEngine && client.findings.has("batchLoses"))
    ? ["ssh"]
    : ["api", "ssh"];
try {
  for (const carrier of carriers) {
    await server
      .withSession(async (id) => compare(id, carrier))
      .catch((error: unknown) => {
        report.failure(`output, ${carrier}`, error);
      });
  }
} finally {
  await server.end();
}

async function compare(id: string, carrier: Carrier): Promise<void> {
  const ssh = freshSsh(client, id);
  const place: BenchPlace = { server, client, session: { id, name: "bench" }, ssh };
  const plan = await programIn(place, program, { args: `${(megabytes * 1e6) / lineBytes / 1000}` });
  const closers: (() => Promise<void>)[] = [];
  try {
    const others = carrier === "api" ? await apiWays(id, plan, closers) : await sshWays(id, plan, closers);
    await sideBySide(report, {
      id: carrier,
      what: `${megabytes} MB of output, ${carrier === "api" ? "by the server's runs" : "by ssh"}`,
      ours: async () => {
        let characters = 0;
        const onEvent: Parameters<typeof ourRun>[1]["onEvent"] = (event) => {
          characters += event.type === "output" ? event.text.length : 0;
        };
        await finished(ourRun(place, { carrier, plan, kind: "pipes", onEvent }));
        return { result: characters };
      },
      others: others.map((other) => ({ ...other, isFactor: true })),
      rounds,
      warm: 0,
    });
  } finally {
    for (const close of closers) {
      await close();
    }
    ssh.dispose();
  }
}

type Closers = (() => Promise<void>)[];

async function apiWays(id: string, plan: RunPlan, closers: Closers): Promise<readonly Contestant[]> {
  const reference = await ReferenceClient.open(server.environment);
  closers.push(async () => reference.end());
  return [
    {
      key: "bare",
      name: "bare ws",
      bar,
      once: async () => ({ result: (await bareApiRun(server, id, plan)).length }),
    },
    {
      key: "library",
      name: `the reference client ${reference.version}, library: stream_execute()`,
      once: async () => reference.library({ do: "stream", session: id, exec: plan.exec }),
    },
  ];
}

async function sshWays(id: string, plan: RunPlan, closers: Closers): Promise<readonly Contestant[]> {
  const { connection, close } = await openBareSsh(server, id);
  const programs = await SshPrograms.open(client, id);
  closers.push(close, async () => programs.end());
  return [
    {
      key: "bare",
      name: "bare ws and ssh2",
      bar,
      once: async () => ({
        result: await new Promise<number>((resolve, reject) => {
          connection.exec(plan.exec, (error, channel) => {
            if (error) {
              reject(error);
              return;
            }
            let bytes = 0;
            channel.on("data", ({ length }: Buffer) => (bytes += length));
            channel.stderr.resume();
            channel.on("close", () => resolve(bytes));
          });
        }),
      }),
    },
    {
      key: "openssh",
      name: "OpenSSH's ssh through the same tunnel",
      once: async () => ({ result: await programs.ssh(plan.exec) }),
    },
  ];
}
