import { type Context, sessionRequest } from "../context.js";
import type { SessionCallOptions } from "../options.js";

/** `POST {prefix}/{id}/interrupt` (`protocol.md` §4.6): Ctrl-C for whatever runs in the session, as it names no run. */
export async function interruptSession(
  context: Context,
  id: string,
  call: SessionCallOptions,
): Promise<void> {
  await context.transport.run(sessionRequest(context, { ...call, method: "POST", id, tail: "/interrupt" }));
}
