import type { ClientChannel } from "ssh2";

/** How a program that was started over ssh ended. */
export interface ProgramEnd {
  /** `undefined` when a signal ended it, or when the connection was lost. */
  readonly exitCode: number | undefined;
  /** The name of a signal, without `SIG`. */
  readonly signal?: string | undefined;
}

/** How a program on a channel ends. Resolves also when the connection is lost: then without an exit code. */
export function endOf(channel: ClientChannel): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    let end: ProgramEnd = { exitCode: undefined };
    channel.on("exit", (code: number | null, signal?: string) => {
      end = { exitCode: code ?? undefined, signal: signal?.replace(/^SIG/, "") };
    });
    channel.on("close", () => resolve(end));
  });
}
