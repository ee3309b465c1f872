import type { Rung } from "../../../src/terminal/links/terminalLink.js";

/** A way into a session's terminal that is measured: a rung, or ssh to a plain shell. */
export type Way = Rung | "ssh, plain";

export const ways: readonly Way[] = ["pty", "ssh, plain", "ssh", "ttyd"];

/** A terminal at its client's end: the extension's, or a bare one. Who opens it closes it. */
export interface TerminalEnd {
  type(text: string): void;
  /** Told of all output. */
  onOutput: (output: string | Buffer) => void;
  close(): Promise<void>;
}

/** Longest wait for anything that should come at once, in milliseconds. */
const patienceMs = 60_000;

/** What a shell at its prompt is asked, and what it answers. */
export const prompt = ["printf 'at %s\\n' prompt\r", "at prompt"] as const;

/** Types, and resolves with the milliseconds until the output has `words`, also where pieces of it split them. */
export async function typeUntil(end: TerminalEnd, text: string, words: string): Promise<number> {
  let tail = "";
  let limit: NodeJS.Timeout | undefined;
  const startedAt = performance.now();
  try {
    return await new Promise<number>((resolve, reject) => {
      limit = setTimeout(() => reject(new Error(`“${words}” did not come; last: ${tail}`)), patienceMs);
      end.onOutput = (output) => {
        if (output.includes(words) || (tail + output.slice(0, words.length).toString()).includes(words)) {
          resolve(performance.now() - startedAt);
        }
        tail = output.slice(-words.length).toString();
      };
      end.type(text);
    });
  } finally {
    clearTimeout(limit);
    end.onOutput = () => undefined;
  }
}
