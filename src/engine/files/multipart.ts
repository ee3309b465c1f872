import { Dicer } from "@fastify/busboy";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { AsyncQueue } from "../../base/asyncQueue.js";
import { limits } from "../../wire/limits.js";
import { type PartName, partName } from "./disposition.js";

/** One file of an upload. */
export interface UploadPart {
  readonly name: PartName | undefined;
  /** The content, or `undefined` when it is longer than a server takes. */
  readonly content: Buffer | undefined;
}

/** The boundary of a `multipart/form-data` request, or `undefined` when it is none. */
export function boundaryOf(request: IncomingMessage): string | undefined {
  const type = request.headers["content-type"] ?? "";
  const match = /^multipart\/form-data\b.*;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
  return match?.[1] ?? match?.[2];
}

/** Parts that may wait for the reader before the client is made to wait. */
const waitingParts = 4;

/**
 * Reads the files of an upload one after the other, each into memory up to the limit for one file. A reader that leaves
 * before the end lets the rest of the request pass unread.
 */
export async function* readParts(request: Readable, boundary: string): AsyncGenerator<UploadPart> {
  const dicer = new Dicer({ boundary });
  const parts = new AsyncQueue<Promise<UploadPart>>(waitingParts, () => request.pipe(dicer));
  dicer.on("part", (stream) => {
    const part = readPart(stream);
    part.catch(() => undefined); // a reader that has left asks for no more parts
    if (!parts.push(part)) {
      request.unpipe(dicer);
    }
  });
  // Not stream.pipeline: this parser announces its end in a way of its own.
  dicer.on("finish", () => parts.end());
  dicer.on("error", (error: Error) => parts.end(error));
  request.on("error", (error) => {
    parts.end(error);
    dicer.end(); // ends the part that is being read
  });
  request.pipe(dicer);
  try {
    for await (const part of parts) {
      yield await part;
    }
  } finally {
    request.unpipe(dicer);
    request.resume();
  }
}

async function readPart(part: Readable): Promise<UploadPart> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let name: PartName | undefined;
    part.on("header", (header: unknown) => {
      name = partName(dispositionOf(header));
    });
    part.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size < limits.uploadFileBytes) {
        chunks.push(chunk);
      }
    });
    part.on("error", reject);
    part.on("end", () => {
      resolve({ name, content: size < limits.uploadFileBytes ? Buffer.concat(chunks) : undefined });
    });
  });
}

/** The `Content-Disposition` among the headers of a part; "" when it has none. */
export function dispositionOf(header: unknown): string {
  if (typeof header === "object" && header !== null && "content-disposition" in header) {
    const values: unknown = header["content-disposition"];
    // The parser reads headers as Latin-1; clients write names in UTF-8, as they are.
    return Array.isArray(values) ? Buffer.from(String(values[0]), "latin1").toString("utf8") : "";
  }
  return "";
}
