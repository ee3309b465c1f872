import { type FileHandle, open } from "node:fs/promises";

/** Bytes of one run's output that are kept. */
const limitBytes = 1024 * 1024 * 1024;

/** The output of a run on disk, as the program wrote it. Writes follow one another; who opens it closes it. */
export class OutputLog {
  readonly #file: FileHandle;
  readonly #limit: number;
  #size = 0;
  #isWhole = true;

  private constructor(file: FileHandle, limit: number) {
    this.#file = file;
    this.#limit = limit;
  }

  /** Begins a new file. */
  static async create(path: string, limit = limitBytes): Promise<OutputLog> {
    return new OutputLog(await open(path, "w", 0o600), limit);
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Whether nothing was left out at the bound. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Adds output; what exceeds the bound is left out. */
  async write(bytes: Uint8Array): Promise<void> {
    const room = this.#limit - this.#size;
    const kept = bytes.subarray(0, room);
    this.#isWhole &&= kept.length === bytes.length;
    this.#size += kept.length;
    if (kept.length > 0) {
      await this.#file.appendFile(kept);
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
