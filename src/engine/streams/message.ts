import type { RawData, WebSocket } from "ws";
import { bytesOf } from "../../base/bytes.js";

/** Bytes on their way to a slow reader above which its source has to wait. */
export const highWaterBytes = 1024 * 1024;

/** A websocket message as text. */
export function textOf(data: RawData): string {
  return bytesOf(data).toString("utf8");
}

/**
 * Sends a message. Resolves at once while the reader keeps up, else when the message has left or the socket has ended. Never
 * rejects: the socket's `close` tells of its end.
 */
export async function sendPaced(
  socket: WebSocket,
  text: string,
  { binary = false }: { binary?: boolean } = {},
): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    socket.send(text, { binary }, () => resolve());
  });
  if (socket.bufferedAmount > highWaterBytes) {
    await gone;
  }
}
