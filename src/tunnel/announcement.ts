import type { ClientChannel } from "ssh2";
import { shorten } from "../base/text.js";

/** What a script says around each word of its own, so that what profiles print is not taken for it. */
export const announcement = { start: "\x1ebackendai ", end: "\x1e" } as const;

/** A shell function by which a script announces itself: `say "ready …"`. */
export const sayFunction = String.raw`say() { printf '\036backendai %s\036' "$1"; }`;

/** Output before the announcement: what profiles of a shell say. */
const preambleLimitBytes = 64 * 1024;

/** What of the error output is kept for the message, in characters. */
const errorLimit = 400;

/**
 * Reads the first word that a script announces; bytes after it (`rest`) belong to the program in its place. The channel is paused then.
 * @param failure Makes the error for a channel that ends first, of what was said there instead; it may be empty.
 */
export function readAnnouncement(
  channel: ClientChannel,
  failure: (said: string) => Error,
): Promise<{ readonly word: string; readonly rest: Buffer }> {
  let errors = "";
  const onError = (bytes: Buffer): void => {
    errors = (errors + bytes.toString()).slice(-errorLimit);
  };
  channel.stderr.on("data", onError);
  channel.on("error", () => undefined); // its end tells
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const onData = (bytes: Buffer): void => {
      seen = Buffer.concat([seen, bytes]);
      const start = seen.indexOf(announcement.start);
      const from = start + announcement.start.length;
      const end = start < 0 ? -1 : seen.indexOf(announcement.end, from);
      if (end >= 0) {
        stop();
        resolve({ word: seen.toString("utf8", from, end), rest: seen.subarray(end + 1) });
      } else if (seen.length > preambleLimitBytes) {
        onClose();
      }
    };
    const onClose = (): void => {
      stop();
      reject(failure(shorten((errors || seen.toString()).trim(), errorLimit)));
    };
    const stop = (): void => {
      channel.pause().off("data", onData).off("close", onClose);
      channel.stderr.off("data", onError).resume();
    };
    channel.on("data", onData).on("close", onClose);
  });
}
