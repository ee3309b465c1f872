import type { ServerResponse } from "node:http";
import type { Disposable } from "../../base/lifecycle.js";
import { streamed, type Reply } from "./reply.js";

/** How often a silent stream says that it lives; milliseconds (`protocol.md` §5.3). */
const pingMs = 15_000;
/** A reader that is behind by so many bytes is cut off: events are not kept for it. */
const backlogBytes = 4 * 1024 * 1024;

/** One frame of a server-sent event stream. */
export interface EventFrame {
  readonly event: string;
  readonly data: unknown;
  /** Seconds after which a client should reconnect. */
  readonly retry?: number;
}

/** Writes frames to one reader. */
export interface EventWriter {
  send(frame: EventFrame): void;
  end(): void;
}

/** A stream of server-sent events. `subscribe` gets the writer and gives back what stops it. */
export function eventStream(subscribe: (writer: EventWriter) => Disposable): Reply {
  const headers = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache",
    Connection: "keep-alive",
    "X-Accel-Buffering": "no",
  };
  return streamed(headers, (response) => write(response, subscribe));
}

async function write(
  response: ServerResponse,
  subscribe: (writer: EventWriter) => Disposable,
): Promise<void> {
  await new Promise<void>((resolve) => {
    response.flushHeaders();
    const ping = setInterval(() => put(": ping\r\n\r\n"), pingMs);
    const put = (text: string): void => {
      if (response.writableLength > backlogBytes) {
        response.destroy();
      } else {
        response.write(text);
      }
    };
    const subscription = subscribe({
      send: ({ event, data, retry }) => {
        const pause = retry === undefined ? "" : `retry: ${String(retry)}\r\n`;
        put(`event: ${event}\r\ndata: ${JSON.stringify(data)}\r\n${pause}\r\n`);
      },
      end: () => finish(),
    });
    const finish = (): void => {
      clearInterval(ping);
      subscription.dispose();
      resolve();
    };
    response.once("close", finish);
  });
}
