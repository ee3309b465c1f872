import type { Problem } from "../../problem.js";
import type { Format, FormatContext } from "../format.js";

const headLine = /^(?:vet: )?([^\s:][^:]*\.go):(\d+):(\d+): (?!(?:error|warning|note): )(.+)$/;
const panicLine = /^(panic|fatal error): (.+)$/;
const frameLine = /^\t([^\s:][^:]*\.go):(\d+)(?: \+0x[0-9a-f]+)?$/;

/** Lines below a message that belong to it: `have (int)`, `want (int, string)`. */
const details = 4;

/** What go build and go vet say, and panics of Go programs: at the first frame in a file of the person's own. */
export class GoFormat implements Format {
  readonly #context: FormatContext;
  #held: Problem | undefined;
  #details = 0;
  #panic: string | undefined;

  constructor(context: FormatContext) {
    this.#context = context;
  }

  take(line: string): void {
    const head = headLine.exec(line);
    const panic = head === null ? panicLine.exec(line) : null;
    if (head !== null) {
      const [, remoteFile = "", at, column, message = ""] = head;
      this.end();
      this.#details = 0;
      const place = { remoteFile, line: Number(at), column: Number(column), unit: "byte" } as const;
      this.#held = { ...place, severity: "error", message, source: "go" };
    } else if (panic !== null) {
      this.end();
      this.#panic = panic[1] === "panic" ? `panic: ${panic[2] ?? ""}` : panic[2];
    } else if (this.#panic !== undefined) {
      this.#takeFrame(this.#panic, line);
    } else if (this.#held !== undefined) {
      this.#takeDetail(this.#held, line);
    }
  }

  settle(): void {
    if (this.#held !== undefined) {
      this.end();
    }
  }

  end(): void {
    if (this.#held !== undefined) {
      this.#context.report(this.#held);
    }
    this.#held = undefined;
    this.#panic = undefined;
  }

  #takeFrame(message: string, line: string): void {
    const [, remoteFile, at] = frameLine.exec(line) ?? [];
    if (remoteFile !== undefined && this.#context.isOurs(remoteFile)) {
      this.#panic = undefined;
      this.#context.report({ remoteFile, line: Number(at), severity: "error", message, source: "go" });
    }
  }

  #takeDetail(held: Problem, line: string): void {
    if (line.startsWith("\t") && this.#details < details) {
      this.#details += 1;
      this.#held = { ...held, message: `${held.message}\n${line.trim()}` };
    } else {
      this.end();
    }
  }
}
