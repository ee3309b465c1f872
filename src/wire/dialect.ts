import { ProtocolError } from "../base/errors.js";
import { type Features, featuresOf } from "./features.js";
import type { Hello } from "./records/server.js";
import { releases } from "./releases.js";
import { compareApiVersions, isReleaseAtLeast, parseApiVersion } from "./version.js";

/**
 * What a server of some era expects and answers, as one plain value. The client and the local engine both follow it, so a
 * difference between eras is written once (`docs/protocol.md`).
 */
export interface Dialect {
  /** Sent in `X-BackendAI-Version` and signed: exactly what the server announced. */
  readonly apiVersion: string;
  /** The manager's release, such as `24.09.6`; guessed from the API version when the server did not say. */
  readonly manager: string;
  readonly prefix: "/kernel" | "/session";
  /** Servers of v4 know a session by its name alone; later ones by UUID too. */
  readonly addressing: "name" | "uuid";
  readonly create: {
    readonly path: string;
    readonly nameField: "clientSessionToken" | "name";
    readonly idField: "kernelId" | "sessionId";
    readonly clusterSize: "config.clusterSize" | "config.cluster_size" | "cluster_size";
    /** HTTP status of an answer that returns a live session instead of a new one. */
    readonly reuseStatus: 200 | 201;
    /** Key of the service ports in such an answer. */
    readonly reusePortsField: "service_ports" | "servicePorts";
  };
  readonly events: {
    readonly path: "/stream/kernel/_/events" | "/events/session";
    readonly nameParameter: "sessionId" | "name" | "sessionName";
    /** Whether `sessionId` (a UUID) and `scope` are understood. */
    readonly scopes: boolean;
    /** `kernel`: only `kernel_*` events; `session`: both; `transitions`: also one per scheduler status. */
    readonly vocabulary: "kernel" | "session" | "transitions";
  };
  readonly execute: {
    /** The only key from which the server reads the run's id. The client sends both. */
    readonly runIdField: "runId" | "run_id";
    /** Exit code of a query that raised. */
    readonly exceptionExitCode: 0 | 1;
  };
  readonly files: {
    readonly listParameters: "body" | "query";
    readonly download: "get" | "post-body" | "post-query";
    readonly downloadSingle: "tar" | "raw" | undefined;
    readonly uploadNames: "relative" | "absolute";
  };
  /** Virtual folders (`docs/protocol.md` §6.5). */
  readonly folders: {
    /** What paths name a folder by. Where there is a trash, several folders may have had one name. */
    readonly addressing: "name" | "id";
    readonly deletion: "at-once" | "trash";
    /** Who takes the bytes of files: the manager as a form, the manager by tus, or a storage proxy by tus. */
    readonly transfer: "form" | "manager" | "storage-proxy";
    /** Whether a piece of an upload for another offset than the server's own is refused; others append what comes. */
    readonly checksOffset: boolean;
    /** `rename_file` or `rename-file`, `DELETE delete_files`, `DELETE delete-files` or `POST delete-files`. */
    readonly fileVerbs: "underscore" | "dash" | "dash-post";
    /** Whether making a directory says what to do with one that is there; it is fine where nothing is said. */
    readonly directoryOptions: boolean;
  };
  readonly completionField: "completions" | "suggestions";
  readonly ptyFrames: "text" | "binary";
  readonly graphql: {
    readonly path: "/admin/graphql" | "/admin/gql";
    /** Whether results come as `{data, errors}`; otherwise the body is the data and errors are a 400. */
    readonly wrapped: boolean;
    /** `legacy`: v4 names (`sess_id`); `current`: `session_id`, `name`. */
    readonly fields: "legacy" | "current";
    /** `order_key` + `order_asc`, or an `order` expression and a `filter`. */
    readonly ordering: "key" | "expression";
  };
  readonly renameParameters: "body-or-query" | "body";
  readonly commitParameters: "body" | "query";
  readonly shutdownServiceParameters: "body" | "query";
  readonly statusHistory: "wrapped" | "flat";
  readonly errors: {
    readonly quotaStatus: 412 | 400;
    readonly notAdminStatus: 401 | 403;
    readonly notImplementedStatus: 503 | 501;
    readonly signatureMismatch: string;
    readonly unknownKey: string;
    /** Whether bodies carry `error_code`. */
    readonly errorCode: boolean;
    readonly urlNotFound: "generic-not-found" | "url-not-found";
    readonly sessionNotFound: "session-not-found" | "object-not-found";
  };
  /** Which calls exist. */
  readonly can: Features;
}

