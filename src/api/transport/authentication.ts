import { rememberSecret } from "../../base/secrets/knownSecrets.js";
import { Signer } from "../../wire/signing.js";
import { CookieJar } from "./cookieJar.js";

/** What of a request decides its authentication. */
export interface Authenticated {
  readonly method: string;
  /** Path and query as on the request line. */
  readonly path: string;
  readonly host: string;
  readonly contentType?: string | undefined;
  readonly date: Date;
  /** `undefined` before the server's version is known. */
  readonly version: string | undefined;
}

/** How requests show who sends them. */
export interface Authentication {
  /** Comes before the path of calls to the manager; `/func` behind a web server. */
  readonly prefix: "" | "/func";
  /** The access key, where it is known. */
  readonly accessKey: string | undefined;
  headers(request: Authenticated): Record<string, string>;
  /** Takes notice of an answer's `Set-Cookie` headers. */
  receive(setCookie: readonly string[]): void;
}

/** Signs with a keypair (`protocol.md` §2.1). `X-BackendAI-Date`, as a proxy may rewrite `Date`. */
export class KeypairAuthentication implements Authentication {
  readonly prefix = "";
  readonly #signer: Signer;
  readonly #secretKey: string;

  constructor(
    readonly accessKey: string,
    secretKey: string,
  ) {
    this.#signer = new Signer(accessKey, secretKey);
    this.#secretKey = secretKey;
    rememberSecret(secretKey);
  }

  headers({ version, ...request }: Authenticated): Record<string, string> {
    rememberSecret(this.#secretKey); // one in use is not forgotten, however many came after it
    if (version === undefined) {
      return {};
    }
    const date = request.date.toISOString();
    const parts = { ...request, date, version };
    return {
      "X-BackendAI-Version": version,
      "X-BackendAI-Date": date,
      Authorization: this.#signer.header(parts),
    };
  }

  receive(): void {
    // a manager sets no cookies that matter
  }
}

/** Says only the version and the date. */
export class AnonymousAuthentication implements Authentication {
  readonly prefix = "";
  readonly accessKey = undefined;

  headers({ version, date }: Authenticated): Record<string, string> {
    return versionHeaders(version, date);
  }

  receive(): void {
    // nobody to remember
  }
}

/** Shows the cookie of a web server's login (`protocol.md` §2.4); the web server signs. */
export class CookieAuthentication implements Authentication {
  readonly prefix = "/func";
  accessKey: string | undefined;
  readonly #jar = new CookieJar();

  /** With nothing: before a login. With one that was made before: as whoever made it. */
  constructor(login?: { readonly cookie: string; readonly accessKey: string | undefined }) {
    if (login !== undefined) {
      this.accessKey = login.accessKey;
      this.#jar.store(login.cookie.split(";"));
    }
  }

  /** What proves the login: a secret; `undefined` before it. */
  get cookie(): string | undefined {
    return this.#jar.header;
  }

  headers({ version, date }: Authenticated): Record<string, string> {
    const cookie = this.#jar.header;
    return { ...versionHeaders(version, date), ...(cookie === undefined ? {} : { Cookie: cookie }) };
  }

  receive(setCookie: readonly string[]): void {
    this.#jar.store(setCookie);
  }
}

function versionHeaders(version: string | undefined, date: Date): Record<string, string> {
  return version === undefined
    ? {}
    : { "X-BackendAI-Version": version, "X-BackendAI-Date": date.toISOString() };
}
