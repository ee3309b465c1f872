import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { until } from "../../support/until.js";
import type { ClientUser } from "./clientUser.js";
import type { Program } from "./program.js";

/** How often something is made to happen before the watch counts as deaf. */
const attempts = 10;

/** The id of the session that `backend.ai` says it has created. */
export function sessionId(created: string): string {
  const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(created)?.[0];
  assert.ok(id !== undefined, `there is no session id in:\n${created}`);
  return id;
}

/**
 * Starts `backend.ai events` for all sessions. It does not say when it begins to listen, and events that were before
 * are not told again: so sessions are created until it tells of one.
 */
export async function watchAllSessions(user: ClientUser, create: readonly string[]): Promise<SessionWatch> {
  const program = user.startCommand(["events", "*"]);
  try {
    for (let attempt = 1; program.stdout === ""; attempt += 1) {
      assert.ok(attempt <= attempts, `no event came from backend.ai:\n${program.output}`);
      const name = `wake-up-${attempt}`;
      await user.command([...create, "-t", name, "python"]);
      await user.command(["rm", name]);
    }
  } catch (error) {
    await program.end();
    throw error;
  }
  return new SessionWatch(program);
}

/** A `backend.ai events` that listens. Whoever starts it, ends it. */
export class SessionWatch {
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  /** Waits for an event of a session. */
  async until(event: string, name: string): Promise<void> {
    await until(`${event} of ${name}`, () =>
      this.#linesOf(name).some((line) => line.startsWith(`${event} `)),
    );
  }

  /** Under which ids its events told of a session. */
  idsOf(name: string): string[] {
    const ids = this.#linesOf(name).flatMap((line) => /"sessionId": "([^"]+)"/.exec(line)?.[1] ?? []);
    return [...new Set(ids)];
  }

  /** Ends the program. */
  async end(): Promise<void> {
    await this.#program.end();
  }

  /** Old clients colour their words always, and print data as Python would write it. */
  #linesOf(name: string): string[] {
    const text = stripVTControlCharacters(this.#program.stdout).replaceAll("'", '"');
    return text.split(/\r?\n/).filter((line) => line.includes(`"sessionName": "${name}"`));
  }
}