/**
 * The dialect of the server that answered `hello`. A server newer than any known gets the newest dialect with its own
 * version string.
 * @throws {ProtocolError} when the answer names no API version, or one older than v4.
 */
export function dialectFor(hello: Hello): Dialect {
  const version = parseApiVersion(hello.version);
  if (version === undefined || version.major < 4) {
    throw new ProtocolError(
      "GET /",
      hello.version,
      `“${hello.version}” is not an API version this client speaks (v4 or newer).`,
    );
  }
  const manager = hello.manager ?? managerOf(hello.version);
  const since = (release: string): boolean => isReleaseAtLeast(manager, release);
  const v4 = version.major <= 4;
  return {
    apiVersion: hello.version,
    manager,
    prefix: v4 ? "/kernel" : "/session",
    addressing: v4 ? "name" : "uuid",
    create: {
      path: v4 ? "/kernel/create" : since("20.09") ? "/session/_/create" : "/session",
      nameField: v4 ? "clientSessionToken" : "name",
      idField: v4 ? "kernelId" : "sessionId",
      clusterSize: v4 ? "config.clusterSize" : since("20.09") ? "cluster_size" : "config.cluster_size",
      reuseStatus: since("22.09") ? 201 : 200,
      reusePortsField: since("26.1") ? "servicePorts" : "service_ports",
    },
    events: {
      path: v4 ? "/stream/kernel/_/events" : "/events/session",
      nameParameter: v4 ? "sessionId" : since("26.3") ? "sessionName" : "name",
      scopes: since("20.09"),
      vocabulary: since("25.6") ? "transitions" : since("20.09") ? "session" : "kernel",
    },
    execute: {
      runIdField: since("25.6") ? "run_id" : "runId",
      exceptionExitCode: since("26.1") ? 1 : 0,
    },
    files: {
      listParameters: since("26.3") ? "query" : "body",
      download: since("26.3") ? "post-query" : since("24.03") ? "post-body" : "get",
      downloadSingle: since("23.09") ? "raw" : since("19.09") ? "tar" : undefined,
      uploadNames: since("24.03") && !since("24.09.7") ? "absolute" : "relative",
    },
    folders: {
      addressing: since("24.03") ? "id" : "name",
      deletion: since("24.03") ? "trash" : "at-once",
      transfer: since("20.09") ? "storage-proxy" : since("19.09") ? "manager" : "form",
      checksOffset: since("26.2"),
      fileVerbs: since("24.03") ? "dash-post" : since("20.09") ? "dash" : "underscore",
      directoryOptions: since("20.09"),
    },
    completionField: since("25.10") ? "suggestions" : "completions",
    ptyFrames: since("26.1") ? "binary" : "text",
    graphql: {
      path: since("21.03.1") ? "/admin/gql" : "/admin/graphql",
      wrapped: since("21.03.1"),
      fields: v4 ? "legacy" : "current",
      ordering: since("21.03.1") ? "expression" : "key",
    },
    renameParameters: since("26.3") ? "body" : "body-or-query",
    commitParameters: since("26.3") ? "query" : "body",
    shutdownServiceParameters: since("26.3") ? "query" : "body",
    statusHistory: since("26.3") ? "flat" : "wrapped",
    errors: {
      quotaStatus: since("21.03") ? 400 : 412,
      notAdminStatus: since("26.1") ? 403 : 401,
      notImplementedStatus: since("25.1") ? 501 : 503,
      signatureMismatch: since("26.1")
        ? "HMAC signature mismatch"
        : since("22.09")
          ? "Signature mismatch"
          : "Unauthorized access",
      unknownKey: since("26.1") ? "Access key not found in HMAC" : "Access key not found",
      errorCode: since("25.1"),
      urlNotFound: since("23.09") ? "url-not-found" : "generic-not-found",
      sessionNotFound: since("23.09") ? "object-not-found" : "session-not-found",
    },
    can: featuresOf(manager),
  };
}

/** The newest release whose API version is not newer than the given one. */
function managerOf(apiVersion: string): string {
  const asked = parseApiVersion(apiVersion);
  const known = releases.findLast((release) => {
    const version = parseApiVersion(release.apiVersion);
    return asked !== undefined && version !== undefined && compareApiVersions(version, asked) <= 0;
  });
  return (known ?? releases[0]).manager;
}
