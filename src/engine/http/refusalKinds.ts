import { problemPrefix } from "../../wire/problem.js";
import type { Era } from "../era.js";
import type { RefusalDetails } from "./refusal.js";

/** What a kind of refusal looks like in some era. */
export interface RefusalShape {
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly errorCode?: string;
  /** `agent-details` of failures behind the manager. */
  readonly agent?: Readonly<Record<string, unknown>>;
}

type ShapeOf = RefusalShape | ((era: Era, details: RefusalDetails) => RefusalShape);

const shape = (status: number, slug: string, title: string, errorCode?: string): RefusalShape => ({
  status,
  slug,
  title,
  ...(errorCode !== undefined ? { errorCode } : {}),
});

const internal = shape(
  500,
  "internal-server-error",
  "Internal server error.",
  "backendai_generic_internal-error",
);
const invalidParameters = shape(
  400,
  "invalid-api-params",
  "Missing or invalid API parameters.",
  "api_generic_invalid-parameters",
);

/** An object that is missing: newer servers fold all of these into one slug. */
const missing =
  (slug: string, title: string, domain: string): ShapeOf =>
  (era) =>
    shape(
      404,
      era.dialect.errors.sessionNotFound === "object-not-found" ? "object-not-found" : slug,
      title,
      `${domain}_read_not-found`,
    );

/** A failure of the agent, which newer servers no longer explain (`docs/real-servers.md`). */
const agent =
  (slug: string, title: string): ShapeOf =>
  (era, { exception }) =>
    era.rules.errors.agentFailures === "bare"
      ? internal
      : {
          ...shape(500, slug, title),
          agent:
            exception === undefined
              ? { type: `${problemPrefix}agent-timeout`, title: null }
              : {
                  type: `${problemPrefix}agent-failure`,
                  title: "Agent-side exception occurred.",
                  exception,
                },
        };

const executionTitle = "Executing user code in the kernel has failed.";
const existsTitle = "The session already exists but you requested not to reuse existing one.";

