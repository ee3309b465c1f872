/**
 * What runs cost. Runs of the extension and bare ones are driven in turn; what is compared are ratios, times inside this process and its
 * memory.
 */
import { type Carrier, carrierFor } from "../../src/run/carriers/carrierChoice.js";
import { freshSsh } from "../unit/tunnel/support/freshSsh.js";
import type { BenchPlace } from "./runs/benchPlace.js";
import { measureFlood } from "./runs/floodApart.js";
import { measureLatency } from "./runs/latency.js";
import { measureOverhead } from "./runs/overhead.js";
import { Report } from "./harness/report.js";
import { measureStop } from "./runs/stop.js";
import { openBenchServer } from "./support/benchServer.js";

const pairs = Number(process.env["BENCH_PAIRS"] ?? 60);
const stops = Number(process.env["BENCH_STOPS"] ?? 20);
const megabytes = Number(process.env["BENCH_MEGABYTES"] ?? 100);
const wanted = process.env["BENCH_ONLY"];

const isEngine = process.env["BENCH_TARGET"] !== "environment";
const server = await openBenchServer();
const report = new Report(server.words);

/** By which carriers runs go here; the server's own are measured where they are what is chosen. */
const carriers: readonly Carrier[] =
  carrierFor(server.client.findings, "auto") === "api" ? ["api", "ssh"] : ["ssh"];

/** What is measured, by name. */
const parts: Readonly<Record<string, (place: BenchPlace, carrier: Carrier) => Promise<void>>> = {
  flood: async (place, carrier) =>
    carrier === "ssh" || isEngine ? measureFlood(place, { carrier, megabytes, report }) : undefined,
  latency: async (place, carrier) => measureLatency(place, { carrier, report }),
  stop: async (place, carrier) => measureStop(place, { carrier, count: stops, report }),
  overhead: async (place, carrier) => measureOverhead(place, { carrier, pairs, report }),
};

try {
  for (const [name, measure] of Object.entries(parts)) {
    for (const carrier of wanted === undefined || wanted === name ? carriers : []) {
      await server.withSession(async (id) => {
        const ssh = freshSsh(server.client, id);
        try {
          const session = { id, name: "bench" };
          await measure({ server, client: server.client, session, ssh }, carrier);
        } catch (error) {
          report.failure(`${carrier}: ${name}`, error);
        } finally {
          ssh.dispose();
        }
      });
    }
  }
} finally {
  await server.end();
}
