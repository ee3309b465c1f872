import { type BackendAIError, NetworkError, ProtocolError } from "../../base/errors.js";
import { Hello } from "../../wire/records/server.js";
import { parseApiVersion } from "../../wire/version.js";
import { ApiError, NotAServerError, RateLimitedError, ServerError } from "../errors.js";
import type { CallOptions } from "../options.js";
import type { Transport } from "../transport/transport.js";

/** How long a server may take for its first word, in milliseconds: another endpoint may be quicker. Busy ones took 3 s. */
const patienceMs = 20_000;

/**
 * What the server at `endpoint` says of itself. `GET /`, or `GET /func/` of a web server (`protocol.md` §1.1).
 * `strangerTo` sends to another address as nobody: what proves the caller must not go there.
 * @throws {NotAServerError} when something else answers, saying where a server does.
 */
export async function greet(
  { endpoint, transport }: { readonly endpoint: string; readonly transport: Transport },
  strangerTo: (endpoint: string) => Transport,
  call: CallOptions,
): Promise<Hello> {
  try {
    return await hello(transport, call);
  } catch (error) {
    if (!isOfStranger(error)) {
      throw error;
    }
    const elsewhere = await firstServer(otherAddresses(endpoint, error), strangerTo, call);
    throw new NotAServerError(endpoint, elsewhere, { cause: error });
  }
}

async function hello(transport: Transport, { signal }: CallOptions): Promise<Hello> {
  const headersMs = Math.min(patienceMs, transport.timeouts.headersMs);
  const said = await transport.json(Hello, { method: "GET", path: "/", route: "/", headersMs, signal });
  if (parseApiVersion(said.version) === undefined) {
    throw new ProtocolError("GET /", said.version, `“${said.version}” is no version of the API`);
  }
  return said;
}

/** Whether no Backend.AI server answers so: neither a refusal that may pass, nor a server that is in trouble. */
function isOfStranger(error: unknown): error is BackendAIError {
  return (
    error instanceof ProtocolError ||
    // It speaks something else than HTTP.
    (error instanceof NetworkError && (error.reason ?? "").startsWith("HPE_")) ||
    (error instanceof ApiError && !(error instanceof ServerError) && !(error instanceof RateLimitedError))
  );
}

/** Where a redirect leads to, and the root of the same host: pages of the web interface are taken for its address. */
function otherAddresses(endpoint: string, error: BackendAIError): readonly string[] {
  const location = error instanceof ApiError ? error.location : undefined;
  const target =
    location !== undefined && URL.canParse(location, endpoint) ? new URL(location, endpoint) : undefined;
  const candidates = [
    ...(target === undefined ? [] : [`${target.origin}${target.pathname.replace(/(\/func)?\/*$/, "")}`]),
    new URL(endpoint).origin,
  ];
  return [...new Set(candidates)].filter((address) => address !== endpoint && /^https?:/.test(address));
}

async function firstServer(
  addresses: readonly string[],
  strangerTo: (endpoint: string) => Transport,
  call: CallOptions,
): Promise<string | undefined> {
  for (const address of addresses) {
    try {
      await hello(strangerTo(address), call);
      return address;
    } catch {
      call.signal?.throwIfAborted();
    }
  }
  return undefined;
}
