import { generateKeyPairSync } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "../../../base/errors.js";
import type { Logger } from "../../../base/logger.js";

/** Where a session's user finds the key to it (`protocol.md` §9.6). */
const keyFile = "id_container";

/** An elliptic private key in the form that OpenSSH and ssh2 both read. */
export function makePrivateKey(): string {
  const { privateKey } = generateKeyPairSync("ec", {
    namedCurve: "prime256v1",
    privateKeyEncoding: { type: "sec1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  return privateKey;
}

/** The key that opens a session's sshd. It lives as long as the session does, restarts included. */
export class SessionKeys {
  /** PEM. Its public half is the authorised one, whatever becomes of the file. */
  readonly privateKey = makePrivateKey();

  private constructor() {}

  /** Makes a key and writes it into the session's home; a file of an earlier session gives way. */
  static async make(workDir: string, logger: Logger): Promise<SessionKeys> {
    const keys = new SessionKeys();
    const file = path.join(workDir, keyFile);
    try {
      await rm(file, { force: true });
      await writeFile(file, keys.privateKey, { mode: 0o600, flag: "wx" });
    } catch (error) {
      // The session can be used without ssh.
      logger.warn(`the key of a session could not be written: ${messageOf(error)}`);
    }
    return keys;
  }
}
