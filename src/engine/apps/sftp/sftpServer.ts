import type { Duplex } from "node:stream";
import type { ServerChannel } from "ssh2";
import type { Disposable } from "../../../base/lifecycle.js";
import type { Session } from "../../sessions/session.js";
import { ChannelOutput } from "../ssh/channelOutput.js";
import * as file from "./fileRequests.js";
import { OpenHandles } from "./openHandles.js";
import { packet, PacketReader, replyType, requestType, string, uint32 } from "./packets.js";
import { PacketStream } from "./packetStream.js";
import * as path from "./pathRequests.js";
import { SessionPaths } from "./sessionPaths.js";
import { SftpRefusal, statusCode, statusOf } from "./sftpStatus.js";

const version = 3;
/** Requests under way; while there are so many, or while their answers are not read, no more are taken. */
const requestsLimit = 64;

type Answer = (id: number, request: PacketReader, files: file.SftpFiles) => Promise<Buffer>;

const answers: Readonly<Record<number, Answer>> = {
  [requestType.open]: file.openFile,
  [requestType.close]: async (id, request, { handles }) => {
    await handles.close(request.bytes());
    return statusOf(id, new SftpRefusal(statusCode.ok, "Success"));
  },
  [requestType.read]: file.readFile,
  [requestType.write]: file.writeFile,
  [requestType.lstat]: path.statEntry,
  [requestType.fstat]: file.statHandle,
  [requestType.setstat]: file.changeFile,
  [requestType.fsetstat]: file.changeHandle,
  [requestType.opendir]: file.openDirectory,
  [requestType.readdir]: file.readDirectory,
  [requestType.remove]: path.removeFile,
  [requestType.mkdir]: path.makeDirectory,
  [requestType.rmdir]: path.removeDirectory,
  [requestType.realpath]: path.writePath,
  [requestType.stat]: path.statFile,
  [requestType.rename]: path.moveEntry,
  [requestType.readlink]: path.readLink,
  [requestType.symlink]: path.makeLink,
  [requestType.extended]: path.answerExtension,
};

/**
 * SFTP version 3 over a channel, confined to the files of a session. Requests are worked on side by side and
 * answered in their order, as by OpenSSH's server: the protocol asks for none, but some releases of scp cut a file short, and
 * call that success, when its parts come in another. ssh2 has a server of its own, but it takes requests faster than they
 * can be answered, and can offer no extensions.
 */
export class SftpServer implements Disposable {
  readonly #channel: ServerChannel;
  readonly #output: ChannelOutput;
  readonly #stream = new PacketStream(path.packetLimitBytes);
  readonly #files: file.SftpFiles;
  #waiting: Buffer[] = [];
  #underWay = 0;
  /** Resolves when all requests taken so far are answered. Never rejects. */
  #answered: Promise<void> = Promise.resolve();
  #isEnding = false;

  constructor(channel: ServerChannel, { session, connection }: { session: Session; connection: Duplex }) {
    this.#channel = channel;
    this.#output = new ChannelOutput(channel, connection);
    this.#files = { paths: new SessionPaths(session), handles: new OpenHandles() };
    this.#output.flow.add({ pause: () => undefined, resume: () => this.#goOn() });
    channel.on("data", (bytes: Buffer) => this.#receive(bytes));
    channel.on("end", () => {
      this.#isEnding = true;
      void this.#endWhenDone();
    });
  }

  dispose(): void {
    this.#waiting = [];
    this.#output.end();
    void this.#files.handles.closeAll();
  }

  #receive(bytes: Buffer): void {
    const packets = this.#stream.push(bytes);
    if (packets === undefined) {
      this.#channel.end();
      this.dispose();
      return;
    }
    this.#waiting.push(...packets);
    this.#goOn();
    if (this.#waiting.length > 0) {
      this.#channel.pause();
    }
  }

  /** Takes what waits, as long as its answers can be kept. */
  #goOn(): void {
    while (this.#underWay < requestsLimit && !this.#output.flow.isClosed) {
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#channel.resume();
        return;
      }
      this.#take(new PacketReader(next));
    }
  }

  #take(request: PacketReader): void {
    const type = request.byte();
    if (type === requestType.init) {
      const offered = path.extensions.flatMap((extension) => extension.map(string));
      this.#output.write("stdout", packet(replyType.version, uint32(version), ...offered));
      return;
    }
    this.#underWay += 1;
    this.#answered = this.#answer(this.#reply(type, request), this.#answered);
  }

  /** Answers after everything `before`. */
  async #answer(reply: Promise<Buffer>, before: Promise<void>): Promise<void> {
    await before;
    this.#output.write("stdout", await reply);
    this.#underWay -= 1;
    this.#goOn();
    if (this.#isEnding) {
      void this.#endWhenDone();
    }
  }

  /** Never rejects. */
  async #reply(type: number, request: PacketReader): Promise<Buffer> {
    let id = 0;
    try {
      id = request.uint32();
      const answer = answers[type];
      if (answer === undefined) {
        throw new SftpRefusal(statusCode.unsupported, "Operation unsupported");
      }
      return await answer(id, request, this.#files);
    } catch (error) {
      return statusOf(id, error);
    }
  }

  /** The client has said its last word; it still wants the answers. */
  async #endWhenDone(): Promise<void> {
    if (this.#underWay === 0 && this.#waiting.length === 0) {
      await this.#output.drained();
      this.#channel.exit(0);
      this.#channel.end();
    }
  }
}
