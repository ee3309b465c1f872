import type { ClientChannel } from "ssh2";

/** How a program that was started over ssh ended. */
export interface ProgramEnd {
  /** `undefined` when a signal ended it, or when the connection was lost. */
  readonly exitCode: number | undefined;
  /** The name of a signal, without `SIG`. */
  readonly signal?: string | undefined;
}

/**
 * How a program on a channel ends. Resolves also when the connection is lost: then without an exit code. A program that ends at once
 * may have done so before anybody can listen for its exit, which ssh2 tells again with the close; that comes behind the output, so
 * never before somebody reads.
 */
export function endOf(channel: ClientChannel): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    channel.on("close", (code?: number | null, signal?: string) => {
      resolve({ exitCode: code ?? undefined, signal: signal?.replace(/^SIG/, "") });
    });
  });
}
