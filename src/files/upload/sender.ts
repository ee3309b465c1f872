import type { BackendAIClient } from "../../api/index.js";
import { messageOf } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import type { SessionTunnels } from "../../tunnel/sessionTunnels.js";
import { limits } from "../../wire/limits.js";
import type { OutgoingFile, SendFiles, SendOptions } from "./outgoingFile.js";
import { sendByApi } from "./sendByApi.js";
import { type SessionPlace, SessionSftp } from "../sftp/sessionSftp.js";

/** What the sender works with. */
export interface SenderParts {
  readonly tunnels: SessionTunnels;
  readonly logger: Logger;
  /** Where somebody else uses SFTP as well; else one of its own. */
  readonly sftp?: SessionSftp;
}

/**
 * The way of files into sessions: by SFTP, which leaves them to the session's user, knows no largest size and shows programs no
 * half files; where ssh does not work, by the server's own upload. Where that is known to be as good, small files take it at
 * once: on this computer 200 of them need 0.8 s by upload and 1.7 s by SFTP, but 8 s and 2 s on a real server.
 */
export function createSender({
  tunnels,
  logger,
  sftp = new SessionSftp(tunnels, logger),
}: SenderParts): SendFiles {
  return async (client, sessionId, files, options) => {
    const place = { client, sessionId };
    if (files.length === 0) {
      return;
    }
    if (isUploadSound(client) && files.every(({ size }) => size < limits.uploadFileBytes)) {
      await sendByApi(place, files, options);
      return;
    }
    const { sendBySftp } = await import("./sendBySftp.js");
    const sent = await sftp.use(place, options.signal, (requests) => sendBySftp(requests, files, options));
    if (sent === undefined) {
      await sendByApi(place, files, options);
      return;
    }
    await sendDenied(place, sent.result.denied, { ...options, logger });
  };
}

/** Whether a server is known to leave uploads to the session's user. That it is not expected to fail is not enough. */
export function isUploadSound({ findings }: BackendAIClient): boolean {
  return findings.of("uploadsForeign") === "absent";
}

/** What earlier uploads wrote may be root's, as the next upload is. */
async function sendDenied(
  place: SessionPlace,
  denied: ReadonlyMap<OutgoingFile, Error>,
  { signal, logger }: SendOptions & { readonly logger: Logger },
): Promise<void> {
  const [first] = denied.values();
  if (first === undefined) {
    return;
  }
  try {
    await sendByApi(place, [...denied.keys()], { signal });
  } catch (error) {
    signal.throwIfAborted();
    logger.debug(`uploads do not help either: ${messageOf(error)}`);
    throw first;
  }
}
