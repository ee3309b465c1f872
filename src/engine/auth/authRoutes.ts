import { generateKeyPairSync, randomBytes } from "node:crypto";
import * as z from "zod/mini";
import type { Call } from "../http/call.js";
import { Refusal } from "../http/refusal.js";
import { json, type Reply } from "../http/reply.js";
import type { Method, Route } from "../http/routes.js";
import type { EngineParts } from "../routes/engineParts.js";
import { parseInput } from "../routes/input.js";
import { type Account, isSameSecret } from "./account.js";

const LoginInput = z.object({
  type: z.string(),
  domain: z.string(),
  username: z.string(),
  password: z.string(),
});
const KeyInput = z.object({ pubkey: z.string(), privkey: z.string() });

/** `/auth/*` of the manager (`protocol.md` §2.3). */
export function authRoutes(parts: EngineParts): Route[] {
  const { account, era } = parts;
  const test = async (call: Call): Promise<Reply> => {
    // 26 reads the echo from the body alone.
    const given = era.since("26.1") ? await call.json() : await call.parameters();
    const echo = typeof given === "object" && given !== null && "echo" in given ? given.echo : "";
    return json({ authorized: "yes", echo });
  };
  const tests: Route[] = (["GET", "POST"] satisfies Method[]).flatMap((method) =>
    ["/auth", "/auth/test"].map((path) => ({ method, path, handle: test })),
  );
  return [
    ...tests,
    { method: "POST", path: "/auth/authorize", auth: "none", handle: (call) => authorize(call, parts) },
    {
      method: "GET",
      path: "/auth/role",
      handle: () => json({ global_role: "user", domain_role: "user", group_role: null }),
    },
    {
      method: "GET",
      path: "/auth/ssh-keypair",
      handle: () => json({ ssh_public_key: account.sshPublicKey }),
    },
    { method: "PATCH", path: "/auth/ssh-keypair", handle: () => json(regenerateKeys(account)) },
    {
      method: "POST",
      path: "/auth/ssh-keypair",
      handle: async (call) => {
        const { pubkey, privkey } = parseInput(KeyInput, await call.body(), era);
        account.sshPublicKey = pubkey;
        account.sshPrivateKey = privkey;
        return json({ ssh_public_key: pubkey, ssh_private_key: privkey });
      },
    },
  ];
}

/** Whether e-mail and password are the account's. */
export function isLogin(account: Account, username: string, password: string): boolean {
  // Both are compared always, so that the time tells nothing.
  const sameName = isSameSecret(username, account.email);
  return isSameSecret(password, account.password) && sameName;
}

async function authorize(call: Call, { account, loginGuard, era }: EngineParts): Promise<Reply> {
  const input = parseInput(LoginInput, await call.body(), era);
  if (input.type !== "keypair") {
    throw new Refusal("invalid-params", { msg: "Unsupported authorization type" });
  }
  if (loginGuard.isBlocked) {
    throw new Refusal("rate-limited", { msg: "Too many failed login attempts" });
  }
  if (!isLogin(account, input.username, input.password)) {
    loginGuard.failed();
    throw new Refusal("unauthorized", { msg: "User credential mismatch." });
  }
  loginGuard.succeeded();
  const session = era.rules.auth.sessionTokens
    ? { response_type: "success", session_token: randomBytes(16).toString("hex"), type: "keypair" }
    : {};
  return json({
    data: {
      access_key: account.accessKey,
      secret_key: account.secretKey,
      role: "user",
      status: "active",
      ...session,
    },
  });
}

function regenerateKeys(account: Account): Record<string, string> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "pkcs1", format: "der" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  account.sshPublicKey = openSshRsa(publicKey);
  account.sshPrivateKey = privateKey;
  return { ssh_public_key: account.sshPublicKey, ssh_private_key: privateKey };
}

/** An RSA public key (PKCS#1 DER) as OpenSSH writes it. */
function openSshRsa(der: Buffer): string {
  const [modulus, exponent] = derIntegers(der);
  const field = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const blob = Buffer.concat([field(Buffer.from("ssh-rsa")), field(exponent), field(modulus)]);
  return `ssh-rsa ${blob.toString("base64")}`;
}

/** The two integers of a DER sequence; each shorter than 64 KiB. */
function derIntegers(der: Buffer): [modulus: Buffer, exponent: Buffer] {
  let at = 0;
  const header = (): number => {
    at += 1;
    const first = der.readUInt8(at);
    at += 1;
    if (first < 0x80) {
      return first;
    }
    const width = first & 0x7f;
    const length = der.readUIntBE(at, width);
    at += width;
    return length;
  };
  header();
  const integer = (): Buffer => {
    const length = header();
    at += length;
    return der.subarray(at - length, at);
  };
  return [integer(), integer()];
}
