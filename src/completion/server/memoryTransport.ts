import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from "vscode-languageserver-protocol";

/** One end of a connection: what is read there was written at the other. */
export interface Transport {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
}

/**
 * Both ends of a connection inside one process. Messages are handed over as they are, without being written as text: between an
 * editor and a language server that share a process, that would be the slowest part of an answer.
 */
export function memoryTransports(): readonly [Transport, Transport] {
  const toServer = new MessageQueue();
  const toClient = new MessageQueue();
  return [
    { reader: new QueueReader(toClient), writer: new QueueWriter(toServer) },
    { reader: new QueueReader(toServer), writer: new QueueWriter(toClient) },
  ];
}

/** Messages on their way. They arrive in a turn of their own, as those of another process would. */
class MessageQueue {
  readonly #early: Message[] = [];
  #read: DataCallback | undefined;
  #isEnded = false;

  write(message: Message): void {
    if (this.#isEnded) {
      return;
    }
    if (this.#read === undefined) {
      this.#early.push(message); // the other end begins to listen within the same start
    } else {
      this.#deliver(message);
    }
  }

  listen(read: DataCallback): void {
    this.#read = read;
    for (const message of this.#early.splice(0)) {
      this.#deliver(message);
    }
  }

  end(): void {
    this.#isEnded = true;
    this.#read = undefined;
    this.#early.length = 0;
  }

  #deliver(message: Message): void {
    setImmediate(() => this.#read?.(message));
  }
}

class QueueReader extends AbstractMessageReader {
  readonly #queue: MessageQueue;

  constructor(queue: MessageQueue) {
    super();
    this.#queue = queue;
  }

  listen(callback: DataCallback): Disposable {
    this.#queue.listen(callback);
    return { dispose: () => this.#queue.end() };
  }
}

class QueueWriter extends AbstractMessageWriter {
  readonly #queue: MessageQueue;

  constructor(queue: MessageQueue) {
    super();
    this.#queue = queue;
  }

  async write(message: Message): Promise<void> {
    this.#queue.write(message);
    return Promise.resolve();
  }

  end(): void {
    this.#queue.end();
  }
}
