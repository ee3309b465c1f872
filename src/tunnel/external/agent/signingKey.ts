import * as l10n from "@vscode/l10n";
import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import ssh2 from "ssh2";
import { SshUnavailableError } from "../../sshConnection.js";
import { sshString } from "./sshWire.js";

/** What a caller of an agent asks of an RSA signature (draft-miller-ssh-agent §4.5.1). */
const rsaSha256Flag = 2;
const rsaSha512Flag = 4;

const curveHashes: Readonly<Record<string, string>> = {
  "ecdsa-sha2-nistp256": "sha256",
  "ecdsa-sha2-nistp384": "sha384",
  "ecdsa-sha2-nistp521": "sha512",
};

/** A private key in memory that signs as ssh wants it: RSA, ECDSA or ed25519. */
export class SigningKey {
  /** Its name in ssh, such as `ssh-rsa`. */
  readonly type: string;
  /** The public half in ssh's own form. */
  readonly publicBlob: Buffer;
  readonly #key: KeyObject;

  /**
   * @param text The private key: OpenSSH's own form, or PEM.
   * @throws {SshUnavailableError} when it is neither.
   */
  constructor(text: Buffer) {
    const parsed = ssh2.utils.parseKey(text);
    if (parsed instanceof Error || !parsed.isPrivateKey()) {
      throw new SshUnavailableError(l10n.t("The session's ssh key could not be read."), {
        cause: parsed instanceof Error ? parsed : undefined,
      });
    }
    this.type = parsed.type;
    this.publicBlob = parsed.getPublicSSH();
    this.#key = createPrivateKey(parsed.getPrivatePEM());
  }

  /** The public half as one line of a `.pub` file, without its end. */
  get publicLine(): string {
    return `${this.type} ${this.publicBlob.toString("base64")}`;
  }

  /** A signature in ssh's own form. `flags` are those of an agent's sign request; they matter to RSA alone. */
  sign(data: Buffer, flags: number): Buffer {
    if (this.type === "ssh-rsa") {
      const [name, hash] =
        (flags & rsaSha512Flag) !== 0
          ? ["rsa-sha2-512", "sha512"]
          : (flags & rsaSha256Flag) !== 0
            ? ["rsa-sha2-256", "sha256"]
            : ["ssh-rsa", "sha1"];
      return Buffer.concat([sshString(name), sshString(sign(hash, data, this.#key))]);
    }
    const hash = curveHashes[this.type];
    if (hash === undefined) {
      return Buffer.concat([sshString(this.type), sshString(sign(null, data, this.#key))]);
    }
    const pair = sign(hash, data, { key: this.#key, dsaEncoding: "ieee-p1363" });
    const [r, s] = [pair.subarray(0, pair.length / 2), pair.subarray(pair.length / 2)];
    return Buffer.concat([sshString(this.type), sshString(Buffer.concat([mpint(r), mpint(s)]))]);
  }
}

/** A positive number as ssh writes it: no zeros in front but the one that keeps it positive. */
function mpint(number: Buffer): Buffer {
  const start = number.findIndex((byte) => byte !== 0);
  const digits = number.subarray(start === -1 ? number.length : start);
  return sshString((digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), digits]) : digits);
}
