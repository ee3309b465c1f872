import type { Duplex } from "node:stream";
import { silentLogger } from "../../../../../src/base/logger.js";
import { HostKeys } from "../../../../../src/tunnel/hostKeys.js";
import { type SshIdentity, SessionSsh } from "../../../../../src/tunnel/sessionSsh.js";
import { TunnelDuplex } from "../../../../../src/tunnel/tunnelDuplex.js";
import { type OpenTarget, targets } from "../../../../conformance/targets.js";

/** A running session, and the way to its sshd. */
export interface SessionTarget {
  readonly target: OpenTarget;
  readonly id: string;
  readonly identity: SshIdentity;
  open(signal?: AbortSignal): Promise<Duplex>;
}

const startMs = 90_000;

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
    await at.current?.target.close();
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
  const isReal = process.env["TUNNEL_TARGET"] === "environment";
  const wanted = isReal ? { CONFORMANCE_TARGET: "environment" } : { CONFORMANCE_TARGET: undefined };
  const spec = targets({ ...process.env, ...wanted }).at(-1);
  if (spec === undefined) {
    throw new Error("There is no server to try on.");
  }
  const target = await spec.open();
  const { client } = target;
  const id = await target.sharedPython();
  const hostKeys = new HostKeys(
    { get: () => undefined, update: async () => Promise.resolve() },
    silentLogger,
  );
  const ssh = new SessionSsh({ client, sessionId: id, hostKeys, logger: silentLogger });
  const identity = await ssh.identity();
  ssh.dispose();
  const open = async (signal?: AbortSignal): Promise<Duplex> =>
    new TunnelDuplex(await client.apps.openTunnel(id, "sshd", { signal }));
  return { target, id, identity, open };
}
