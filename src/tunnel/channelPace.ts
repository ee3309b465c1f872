import type { ClientChannel } from "ssh2";

/** What ssh2 keeps of the window that it grants to a channel's sender; not in its types. */
interface Incoming {
  window: number;
}

/** What carries the channels. */
interface Carrier {
  pause(): unknown;
  resume(): unknown;
}

/**
 * Keeps channels whole whose sender ignores the window it was granted, as the sshd of real containers does: ssh2 would drop
 * what comes when the window is used up, without a word. Here it is taken, and the whole connection is made to wait until the
 * slow reader has caught up: all that holds such a sender back is its socket.
 */
export class ChannelPace {
  readonly #carrier: Carrier;
  readonly #behind = new Set<ClientChannel>();
  readonly #closing = new WeakSet<ClientChannel>();

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** Watches a channel from its first byte to its end. */
  add(channel: ClientChannel): void {
    const incoming = incomingOf(channel);
    if (incoming === undefined) {
      return;
    }
    let window = incoming.window;
    Object.defineProperty(incoming, "window", {
      // ssh2 drops at exactly 0; one byte more or less in the next grant does no harm
      get: () => (window === 0 ? -1 : window),
      set: (value: number) => {
        window = value;
        this.#follow(channel, value < 0); // senders that mind it never get there
      },
    });
    channel.once("close", () => this.#follow(channel, false));
    this.#letGoOnClose(channel);
  }

  /**
   * Who closes a channel reads it no more, and its end comes behind what nobody reads. ssh2 closes it, too, when the other end has:
   * its output is still to be read then.
   */
  #letGoOnClose(channel: ClientChannel): void {
    const close = channel.close.bind(channel);
    channel.close = (): void => {
      if (!isAnsweredClose(channel)) {
        this.#letGo(channel);
      }
      close();
    };
  }

  #letGo(channel: ClientChannel): void {
    this.#closing.add(channel);
    this.#follow(channel, false);
    for (const stream of [channel, channel.stderr]) {
      if (stream.listenerCount("readable") > 0) {
        stream.removeAllListeners("readable"); // those of an iterator that is asked no more: nothing would flow
      }
      stream.resume();
    }
  }

  #follow(channel: ClientChannel, isBehind: boolean): void {
    const wasWaiting = this.#behind.size > 0;
    if (isBehind && !this.#closing.has(channel)) {
      this.#behind.add(channel);
    } else {
      this.#behind.delete(channel);
    }
    const waits = this.#behind.size > 0;
    if (waits !== wasWaiting) {
      if (waits) {
        this.#carrier.pause();
      } else {
        this.#carrier.resume();
      }
    }
  }
}

/** Whether ssh2 is about to answer the other end's close. */
function isAnsweredClose(channel: ClientChannel): boolean {
  const [incoming, outgoing] = ["incoming", "outgoing"].map((way): unknown => {
    const end: unknown = Reflect.get(channel, way);
    return typeof end === "object" && end !== null ? Reflect.get(end, "state") : undefined;
  });
  return incoming === "closed" && (outgoing === "open" || outgoing === "eof");
}

function incomingOf(channel: ClientChannel): Incoming | undefined {
  const incoming: unknown = Reflect.get(channel, "incoming");
  return typeof incoming === "object" &&
    incoming !== null &&
    "window" in incoming &&
    typeof incoming.window === "number"
    ? (incoming as Incoming)
    : undefined;
}
