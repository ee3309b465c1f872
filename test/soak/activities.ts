import { randomBytes } from "node:crypto";
import { messageOf } from "../../src/base/errors.js";
import { ApiExecution } from "../../src/run/carriers/apiExecution.js";
import type { Carrier } from "../../src/run/carriers/carrierChoice.js";
import type { Execution } from "../../src/run/carriers/execution.js";
import { JobExecution } from "../../src/run/carriers/jobExecution.js";
import { FileRun } from "../../src/run/fileRun.js";
import { SessionJobs } from "../../src/run/jobs/sessionJobs.js";
import { batchOf, planRun, scriptOf } from "../../src/run/plan/runPlan.js";
import { expectRunning } from "../../src/sessions/sessionPresence.js";
import type { FileContent } from "../../src/files/access/fileAccess.js";
import type { Rung } from "../../src/terminal/links/terminalLink.js";
import { silentLogger } from "../../src/base/logger.js";
import { until } from "../support/until.js";
import { openTerminal } from "../unit/terminal/support/openTerminal.js";
import type { SoakPlace } from "./soakPlace.js";

/** A session that something is done in. */
export interface SoakSession {
  readonly id: string;
  readonly name: string;
}

const fileBytes = 200_000;

/** How often a terminal is opened until it counts as broken. */
const terminalTries = 3;

/** A session comes, is used for what opens connections and caches of its own, and goes; the store follows by events. */
export async function sessionComesAndGoes(place: SoakPlace, name: string): Promise<void> {
  const { client, store, image } = place;
  const { id } = await client.sessions.create({ image, name });
  await until("the session in the store", () => store.find(id)?.status === "RUNNING");
  const session = { id, name };
  await filesAreUsed(place, session, "sftp");
  await codeIsCompleted(place, session);
  await programRuns(place, session, "api");
  await client.sessions.destroy(id);
  await until("its end in the store", () => !store.has(id));
}

/** A terminal is opened, typed into, and closed; by tmux it is the same one each time. */
export async function terminalIsTyped(place: SoakPlace, session: SoakSession, way: Rung): Promise<void> {
  const { client, tunnels, rungs } = place;
  const ssh = tunnels.ssh(client, session.id);
  const opened = openTerminal(client, session.id, {
    preference: way,
    memory: rungs,
    name: `soak-${way}`,
    parts: { session, server: () => Promise.resolve({ client, ssh }) },
  });
  const { terminal, screen } = opened;
  try {
    let tries = 1;
    await until(`a terminal by ${way}`, () => {
      const { state } = terminal;
      if (state.phase === "closed") {
        // A computer that does much else may start a shell late; then people press Enter, as the terminal says.
        if (!state.canRetry || tries === terminalTries) {
          throw new Error(`The terminal by ${way} closed: ${screen.raw.trim()}`);
        }
        tries += 1;
        opened.type("\r");
      }
      return state.phase === "open";
    });
    const word = randomBytes(4).toString("hex");
    opened.type(`clear; seq 200; printf 'at %s\\n' ${word}\r`);
    await screen.shows(new RegExp(`at ${word}`));
  } finally {
    opened.dispose();
    screen.terminal.dispose();
  }
}

/** A program that prints, waits for nothing, and ends; what a job leaves in the session is removed. */
export async function programRuns(place: SoakPlace, session: SoakSession, carrier: Carrier): Promise<void> {
  const { client } = place;
  const path = `soak-${carrier}.py`;
  const content = Buffer.from("for n in range(2000): print(n, '안녕')\n");
  const plan = planRun("python", path);
  let text = "";
  let execution: Execution | undefined;
  const run = new FileRun({
    commandLine: plan.commandLine,
    where: "soak",
    prepare: async (signal) => {
      await client.files.upload(session.id, [{ path, content }], { signal });
      execution =
        carrier === "api"
          ? new ApiExecution(client, session.id, batchOf(plan))
          : jobOf(place, session, scriptOf(plan));
      return execution;
    },
    print: (piece) => (text = (text + piece).slice(-1000)),
    describe: messageOf,
  });
  const outcome = await run.start();
  if (outcome.kind !== "finished" || outcome.exitCode !== 0 || !text.includes("1999 안녕")) {
    throw new Error(`A run by ${carrier} ended as ${JSON.stringify(outcome)}: ${text}`);
  }
  if (execution?.jobId !== undefined) {
    await new SessionJobs(place.tunnels.ssh(client, session.id)).remove(execution.jobId);
  }
}

function jobOf({ client, tunnels, turns }: SoakPlace, session: SoakSession, script: string): JobExecution {
  return new JobExecution({
    jobs: new SessionJobs(tunnels.ssh(client, session.id)),
    id: `soak-${randomBytes(6).toString("hex")}`,
    logger: silentLogger,
    expectSession: async (signal) => expectRunning(client, session, signal),
    start: {
      ...{ script, kind: "terminal", size: { rows: 24, cols: 80 }, note: "{}" },
      ...{ queue: turns, sessionId: session.id },
    },
  });
}

/** A file is written, looked at, listed and read, by SFTP or by the server's calls. */
export async function filesAreUsed(
  { client, files, filesByCalls }: SoakPlace,
  session: SoakSession,
  way: "sftp" | "api",
): Promise<void> {
  const { signal } = new AbortController();
  const access = await (way === "sftp" ? files : filesByCalls).accessOf(client, session.id);
  const path = `/home/work/soak-${way}.bin`;
  const bytes = randomBytes(fileBytes);
  const content: FileContent = {
    size: bytes.length,
    *open(start) {
      yield bytes.subarray(start);
    },
  };
  await access.write(path, content, { signal });
  const names = (await access.list("/home/work", { signal })).map(({ name }) => name);
  const { size } = await access.stat(path, { signal });
  const pieces: Uint8Array[] = [];
  for await (const piece of access.read(path, { signal })) {
    pieces.push(piece);
  }
  if (!names.includes(`soak-${way}.bin`) || size !== fileBytes || !Buffer.concat(pieces).equals(bytes)) {
    throw new Error(`A file by ${way} is not what was written: ${size} bytes of ${names.join(", ")}.`);
  }
}

let asked = 0;

/** A question of which no earlier answer is kept. */
export async function codeIsCompleted({ client, sources }: SoakPlace, session: SoakSession): Promise<void> {
  asked += 1;
  const line = `x${String(asked)} = pri`;
  const point = { languageId: "python", code: line, row: 0, col: line.length };
  await sources.of({ client, session }).complete(point, new AbortController().signal);
}
