import type { BackendAIClient, Credentials, Group } from "../api/index.js";
import { ApiError, LoginError, NotAServerError, UnauthorizedError } from "../api/errors.js";
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
  /** Whether to end the oldest of other logins where there are as many as are allowed. */
  readonly endsOthers?: boolean | undefined;
}

/** Not logged in, and knows of nothing: enough to be told what a web server is. */
const nobodyOfWeb: Credentials = { type: "cookie", cookie: "", accessKey: undefined };

/**
 * What answers at the addresses of a profile.
 * @throws {NetworkError} when nothing does.
 * @throws {NotAServerError} when it is neither.
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
    try {
      await (await door(profile, nobodyOfWeb, signal)).close();
      return "web";
    } catch (webError) {
      const isElsewhere = webError instanceof NotAServerError && webError.elsewhere !== undefined;
      throw isElsewhere || isAbort(webError) ? webError : error;
    }
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
 */
export async function proveLogin(
  door: ProfileDoor,
  profile: Profile,
  { email, password, otp, endsOthers }: PasswordUser,
  signal: AbortSignal,
): Promise<SignIn> {
  const code = {
    ...(otp === undefined ? {} : { otp }),
    ...(endsOthers === undefined ? {} : { endsOthers }),
  };
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

/**
 * The groups (projects) of who signed in; none where the server does not tell.
 * @throws {NetworkError}
 */
export async function groupsOf(
  door: ProfileDoor,
  profile: Profile,
  { secret }: SignIn,
  signal: AbortSignal,
): Promise<readonly Group[]> {
  try {
    return await withClient(door(profile, secret, signal), (client) => client.groups.list({ signal }));
  } catch (error) {
    if (error instanceof ApiError) {
      return [];
    }
    throw error;
  }
}

/** What may be done about a login that was refused: another answer, a one-time code, the end of another login, or nothing. */
export function remedyOf(error: unknown): "answer" | "code" | "end-others" | undefined {
  if (!(error instanceof LoginError)) {
    return error instanceof UnauthorizedError ? "answer" : undefined;
  }
  switch (error.needs) {
    case "password":
      return "answer";
    case "otp":
    case "otp-again":
      return "code";
    case "fewer-logins":
      return "end-others";
    default:
      return undefined;
  }
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
