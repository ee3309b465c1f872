import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Carrier, carrierFor } from "../../../src/run/carriers/carrierChoice.js";
import { type OpenRun, runsOf, type TestRun } from "./support/openRun.js";
import { withRunPlace } from "./support/runPlace.js";

/** How many runs follow one another; `RUNS=200` for a server whose runs are in doubt. */
const count = Number(process.env["RUNS"] ?? 20);

/** Lines that each run prints. */
const lines = 300;

/** Programs that end at once behind their last byte, that take their time, that print errors in between, that end no line. */
const kinds = ["quick", "slow", "errors", "open"] as const;
type Kind = (typeof kinds)[number];

/** Prints numbered lines with a checksum each, and exits with a code of its own. */
const code = `import hashlib, os, sys, time
run, kind, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for n in range(count):
    line = f"run {run} line {n}"
    line += " " + hashlib.sha256(line.encode()).hexdigest()
    to = sys.stderr if kind == "errors" and n % 3 == 0 else sys.stdout
    print(line, file=to, end="" if kind == "open" and n == count - 1 else "\\n", flush=True)
    if kind == "slow" and n % 30 == 0:
        time.sleep(0.02)
if kind == "quick":
    os._exit(run % 256)
sys.exit(run % 256)
`;

/** What such a program has to print: all of it, and what of it is errors. */
function expected(run: number, kind: Kind): { all: string; out: string; err: string } {
  const printed = { all: "", out: "", err: "" };
  for (let n = 0; n < lines; n += 1) {
    const line = `run ${run} line ${n}`;
    const end = kind === "open" && n === lines - 1 ? "" : "\n";
    const text = `${line} ${createHash("sha256").update(line).digest("hex")}${end}`;
    printed.all += text;
    printed[kind === "errors" && n % 3 === 0 ? "err" : "out"] += text;
  }
  return printed;
}

describe(`${count} runs in a row`, function () {
  this.timeout(60_000 + count * 10_000);
  const place = withRunPlace(`many-${process.pid}`);

  /** Runs one program to its end, checks it, and tells how long it took; milliseconds. */
  const one = async (start: (test: TestRun) => OpenRun, run: number, carrier: Carrier): Promise<number> => {
    const kind = kinds[run % kinds.length]!;
    const console = run % 8 < 4 ? "terminal" : "pipes";
    const streams = { stdout: "", stderr: "", log: "" };
    let all = "";
    const startedAt = performance.now();
    const { end, shown } = start({
      code,
      kind: console,
      options: { args: `${run} ${kind} ${lines}` },
      onEvent: (event) => {
        if (event.type === "output") {
          streams[event.stream] += event.text;
          all += event.text;
        }
      },
    });
    const outcome = await end;
    const ms = performance.now() - startedAt;
    assert.deepEqual(outcome, { kind: "finished", exitCode: run % 256 }, shown().slice(-500));
    const text = expected(run, kind);
    if (carrier === "ssh" && console === "terminal") {
      assert.equal(all, text.all.replaceAll("\n", "\r\n"));
    } else {
      assert.deepEqual(streams, { stdout: text.out, stderr: text.err, log: "" });
    }
    return ms;
  };

  const lastly = (carrier: Carrier): string =>
    carrier === "ssh" ? "by ssh" : "by what is chosen for the server, where that is not ssh";
  for (const carrier of ["api", "ssh"] as const) {
    it(`lose no line and no exit code ${lastly(carrier)}`, async function () {
      if (carrier === "api" && carrierFor(place().client.findings, "auto") !== "api") {
        this.skip(); // this server loses the end of its own runs
      }
      const start = runsOf(carrier, place);
      const times: number[] = [];
      for (let run = 0; run < count; run += 1) {
        times.push(await one(start, run, carrier));
      }
      const [median, worst] = [Math.floor(count / 2), count - 1].map(
        (index) => [...times].sort((a, b) => a - b)[index] ?? 0,
      );
      const mean = times.reduce((sum, ms) => sum + ms, 0) / count;
      this.test!.title += `: ${mean.toFixed(0)} ms each (median ${median!.toFixed(0)}, worst ${worst!.toFixed(0)})`;
    });
  }
});
