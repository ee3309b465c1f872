import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import type { SshIdentity } from "../../../../../src/tunnel/sessionSsh.js";
import { TunnelDuplex } from "../../../../../src/tunnel/tunnelDuplex.js";
import { freshSsh } from "../../support/freshSsh.js";
import { type OpenTarget, targets } from "../../../../conformance/targets.js";

/** Whether a server of the world is tried, not the engine. */
export const isReal = process.env["TUNNEL_TARGET"] === "environment";

/** A running session, and the way to its sshd. */
export interface SessionTarget {
  readonly target: OpenTarget;
  readonly id: string;
  readonly identity: SshIdentity;
  readonly open: (signal?: AbortSignal) => Promise<Duplex>;
}

const startMs = 90_000;
const sessionMs = 60_000;

/** Real servers cancel a new session now and then. */
const createTries = 3;

/**
 * Inside a `describe`: a session of the local engine, or with `TUNNEL_TARGET=environment` of the server that `BACKEND_*` and
 * `CONFORMANCE_PYTHON_IMAGE` name.
 */
export function withSession(): SessionTarget {
  const at: { current?: SessionTarget } = {};
  const current = (): SessionTarget => {
    if (at.current === undefined) {
      throw new Error("There is no session before the tests begin.");
    }
    return at.current;
  };
  before(async function () {
    this.timeout(startMs);
    at.current = await openSession();
  });
  after(async function () {
    this.timeout(startMs);
    if (at.current !== undefined) {
      await end(at.current.target, at.current.id);
    }
  });
  return {
    get target() {
      return current().target;
    },
    get id() {
      return current().id;
    },
    get identity() {
      return current().identity;
    },
    open: async (signal) => current().open(signal),
  };
}

async function openSession(): Promise<SessionTarget> {
  const wanted = isReal ? { CONFORMANCE_TARGET: "environment" } : { CONFORMANCE_TARGET: undefined };
  const spec = targets({ ...process.env, ...wanted }).at(-1);
  if (spec === undefined) {
    throw new Error("There is no server to try on.");
  }
  const target = await spec.open();
  let id: string | undefined;
  try {
    id = await runningSession(target);
    return await reach(target, id);
  } catch (error) {
    await end(target, id);
    throw error;
  }
}

async function runningSession(target: OpenTarget): Promise<string> {
  const image = await target.pythonImage();
  const statuses: string[] = [];
  while (statuses.length < createTries) {
    const name = `ossh-${randomBytes(5).toString("hex")}`;
    const { id, status } = await target.client.sessions.create({ image, name, timeoutMs: sessionMs });
    if (status === "RUNNING") {
      return id;
    }
    statuses.push(status);
    await target.destroy(id);
  }
  throw new Error(`New sessions are ${statuses.join(", ")} instead of RUNNING.`);
}

async function reach(target: OpenTarget, id: string): Promise<SessionTarget> {
  const { client } = target;
  const ssh = freshSsh(client, id);
  const identity = await ssh.identity().finally(() => ssh.dispose());
  const open = async (signal?: AbortSignal): Promise<Duplex> =>
    new TunnelDuplex(await client.apps.openTunnel(id, "sshd", { signal }));
  return { target, id, identity, open };
}

async function end(target: OpenTarget, id: string | undefined): Promise<void> {
  try {
    if (id !== undefined) {
      await target.destroy(id);
    }
  } finally {
    await target.close();
  }
}
