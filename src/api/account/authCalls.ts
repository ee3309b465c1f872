import * as z from "zod/mini";
import { ConfigurationError } from "../../base/errors.js";
import { rememberSecret } from "../../base/secrets/knownSecrets.js";
import { Authorized, AuthTest } from "../../wire/records/server.js";
import type { Context } from "../context.js";
import { ApiError, LoginError } from "../errors.js";
import type { CallOptions, Credentials } from "../options.js";
import { CookieAuthentication } from "../transport/authentication.js";
import { login, loginCheck, type LoginState, logout, remember } from "./login.js";
import { loginErrorOf } from "./loginNeeds.js";

/** A user's keypair, as the server hands it out. */
export interface IssuedKeypair {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly role: string | undefined;
  readonly status: string | undefined;
}

/** What a user may do. */
export interface Roles {
  readonly global: string | undefined;
  readonly domain: string | undefined;
  readonly group: string | undefined;
}

const RolesRecord = z.looseObject({
  global_role: z.optional(z.nullable(z.string())),
  domain_role: z.optional(z.nullable(z.string())),
  group_role: z.optional(z.nullable(z.string())),
});
const SshPublicKey = z.looseObject({ ssh_public_key: z.nullable(z.string()) });
const SshKeypair = z.looseObject({ ssh_public_key: z.string(), ssh_private_key: z.optional(z.string()) });

/** Accounts and credentials (`protocol.md` §2). */
export class AuthCalls {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Checks the credentials cheaply. `POST /auth/test`, any manager (§2.3).
   * @throws {UnauthorizedError}
   * @throws {ClockSkewError}
   */
  async test({ signal }: CallOptions = {}): Promise<void> {
    const spec = {
      method: "POST",
      path: "/auth/test",
      route: "/auth/test",
      json: { echo: "ok" },
      signal,
    } as const;
    await this.#context.transport.json(AuthTest, spec);
  }

  /**
   * The keypair of a user with a password; works on an anonymous connection to a manager. `POST /auth/authorize` (§2.3).
   * @throws {LoginError} saying what is needed.
   * @throws {LoginBlockedError} after too many failures.
   */
  async authorize(
    user: {
      readonly username: string;
      readonly password: string;
      readonly otp?: string;
      readonly domain?: string;
      /** Ends the oldest of other logins where there are as many as are allowed; 26.x. */
      readonly endsOthers?: boolean;
    },
    { signal }: CallOptions = {},
  ): Promise<IssuedKeypair> {
    const { username, password, otp, endsOthers, domain = this.#context.defaults.domain } = user;
    const path = "/auth/authorize";
    rememberSecret(password);
    const force = endsOthers === true ? true : undefined;
    const json = { type: "keypair", domain, username, password, otp, force };
    const spec = { method: "POST", path, route: path, json, signal } as const;
    const { data } = await this.#context.transport.json(Authorized, spec).catch((error: unknown) => {
      throw (error instanceof ApiError ? loginErrorOf(error) : undefined) ?? error;
    });
    if ("response_type" in data) {
      const needs = data.response_type === "REQUIRE_TWO_FACTOR_AUTH" ? "otp" : "otp-registration";
      throw new LoginError(needs, { status: 200, method: "POST", path });
    }
    return { accessKey: data.access_key, secretKey: data.secret_key, role: data.role, status: data.status };
  }

  /**
   * `GET /auth/role`, any manager (§2.3).
   * @param group Name or UUID of the group whose role is asked for.
   */
  async role(group?: string, { signal }: CallOptions = {}): Promise<Roles> {
    const spec = {
      method: "GET",
      path: "/auth/role",
      route: "/auth/role",
      query: { group },
      signal,
    } as const;
    const roles = await this.#context.transport.json(RolesRecord, spec);
    return {
      global: roles.global_role ?? undefined,
      domain: roles.domain_role ?? undefined,
      group: roles.group_role ?? undefined,
    };
  }

  /** The public key that later sessions accept; `undefined` for none. `GET /auth/ssh-keypair`, 20.03+ (§2.3). */
  async sshKeypair({ signal }: CallOptions = {}): Promise<string | undefined> {
    const spec = { method: "GET", path: "/auth/ssh-keypair", route: "/auth/ssh-keypair", signal } as const;
    return (await this.#context.transport.json(SshPublicKey, spec)).ssh_public_key || undefined;
  }

  /** Makes another pair; the private key is told only here. `PATCH /auth/ssh-keypair`, 20.03+ (§2.3). */
  async regenerateSshKeypair({ signal }: CallOptions = {}): Promise<{
    readonly publicKey: string;
    readonly privateKey: string | undefined;
  }> {
    const spec = { method: "PATCH", path: "/auth/ssh-keypair", route: "/auth/ssh-keypair", signal } as const;
    const pair = await this.#context.transport.json(SshKeypair, spec);
    return { publicKey: pair.ssh_public_key, privateKey: pair.ssh_private_key };
  }

  /**
   * Logs in again, after the cookie expired. Web servers only.
   * @throws {LoginError}
   * @throws {ConfigurationError}
   */
  async login(
    user: Omit<Extract<Credentials, { type: "login" }>, "type">,
    call: CallOptions = {},
  ): Promise<LoginState> {
    const authentication = this.#cookies();
    const state = await login(this.#context.transport, { type: "login", ...user }, call);
    remember(authentication, state);
    return state;
  }

  /**
   * Whether the cookie is still good. Web servers only.
   * @throws {ConfigurationError}
   */
  async loginCheck(call: CallOptions = {}): Promise<LoginState> {
    this.#cookies();
    return loginCheck(this.#context.transport, call);
  }

  /**
   * Ends the login. Web servers only.
   * @throws {ConfigurationError}
   */
  async logout(call: CallOptions = {}): Promise<void> {
    this.#cookies();
    await logout(this.#context.transport, call);
  }

  /** What proves a login through a web server, for `Credentials` of type `cookie`: a secret. `undefined` without one. */
  get cookie(): string | undefined {
    const { authentication } = this.#context;
    return authentication instanceof CookieAuthentication ? authentication.cookie : undefined;
  }

  #cookies(): CookieAuthentication {
    const { authentication } = this.#context;
    if (!(authentication instanceof CookieAuthentication)) {
      throw new ConfigurationError(
        "credentials",
        "Logging in and out is for connections through a web server.",
      );
    }
    return authentication;
  }
}
