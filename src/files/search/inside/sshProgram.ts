import * as l10n from "@vscode/l10n";
import type { ClientChannel } from "ssh2";
import { delay } from "../../../base/abort.js";
import { NetworkError } from "../../../base/errors.js";
import { shellCommand } from "../../../base/text.js";
import { endOf } from "../../../tunnel/programEnd.js";
import type { SessionSsh } from "../../../tunnel/sessionSsh.js";
import type { ProgramResult, SearchProgram, StartProgram } from "./searchProgram.js";

/** Error output that is kept, in bytes. */
const errorLimitBytes = 64 * 1024;

/** How long a program has to end by itself when it is told to, in milliseconds. */
const patienceMs = 2000;

/**
 * Starts programs by ssh. The script goes in by the program's input, as servers take short commands only; the input then stays open
 * as a line of life: the script ends all that it has started when it closes.
 */
export function sshPrograms(ssh: SessionSsh): StartProgram {
  return async ({ script }, signal) => {
    const lease = await ssh.acquire(signal);
    try {
      const bytes = Buffer.from(script, "utf8");
      const command = shellCommand(`exec 3<&0; eval "$(head -c ${bytes.length})"`);
      const channel = await lease.connection.exec(command, signal);
      channel.write(bytes);
      return new SshProgram(channel, () => lease.dispose());
    } catch (error) {
      lease.dispose();
      throw error;
    }
  };
}

class SshProgram implements SearchProgram {
  readonly output: AsyncIterable<Uint8Array>;
  readonly #channel: ClientChannel;
  readonly #end: Promise<ProgramResult>;
  #isStopped = false;

  constructor(channel: ClientChannel, release: () => void) {
    this.#channel = channel;
    // Left early, it is not destroyed: the program is to end first, and its end to be seen.
    this.output = channel.iterator({ destroyOnReturn: false });
    const errors: Buffer[] = [];
    let size = 0;
    channel.stderr.on("data", (piece: Buffer) => {
      if (size < errorLimitBytes) {
        errors.push(piece);
        size += piece.length;
      }
    });
    channel.on("error", () => undefined); // its end tells
    this.#end = endOf(channel).then(({ exitCode, signal }) => {
      release();
      if (exitCode === undefined && signal === undefined && !this.#isStopped) {
        throw new NetworkError(l10n.t("ssh: the connection was lost."), undefined);
      }
      return { exitCode, errorText: Buffer.concat(errors).toString("utf8") };
    });
    this.#end.catch(() => undefined); // who asks gets it
  }

  result(): Promise<ProgramResult> {
    return this.#end;
  }

  stop(): void {
    if (this.#isStopped) {
      return;
    }
    this.#isStopped = true;
    this.#channel.end();
    this.#channel.resume(); // a program that still prints would not hear
    void Promise.race([this.#end, delay(patienceMs)])
      .catch(() => undefined)
      .finally(() => this.#channel.close());
  }
}
