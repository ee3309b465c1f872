import type { BackendAIClient, Credentials } from "../api/index.js";
import { ApiError, LoginError, UnauthorizedError } from "../api/errors.js";
import { isAbort } from "../base/abort.js";
import { NetworkError, TimeoutError } from "../base/errors.js";
import type { ProfileDoor } from "./connector.js";
import type { Profile } from "./profiles/profile.js";
import type { SignIn } from "./profiles/profileSecrets.js";

/** What answers at an address: a manager, which takes signed calls, or a web server, which takes logins. */
export type ServerKind = "manager" | "web";

/** A person with a password. */
export interface PasswordUser {
  readonly email: string;
  readonly password: string;
  /** The one-time code, when the server asked for one. */
  readonly otp?: string | undefined;
}

/** Not logged in, and knows of nothing: enough to be told what a web server is. */
const nobodyOfWeb: Credentials = { type: "cookie", cookie: "", accessKey: undefined };

/**
 * What answers at the addresses of a profile.
 * @throws {NetworkError} when nothing does.
 * @throws {ProtocolError} or {ApiError} when it is neither.
 */
export async function probeServer(
  door: ProfileDoor,
  profile: Profile,
  signal: AbortSignal,
): Promise<ServerKind> {
  try {
    await (await door(profile, { type: "anonymous" }, signal)).close();
    return "manager";
  } catch (error) {
    if (error instanceof NetworkError || error instanceof TimeoutError || isAbort(error)) {
      throw error;
    }
    const isWeb = await door(profile, nobodyOfWeb, signal).then(
      async (client) => client.close().then(() => true),
      () => false,
    );
    if (!isWeb) {
      throw error;
    }
    return "web";
  }
}

/**
 * Proves a keypair to the server.
 * @throws {UnauthorizedError}
 */
export async function proveKeypair(
  door: ProfileDoor,
  profile: Profile,
  { accessKey, secretKey }: { readonly accessKey: string; readonly secretKey: string },
  signal: AbortSignal,
): Promise<SignIn> {
  const secret = { type: "keypair", accessKey, secretKey } as const;
  await withClient(door(profile, secret, signal), (client) => client.auth.test({ signal }));
  return { secret, user: accessKey };
}

/**
 * Logs in with a password: through a web server, whose cookie is kept; at a manager, which hands out the person's keypair.
 * The password is kept nowhere.
 * @throws {LoginError} saying what is needed.
 * @throws {UnauthorizedError}
 */
export async function proveLogin(
  door: ProfileDoor,
  profile: Profile,
  { email, password, otp }: PasswordUser,
  signal: AbortSignal,
): Promise<SignIn> {
  const code = otp === undefined ? {} : { otp };
  if (profile.login === "password") {
    const login = { type: "login", username: email, password, ...code } as const;
    return withClient(door(profile, login, signal), (client) => {
      const { cookie = "" } = client.auth;
      const secret = { type: "cookie", cookie, accessKey: client.accessKey } as const;
      return Promise.resolve({ secret, user: email });
    });
  }
  const { accessKey, secretKey } = await withClient(door(profile, { type: "anonymous" }, signal), (client) =>
    client.auth.authorize({ username: email, password, domain: profile.domain, ...code }, { signal }),
  );
  const { secret } = await proveKeypair(door, profile, { accessKey, secretKey }, signal);
  return { secret, user: email };
}

/** Whether a server wants a one-time code beside the password. */
export function needsCode(error: unknown): boolean {
  return error instanceof LoginError
    ? error.needs === "otp"
    : error instanceof ApiError && /\bOTP\b|one-time|2FA/i.test(error.serverMessage ?? "");
}

/** Whether another answer of the person may do better, so that they are asked again. */
export function isRefusedAnswer(error: unknown): boolean {
  return error instanceof LoginError ? error.needs === "password" : error instanceof UnauthorizedError;
}

async function withClient<T>(
  opening: Promise<BackendAIClient>,
  action: (client: BackendAIClient) => Promise<T>,
): Promise<T> {
  const client = await opening;
  try {
    return await action(client);
  } finally {
    await client.close();
  }
}
