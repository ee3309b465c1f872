import type { RawData } from "ws";

/** A websocket message as bytes. */
export function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) {
    return Buffer.concat(data);
  }
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** A websocket message as text. */
export function textOf(data: RawData): string {
  return bytesOf(data).toString("utf8");
}
