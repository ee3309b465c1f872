import { createParser } from "eventsource-parser";
import { ProtocolError, StreamClosedError } from "../../base/errors.js";
import { shorten } from "../../base/text.js";
import type { RequestSpec } from "./requestSpec.js";
import type { Transport } from "./transport.js";

/** One server-sent event. */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** Longest single event. */
const eventBytes = 1024 * 1024;

/**
 * The events of a signed GET (`protocol.md` §5.3). Returns after the server's `server_close`.
 * @param onOpen Called when the server has taken the request.
 * @throws {StreamClosedError} when the connection ends without that.
 * @throws {TimeoutError} (`idle`) when even the pings stop.
 */
export async function* openEvents(
  transport: Transport,
  spec: RequestSpec,
  onOpen?: () => void,
): AsyncGenerator<ServerEvent, void, undefined> {
  const answer = await transport.send({ ...spec, isLive: true });
  const where = `${spec.method} ${spec.route}`;
  if (!(answer.header("content-type") ?? "").includes("text/event-stream")) {
    throw new ProtocolError(where, shorten(await answer.text(), 200), "the answer is no event stream");
  }
  onOpen?.();
  const reader = new EventReader(where);
  for await (const piece of answer) {
    for (const event of reader.read(piece)) {
      if (event.name === "server_close") {
        return;
      }
      yield event;
    }
  }
  throw new StreamClosedError(undefined, `${where}: the server ended the event stream`);
}

/** Splits bytes into events, wherever the pieces are cut. */
export class EventReader {
  readonly #decoder = new TextDecoder();
  readonly #events: ServerEvent[] = [];
  readonly #parser;
  #endsInReturn = false;

  constructor(where: string) {
    this.#parser = createParser({
      maxBufferSize: eventBytes,
      onEvent: ({ event = "message", data }) => this.#events.push({ name: event, data }),
      onError: (error) => {
        if (error.type === "max-buffer-size-exceeded") {
          throw new ProtocolError(where, "", `an event is longer than ${eventBytes} bytes`);
        }
      },
    });
  }

  /** The events that `piece` completes. */
  read(piece: Uint8Array): ServerEvent[] {
    this.#parser.feed(this.#lines(this.#decoder.decode(piece, { stream: true })));
    return this.#events.splice(0);
  }

  /** All ends of lines as line feeds: the parser takes carriage returns for something else where pieces end in them. */
  #lines(text: string): string {
    if (text === "") {
      return text;
    }
    const rest = this.#endsInReturn && text.startsWith("\n") ? text.slice(1) : text;
    this.#endsInReturn = text.endsWith("\r");
    return rest.replace(/\r\n?/g, "\n");
  }
}
