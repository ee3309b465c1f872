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

/** Reads the files of an upload one after the other, each into memory up to the limit for one file. */
export async function* readParts(request: IncomingMessage, boundary: string): AsyncGenerator<UploadPart> {
  const parts = new AsyncQueue<Promise<UploadPart>>(Number.POSITIVE_INFINITY);
  const dicer = new Dicer({ boundary });
  dicer.on("part", (part) => parts.push(readPart(part)));
  // Not stream.pipeline: this parser announces its end in a way of its own.
  dicer.on("finish", () => parts.end());
  dicer.on("error", (error: Error) => parts.end(error));
  request.on("error", (error) => parts.end(error));
  request.pipe(dicer);
  for await (const part of parts) {
    yield await part;
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

function dispositionOf(header: unknown): string {
  if (typeof header === "object" && header !== null && "content-disposition" in header) {
    const values: unknown = header["content-disposition"];
    // The parser reads headers as Latin-1; clients write names in UTF-8, as they are.
    return Array.isArray(values) ? Buffer.from(String(values[0]), "latin1").toString("utf8") : "";
  }
  return "";
}
