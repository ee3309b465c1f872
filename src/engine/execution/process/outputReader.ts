import type { Socket } from "node:net";

/** Decodes a stream of UTF-8 bytes: characters split over chunks stay whole, invalid bytes become U+FFFD. */
export class Utf8Stream {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  write(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes, { stream: true });
  }

  /** What is left of a character that never became whole. */
  end(): string {
    return this.#decoder.decode();
  }
}

/** Reads a socket as text until it ends. Errors are its end. */
export function readText(socket: Socket, onText: (text: string) => void): void {
  const decoder = new Utf8Stream();
  socket.on("data", (chunk: Buffer) => onText(decoder.write(chunk)));
  socket.once("end", () => onText(decoder.end()));
  socket.on("error", () => undefined);
}
