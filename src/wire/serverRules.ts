import { acceptedVersions } from "./releases.js";
import { compareApiVersions, isReleaseAtLeast, parseApiVersion } from "./version.js";

/**
 * What a server of some era does that its clients need not know in advance: they see it in the answers. The local engine
 * follows it beside the `Dialect` (`docs/protocol.md`, `docs/real-servers.md`).
 */
export interface ServerRules {
  readonly auth: {
    /** Whether a wrong date is refused before a missing `Authorization` is. */
    readonly dateFirst: boolean;
    /** HTTP status of a failed `/server/login`. */
    readonly loginFailureStatus: 200 | 401;
    readonly logoutStatus: 200 | 201;
    /** Whether `/server/extend-login-session` exists. */
    readonly extendsLogins: boolean;
    /** Whether `/auth/authorize` also answers a `session_token`. */
    readonly sessionTokens: boolean;
    /** A version header that is none, or from before v4: refused, or found out by the signature. */
    readonly unknownVersion: "unsupported" | "signature-mismatch";
  };
  readonly session: {
    /** Whether ids and names may be abbreviated in paths. */
    readonly lookup: "prefix" | "exact";
    /** Whether a session's main kernel has the session's own id. */
    readonly kernelIsSession: boolean;
    /** Whether create and rename refuse names that do not match the documented pattern. */
    readonly checksNames: boolean;
    /** Whether renaming to a name in use is refused. */
    readonly uniqueNames: boolean;
    /** Ports in the answer to a reuse, under `service_ports` alone or under both spellings. */
    readonly reusePorts: "service_ports" | "both";
    readonly transitStatus: "yes" | "not-implemented";
  };
  readonly events: {
    /** Whether a stream that is asked for one name tells of the end of its container. */
    readonly namedContainerEnds: boolean;
  };
  readonly errors: {
    /** `agent-details`: what the agent said, in 500 `kernel-execution-failed`; `bare`: 500 `internal-server-error`. */
    readonly agentFailures: "agent-details" | "bare";
    /** `fields`: `invalid-api-params` with a reason per field; `schema`: `generic-bad-request`. */
    readonly validation: "fields" | "schema";
  };
  readonly parameters: {
    /** Whether the JSON body of a GET counts. */
    readonly getBodies: boolean;
    /** A JSON body that is no object: refused with 400, or a 500. */
    readonly nonObjects: "refused" | "crash";
  };
  readonly files: {
    /** What is left of an upload of more files than one may have: those before the limit, or nothing. */
    readonly tooManyUploads: "partly" | "nothing";
    /** HTTP status for more files than a download may have. */
    readonly tooManyStatus: 400 | 500;
    /** `confined`: a path that leaves the session is refused with 500; `ignored`: accepted, nothing written. */
    readonly uploadEscapes: "confined" | "ignored";
    /** Words of the traceback for a missing directory: older servers name the path as asked. */
    readonly absoluteErrors: boolean;
  };
  readonly proxy: {
    /** How the tunnel ends when the app hangs up. 1006: the connection is dropped without a close frame. */
    readonly hangUpCode: 1001 | 1006;
    /** How it ends when nothing listens behind the app. */
    readonly deadAppCode: 1001 | 1006 | 1013;
  };
  readonly graphql: {
    /** Whether `/admin/graphql` answers with `data` around the result as well. */
    readonly legacyWrapped: boolean;
    readonly introspection: boolean;
    readonly queryType: "Queries" | "Query";
    /** How Relay-style lists say whose sessions they want; `undefined` when there are none. */
    readonly nodes: "project_id" | "scope_id" | undefined;
  };
}

/** The rules of manager release `manager`. */
export function serverRulesFor(manager: string): ServerRules {
  const since = (release: string): boolean => isReleaseAtLeast(manager, release);
  return {
    auth: {
      dateFirst: !since("26.1"),
      loginFailureStatus: 200,
      logoutStatus: since("21.03") ? 200 : 201,
      extendsLogins: since("24.03"),
      sessionTokens: since("26.1"),
      unknownVersion: since("26.1") ? "signature-mismatch" : "unsupported",
    },
    session: {
      lookup: since("22.09") ? "exact" : "prefix",
      kernelIsSession: since("20.03") && !since("23.09"),
      checksNames: !since("26.1"),
      uniqueNames: since("26.1"),
      reusePorts: since("26.1") ? "both" : "service_ports",
      transitStatus: since("26.1") ? "not-implemented" : "yes",
    },
    events: { namedContainerEnds: !since("26.1") },
    errors: {
      agentFailures: since("26.1") ? "bare" : "agent-details",
      validation: since("26.3") ? "schema" : "fields",
    },
    parameters: {
      getBodies: !since("23.09.11") || (since("24.03") && !since("24.03.7")),
      nonObjects: since("23.09") && !since("26.1") ? "crash" : "refused",
    },
    files: {
      tooManyUploads: since("26.1") ? "nothing" : "partly",
      tooManyStatus: since("26.1") ? 400 : 500,
      uploadEscapes: since("26.1") ? "ignored" : "confined",
      absoluteErrors: since("26.1"),
    },
    proxy: {
      hangUpCode: since("23.09") && !since("24.03") ? 1006 : 1001,
      deadAppCode: since("24.03") ? 1001 : since("23.09") ? 1006 : 1013,
    },
    graphql: {
      legacyWrapped: since("26.1"),
      introspection: !since("23.03"),
      queryType: since("26.1") ? "Query" : "Queries",
      nodes: since("24.12") ? "scope_id" : since("24.09") ? "project_id" : undefined,
    },
  };
}

/**
 * Whether a server with API version `announced` of release `manager` accepts `version` in its version header: its own
 * and older ones of its list, exactly (`protocol.md` §1.2).
 */
export function acceptsVersion(announced: string, manager: string, version: string): boolean {
  const asked = parseApiVersion(version);
  const own = parseApiVersion(announced);
  if (version === announced) {
    return true;
  }
  if (asked === undefined || own === undefined || !acceptedVersions.includes(version)) {
    return false;
  }
  // These two dates come and go: the newest list lacks one that older servers have, and the other way round.
  if (version === "v6.20210815" && isReleaseAtLeast(manager, "26.1")) {
    return false;
  }
  if (version === "v6.20221201" && !isReleaseAtLeast(manager, "26.1")) {
    return false;
  }
  return compareApiVersions(asked, own) <= 0;
}
