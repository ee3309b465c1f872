import assert from "node:assert/strict";
import type { BackendAIClient, TunnelSocket } from "../../../src/api/index.js";
import type { TrialContext } from "../support/trialContext.js";

/** Opens a tunnel to the session's ssh server, reads the line with which it shows itself, and closes. */
export async function readBanner(client: BackendAIClient, id: string): Promise<void> {
  const tunnel = await client.apps.openTunnel(id, "sshd");
  try {
    await expectBanner(tunnel[Symbol.asyncIterator]());
  } finally {
    await tunnel.close();
  }
}

/** A tunnel that stays open. */
export interface OpenTunnel {
  readonly tunnel: TunnelSocket;
  /** How it ends by itself; rejects with the error. */
  readonly end: Promise<void>;
}

/** Opens a tunnel to the session's ssh server that stays open, and reads whatever comes. */
export async function holdTunnel(context: TrialContext, id: string): Promise<OpenTunnel> {
  const tunnel = await context.client.apps.openTunnel(id, "sshd");
  context.onEnd(async () => tunnel.close());
  const bytes = tunnel[Symbol.asyncIterator]();
  await expectBanner(bytes);
  const end = drain(bytes);
  end.catch(() => undefined); // asked for later
  return { tunnel, end };
}

/** Whether a tunnel has outlived something: it takes bytes still. Rejects with how it ended. */
export async function stillOpen({ tunnel, end }: OpenTunnel): Promise<string> {
  if (!tunnel.isOpen) {
    await end;
    return "ended";
  }
  await tunnel.write(Buffer.from("SSH-2.0-trial\r\n"));
  return "stays open";
}

async function expectBanner(bytes: AsyncIterator<Uint8Array>): Promise<void> {
  let text = "";
  while (!text.includes("\n")) {
    const next = await bytes.next();
    assert.ok(next.done !== true, "the tunnel ended before the banner");
    text += Buffer.from(next.value).toString("latin1");
  }
  assert.match(text, /^SSH-2\.0-/);
}

async function drain(bytes: AsyncIterator<Uint8Array>): Promise<void> {
  while ((await bytes.next()).done !== true);
}