const kinds = {
  "bad-request": shape(400, "generic-bad-request", "Bad request.", "backendai_generic_bad-request"),
  "invalid-auth": shape(
    400,
    "invalid-auth-params",
    "Missing or invalid authorization parameters.",
    "user_auth_invalid-parameters",
  ),
  unauthorized: shape(401, "auth-failed", "Credential/signature mismatch.", "user_auth_unauthorized"),
  "not-logged-in": shape(401, "auth-failed", "Unauthorized access"),
  "invalid-params": invalidParameters,
  "invalid-input": (era) =>
    era.rules.errors.validation === "fields"
      ? invalidParameters
      : shape(
          400,
          "generic-bad-request",
          "Invalid or Missing API Parameters.",
          "api_parsing_invalid-parameters",
        ),
  "malformed-body": (era) =>
    era.rules.errors.validation === "fields"
      ? invalidParameters
      : shape(400, "generic-bad-request", "Malformed request body.", "api_parsing_bad-request"),
  deprecated: shape(400, "deprecated", "This API is deprecated."),
  forbidden: shape(403, "generic-forbidden", "Forbidden operation.", "backendai_generic_forbidden"),
  "not-admin": (era) =>
    era.dialect.errors.notAdminStatus === 403
      ? shape(403, "generic-forbidden", "Forbidden operation.", "backendai_generic_forbidden")
      : shape(401, "auth-failed", "Credential/signature mismatch."),
  "url-not-found": (era) =>
    era.dialect.errors.urlNotFound === "url-not-found"
      ? shape(404, "url-not-found", "Unknown URL path.", "api_read_not-found")
      : shape(404, "generic-not-found", "Unknown URL path."),
  "method-not-allowed": shape(405, "method-not-allowed", "HTTP Method Not Allowed.", "api_access_forbidden"),
  "session-not-found": missing("session-not-found", "No such session.", "session"),
  "image-not-found": missing("image-not-found", "No such environment image.", "image"),
  "app-not-found": missing("app-not-found", "No such app service.", "backendai"),
  "folder-not-found": missing("vfolder-not-found", "No such virtual folder.", "vfolder"),
  "scaling-group-not-found": missing("scaling-group-not-found", "No such scaling group.", "scaling-group"),
  "agent-not-found": missing("instance-not-found", "No such agent instance.", "instance"),
  "group-not-found": (era) =>
    era.since("26.1")
      ? shape(404, "project-not-found", "Project not found.", "group_read_not-found")
      : shape(
          404,
          era.dialect.errors.sessionNotFound === "object-not-found" ? "object-not-found" : "group-not-found",
          "No such user group.",
        ),
  "template-not-found": missing("task-template-not-found", "No such task template.", "template"),
  "task-not-found": missing("generic-not-found", "No such background task.", "bgtask"),
  "too-many-matches": shape(
    404,
    "too-many-sessions-matched",
    "Too many sessions matched.",
    "session_read_conflict",
  ),
  "session-exists": shape(400, "session-already-exists", existsTitle, "session_create_already-exists"),
  "folder-exists": shape(
    400,
    "vfolder-already-exists",
    "The virtual folder already exists with the same name.",
    "vfolder_create_already-exists",
  ),
  "folder-parameter": shape(
    400,
    "vfolder-invalid-parameter",
    "Invalid parameter for virtual folder operation.",
    "vfolder_access_invalid-parameters",
  ),
  "folder-status": shape(
    400,
    "vfolder-filter-status-failed",
    "Virtual folder status filtering has failed.",
    "vfolder_access_conflict",
  ),
  "folder-operation": (era) =>
    era.since("26.1")
      ? shape(
          400,
          "vfolder-operation-failed",
          "Virtual folder operation has failed due to bad request.",
          "vfolder_generic_bad-request",
        )
      : shape(400, "vfolder-operation-failed", "Virtual folder operation has failed."),
  "insufficient-privilege": shape(
    403,
    "insufficient-privilege",
    "Insufficient privilege.",
    "user_auth_forbidden",
  ),
  "storage-parameters": shape(
    400,
    "storage/invalid-api-params",
    "Invalid API parameters",
    "storage-proxy_request_invalid-parameters",
  ),
  "storage-file-missing": shape(404, "storage/file-not-found", "File not found"),
  "storage-upload-missing": (era) =>
    era.since("26.4.1")
      ? shape(
          404,
          "storage/tus-session-not-found",
          "Upload session not found",
          "storage-proxy_read_not-found",
        )
      : shape(404, "storage/no-such-upload-session", "No such upload session"),
  "storage-upload-busy": shape(
    409,
    "storage/tus-lease-held",
    "Upload in progress",
    "storage-proxy_update_conflict",
  ),
  "storage-offset": shape(
    409,
    "storage/upload-offset-mismatch",
    "Upload Offset Mismatch",
    "storage-proxy_update_conflict",
  ),
  quota: (era) =>
    shape(
      era.dialect.errors.quotaStatus,
      "quota-exceeded",
      "You have reached your resource limit.",
      "user_generic_forbidden",
    ),
  "rate-limited": shape(
    429,
    "rate-limit-exceeded",
    "You have reached your API query rate limit.",
    "api_access_unavailable",
  ),
  "unknown-slot": (era) =>
    era.since("26.1")
      ? shape(400, "unknown-resource-slot-type", "Unknown resource slot type.", "backendai_parsing_not-found")
      : invalidParameters,
  "not-implemented": (era) =>
    shape(
      era.dialect.errors.notImplementedStatus,
      "not-implemented",
      "This API is not implemented.",
      "api_generic_not-implemented",
    ),
  "no-app-proxy": (era) =>
    era.since("26.1")
      ? shape(
          500,
          "appproxy-connection-error",
          "Failed to connect to AppProxy.",
          "appproxy_request_unavailable",
        )
      : shape(503, "service-unavailable", "Serivce unavailable."), // spelled so by the servers
  "graphql-error": shape(400, "graphql-error", "GraphQL-generated error.", "api_generic_internal-error"),
  "too-many-files": (era) =>
    era.rules.files.tooManyStatus === 400
      ? shape(
          400,
          "vfolder-operation-failed",
          "Virtual folder operation has failed due to bad request.",
          "vfolder_generic_bad-request",
        )
      : internal,
  "run-missing": (era) =>
    era.since("25.6")
      ? shape(500, "invalid-session-data", "Invalid session data.", "session_parsing_invalid-data-format")
      : invalidParameters,
  "not-running": (era) =>
    era.since("26.1")
      ? shape(
          500,
          "agent-not-allocated",
          "Agent ID has not been allocated for the session.",
          "agent_access_internal-error",
        )
      : refusalAgent(executionTitle, "AssertionError()"),
  execution: agent("kernel-execution-failed", executionTitle),
  creation: agent("kernel-creation-failed", "Kernel creation has failed."),
  restart: agent("kernel-restart-failed", "Kernel restart has failed."),
  internal,
} satisfies Record<string, ShapeOf>;

function refusalAgent(title: string, exception: string): RefusalShape {
  return {
    ...shape(500, "kernel-execution-failed", title),
    agent: { type: `${problemPrefix}agent-failure`, title: "Agent-side exception occurred.", exception },
  };
}

/** The kinds of refusals. */
export type RefusalKind = keyof typeof kinds;

/** The shape of a refusal in an era (`protocol.md` §8.1, recordings under `test/golden`). */
export function refusalShape(kind: RefusalKind, details: RefusalDetails, era: Era): RefusalShape {
  const found: ShapeOf = kinds[kind];
  return typeof found === "function" ? found(era, details) : found;
}
