import { isAbort } from "../../src/base/abort.js";
import { silentLogger } from "../../src/base/logger.js";
import type { ConnectOptions, SessionEvent, SessionEventOptions } from "../../src/api/index.js";
import type { CaseContext } from "./context.js";

/** An event stream that is open, and what came over it so far. */
export interface Watch {
  readonly events: readonly SessionEvent[];
  /** Names of the events of one session, in the order of their first telling: servers repeat some, also belatedly. */
  names(sessionName: string): string[];
  /** Waits for an event of a session. */
  seen(sessionName: string, eventName: string): Promise<SessionEvent>;
}

/** Opens an event stream, and returns when the server has begun to send: what happens from then on is in it. */
export async function watch(
  context: CaseContext,
  options: SessionEventOptions = {},
  connection: Partial<ConnectOptions> = {},
): Promise<Watch> {
  const open = new OpenedStream();
  const client = await context.connect({
    ...connection,
    logger: { ...silentLogger, debug: (line) => open.read(line) },
  });
  const controller = new AbortController();
  const events: SessionEvent[] = [];
  const reading = (async () => {
    for await (const event of client.events.sessions(options, { signal: controller.signal })) {
      events.push(event);
    }
  })();
  context.onEnd(async () => {
    controller.abort();
    await reading.catch((error: unknown) => {
      if (!isAbort(error)) {
        throw error;
      }
    });
  });
  await Promise.race([open.done, reading]);
  return {
    events,
    names: (sessionName) =>
      events
        .filter((event) => event.sessionName === sessionName)
        .map(({ name }) => name)
        .filter((name, index, all) => all.indexOf(name) === index),
    seen: async (sessionName, eventName) =>
      context.until(() =>
        events.find((event) => event.sessionName === sessionName && event.name === eventName),
      ),
  };
}

/** Learns from the client's log that the head of the stream's answer has come. */
class OpenedStream {
  #id: string | undefined;
  #resolve: () => void = () => undefined;
  readonly done = new Promise<void>((resolve) => {
    this.#resolve = resolve;
  });

  read(line: string): void {
    this.#id ??= /^→ (\w+) GET \S*\/events/.exec(line)?.[1];
    if (this.#id !== undefined && line.startsWith(`← ${this.#id} 200`)) {
      this.#resolve();
    }
  }
}
