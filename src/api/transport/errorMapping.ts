import { maskKnownSecrets } from "../../base/secrets/knownSecrets.js";
import { shorten } from "../../base/text.js";
import { problemSlug } from "../../wire/problem.js";
import { Problem } from "../../wire/records/problem.js";
import {
  ApiError,
  ClockSkewError,
  ConflictError,
  ForbiddenError,
  GatewayError,
  GraphqlError,
  GroupNotFoundError,
  LoginBlockedError,
  NotFoundError,
  QuotaExceededError,
  RateLimitedError,
  type Refusal,
  ServerError,
  ServerFrozenError,
  UnauthorizedError,
} from "../errors.js";

/** An answer that is no success. */
export interface FailedAnswer {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly body: string;
  /** Value of a response header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** When the request was signed. */
  readonly sentAt: Date;
}

/** What old and new servers say of a group, or a domain, that is not there or not for the caller. */
const unknownGroup = /^(Invalid (group|domain)\b|Unknown project\b)|No such (user group|domain)\b/;

/** The error class of a failed answer (`protocol.md` §8.1). */
export function errorOf(failed: FailedAnswer): ApiError {
  // A server may say back what it was sent; from here its words go into messages, logs and terminals.
  const answer = { ...failed, body: maskKnownSecrets(failed.body) };
  const told = readProblem(answer.body);
  const type = readProblem(failed.body)?.type; // a name of the protocol, whatever somebody's password is
  const problem = told && { ...told, type: type ?? told.type };
  const refusal: Refusal = {
    status: answer.status,
    method: answer.method,
    path: answer.path,
    problem,
    detail: problem ? undefined : wordsOf(answer),
    body: shorten(answer.body, 4096),
    location: answer.header("location"),
  };
  const slug = problem && problemSlug(problem);
  return answer.status >= 500
    ? serverErrorOf(answer.status, refusal, slug)
    : clientErrorOf(answer, refusal, slug);
}

function serverErrorOf(status: number, refusal: Refusal, slug: string | undefined): ServerError {
  if (slug === "server-frozen") {
    return new ServerFrozenError(refusal);
  }
  // A proxy in front of a server that is down says so without a problem body.
  const isGateway =
    slug === "bad-gateway" ||
    slug === "manager-connection-unavailable" ||
    (slug === undefined && status >= 502 && status <= 504);
  return isGateway ? new GatewayError(refusal) : new ServerError(refusal);
}

function clientErrorOf(answer: FailedAnswer, refusal: Refusal, slug: string | undefined): ApiError {
  if (slug === "quota-exceeded") {
    return new QuotaExceededError(refusal);
  }
  if (slug === "graphql-error") {
    return new GraphqlError(messagesOf(refusal.problem?.data), refusal);
  }
  if (slug === "invalid-auth-params" && /date/i.test(refusal.problem?.msg ?? "")) {
    return new ClockSkewError(answer.sentAt, dateOf(answer.header("date")), refusal);
  }
  if (isUnknownGroup(refusal, slug)) {
    return new GroupNotFoundError(refusal);
  }
  switch (answer.status) {
    case 401:
      return new UnauthorizedError(refusal);
    case 403:
      return new ForbiddenError(refusal);
    case 404:
      return new NotFoundError(refusal);
    case 409:
      return new ConflictError(refusal);
    case 429:
      return rateLimitOf(answer, refusal, slug);
    default:
      return slug === "session-already-exists" ? new ConflictError(refusal) : new ApiError(refusal);
  }
}

/**
 * Whether a failure may pass by itself: a 500 that names no cause. Managers of 23.09 answer so now and then while sessions come
 * and go, as the transactions of their database collide (`real-servers.md`).
 */
export function isStumble(error: unknown): boolean {
  return error instanceof ServerError && error.status === 500 && error.slug === "internal-server-error";
}

/** The messages in a list of GraphQL errors, each of which is a text or an object with one. */
export function messagesOf(errors: unknown): string[] {
  return (Array.isArray(errors) ? errors : []).map((error: unknown) =>
    textOf(typeof error === "object" && error !== null && "message" in error ? error.message : error),
  );
}

/** Not by `String`: a server's object may have a `toString` that is no function. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The problem in a body; `undefined` when it is no problem body. */
export function readProblem(body: string): Problem | undefined {
  try {
    const json: unknown = JSON.parse(body);
    const parsed = Problem.safeParse(json);
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // a proxy's HTML, a plain text
  }
}

function wordsOf(answer: FailedAnswer): string {
  const location = answer.header("location");
  return location !== undefined && answer.status < 400
    ? "a redirect, which is not followed"
    : shorten(answer.body.replaceAll(/\s+/g, " ").trim(), 200);
}

function isUnknownGroup({ problem }: Refusal, slug: string | undefined): boolean {
  return (
    slug === "group-not-found" ||
    slug === "project-not-found" ||
    [problem?.msg, problem?.title].some((words) => unknownGroup.test(words ?? ""))
  );
}

function rateLimitOf(answer: FailedAnswer, refusal: Refusal, slug: string | undefined): RateLimitedError {
  const retryMs = retryAfterMs(answer.header("retry-after"));
  const isLogin =
    slug === "too-many-requests" ||
    slug === "login-blocked" ||
    /failed login/i.test(refusal.problem?.msg ?? "");
  if (isLogin) {
    return new LoginBlockedError(retryMs, refusal);
  }
  const limit = Number(answer.header("x-ratelimit-limit") ?? "");
  return new RateLimitedError(retryMs, refusal, limit > 0 ? limit : undefined);
}

/** 0 without a word of the server, as is usual. */
function retryAfterMs(header: string | undefined): number {
  const seconds = Number(header ?? "");
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : 0;
}

function dateOf(header: string | undefined): Date | undefined {
  const time = Date.parse(header ?? "");
  return Number.isNaN(time) ? undefined : new Date(time);
}
