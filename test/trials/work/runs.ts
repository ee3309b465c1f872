import assert from "node:assert/strict";
import type { BackendAIClient, StartOptions } from "../../../src/api/index.js";
import { type Played, play } from "../../conformance/playing.js";
import type { TrialContext } from "../support/trialContext.js";

/** Prints numbered lines of different lengths with the name of their run, so that no line can stand in for another. */
const linesCode = (tag: string, count: number): string => `
for i in range(${count}):
    print(${JSON.stringify(tag)}, i, "x" * (i * 37 % 200))
`;

/** Runs a query that prints `count` lines; not one may be missing, doubled or out of place. */
export async function runLines(
  client: BackendAIClient,
  id: string,
  { tag, count, ...options }: StartOptions & { readonly tag: string; readonly count: number },
): Promise<void> {
  const plan = { mode: "query", code: linesCode(tag, count) } as const;
  const played = await play(client.runs.start(id, plan, options));
  const expected = Array.from({ length: count }, (_, i) => `${tag} ${i} ${"x".repeat((i * 37) % 200)}`);
  assertShown(played, [...expected, ""].join("\n"));
  assert.equal(played.exitCode, 0);
}

/** Runs a program in batch mode that prints a line and ends with an exit code of its own. */
export async function runToExitCode(client: BackendAIClient, id: string, exitCode: number): Promise<void> {
  const program = `print("to the end")\nraise SystemExit(${exitCode})\n`;
  await client.files.upload(id, [{ path: "exit.py", content: Buffer.from(program) }]);
  const options = { exec: "python3 exit.py" };
  const played = await play(client.runs.start(id, { mode: "batch", options }, { idleMs: 30_000 }));
  assertShown(played, "to the end\n");
  assert.equal(played.exitCode, exitCode);
}

/** Compares what a run printed; says where it first differs, as the whole would fill the screen. */
function assertShown({ stdout, stderr, notices }: Played, expected: string): void {
  const lines = expected.split("\n");
  const shown = stdout.split("\n");
  const first = lines.findIndex((line, index) => line !== shown[index]);
  if (stdout !== expected || stderr !== "") {
    const at = `line ${first} of ${lines.length} is ${JSON.stringify(shown[first])}; ${shown.length} came`;
    assert.fail(`${at}; ${notices}; ${JSON.stringify(stderr.slice(0, 500))}`);
  }
}

/** A run that has begun to print. */
export interface TickingRun {
  /** How it ends; rejects as the run does. Whatever was printed until then came whole and in order. */
  readonly end: Promise<Played>;
}

const tickingCode = `
import time
for i in range(600):
    print("tick", i, flush=True)
    time.sleep(0.1)
`;

/** Ticks for a minute, unless something happens to it. Resolves when the first ticks have come. */
export async function startTicking(
  { client, signal }: TrialContext,
  id: string,
  options: StartOptions = {},
): Promise<TickingRun> {
  let shown = "";
  let began = (): void => undefined;
  const beginning = new Promise<void>((resolve) => {
    began = resolve;
  });
  const run = client.runs.start(id, { mode: "query", code: tickingCode }, { signal, ...options });
  const playing = play(run, (event) => {
    shown += event.type === "output" && event.stream === "stdout" ? event.text : "";
    if (shown.includes("tick 3\n")) {
      began();
    }
    return undefined;
  });
  const end = playing.finally(() => assertTicks(shown));
  end.catch(() => undefined); // whoever started it asks later
  await Promise.race([beginning, end]);
  return { end };
}

function assertTicks(shown: string): void {
  const lines = shown.split("\n").filter((line) => line.startsWith("tick"));
  const expected = lines.map((_, index) => `tick ${index}`);
  // The last one may be cut where the run ended.
  assert.deepEqual(lines.slice(0, -1), expected.slice(0, -1));
}
