import { rememberSecret } from "../../base/secrets/knownSecrets.js";
import { Login } from "../../wire/records/server.js";
import { ApiError, LoginError, type Refusal } from "../errors.js";
import type { CallOptions, Credentials } from "../options.js";
import type { CookieAuthentication } from "../transport/authentication.js";
import { decode } from "../transport/decode.js";
import type { Transport } from "../transport/transport.js";
import { loginNeedOf } from "./loginNeeds.js";

/** Who is logged in. */
export interface LoginState {
  readonly isAuthenticated: boolean;
  readonly accessKey: string | undefined;
  readonly role: string | undefined;
}

/**
 * Logs in at the web server; the cookie lands in the authentication's jar. `POST /server/login` (`protocol.md` §2.4).
 * @throws {LoginError} saying what is needed.
 * @throws {RateLimitedError} after too many failures.
 */
export async function login(
  transport: Transport,
  { username, password, otp, endsOthers }: Extract<Credentials, { type: "login" }>,
  { signal }: CallOptions,
): Promise<LoginState> {
  const path = "/server/login";
  rememberSecret(password);
  const force = endsOthers === true ? { force: true } : {};
  const json = { username, password, ...(otp === undefined ? {} : { otp }), ...force };
  const spec = { method: "POST", path, route: path, json, isWebServerPath: true, signal } as const;
  try {
    const state = await transport.json(Login, spec);
    if (!state.authenticated) {
      throw refusalOf(state, { status: 200, method: "POST", path });
    }
    return stateOf(state);
  } catch (error) {
    throw translate(error, path);
  }
}

/** Whether the cookie is still good. `POST /server/login-check` (§2.4). */
export async function loginCheck(transport: Transport, { signal }: CallOptions): Promise<LoginState> {
  const path = "/server/login-check";
  return stateOf(
    await transport.json(Login, {
      method: "POST",
      path,
      route: path,
      json: {},
      isWebServerPath: true,
      signal,
    }),
  );
}

/** Ends the login. `POST /server/logout` (§2.4). */
export async function logout(transport: Transport, { signal }: CallOptions): Promise<void> {
  const path = "/server/logout";
  await transport.run({ method: "POST", path, route: path, json: {}, isWebServerPath: true, signal });
}

/** Takes the access key that a login gave. */
export function remember(authentication: CookieAuthentication, state: LoginState): void {
  authentication.accessKey = state.accessKey;
}

function stateOf({ authenticated, data }: Login): LoginState {
  return { isAuthenticated: authenticated, accessKey: data?.access_key, role: data?.role };
}

/** Newer web servers answer the same body with the manager's status. */
function translate(error: unknown, path: string): unknown {
  if (!(error instanceof ApiError) || error instanceof LoginError || error.body === undefined) {
    return error;
  }
  try {
    const state = decode(Login, error.body, path);
    return state.authenticated
      ? error
      : refusalOf(state, { status: error.status, method: "POST", path, cause: error });
  } catch {
    return error; // no login answer: a proxy's or the server's own refusal
  }
}

function refusalOf({ data }: Login, refusal: Refusal): LoginError {
  const words = data?.details ?? data?.title ?? undefined;
  const slug = (data?.type ?? "").split("/").at(-1) ?? "";
  return new LoginError(loginNeedOf(slug, words ?? ""), { ...refusal, detail: words }, words);
}
