import { randomBytes, randomUUID, timingSafeEqual } from "node:crypto";

/** The one user of the engine. */
export interface Account {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly email: string;
  readonly password: string;
  readonly userId: string;
  readonly groupId: string;
  readonly domain: "default";
  readonly group: "default";
  /** Set by `/auth/ssh-keypair`, for apps that want it. */
  sshPublicKey: string | null;
  sshPrivateKey: string | null;
}

/** What may be given; what is absent or empty is made at random for this start: an empty secret would be no secret. */
export interface AccountOptions {
  readonly accessKey?: string | undefined;
  readonly secretKey?: string | undefined;
  readonly email?: string | undefined;
  readonly password?: string | undefined;
}

/** Makes the account of one start. */
export function makeAccount(options: AccountOptions): Account {
  return {
    accessKey: given(options.accessKey) ?? `AKIA${randomBytes(8).toString("hex").toUpperCase()}`,
    secretKey: given(options.secretKey) ?? randomBytes(20).toString("hex"),
    email: given(options.email) ?? "user@localhost",
    password: given(options.password) ?? randomBytes(10).toString("hex"),
    userId: randomUUID(),
    groupId: randomUUID(),
    domain: "default",
    group: "default",
    sshPublicKey: null,
    sshPrivateKey: null,
  };
}

/** A text that says something, or `undefined`. */
export function given(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

/** Compares secrets in constant time. */
export function isSameSecret(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
