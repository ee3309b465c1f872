import { shorten } from "../../base/text.js";
import { problemSlug } from "../../wire/problem.js";
import { Problem } from "../../wire/records/problem.js";
import {
  ApiError,
  ClockSkewError,
  ConflictError,
  ForbiddenError,
  GraphqlError,
  NotFoundError,
  QuotaExceededError,
  RateLimitedError,
  type Refusal,
  ServerError,
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

/** Without a word of the server: a rate limit's window is 15 minutes, and a second suffices for a burst. */
const defaultRetryMs = 1000;

/** The error class of a failed answer (`protocol.md` §8.1). */
export function errorOf(answer: FailedAnswer): ApiError {
  const problem = readProblem(answer.body);
  const refusal: Refusal = {
    status: answer.status,
    method: answer.method,
    path: answer.path,
    problem,
    detail: problem ? undefined : wordsOf(answer),
    body: shorten(answer.body, 4096),
  };
  if (answer.status >= 500) {
    return new ServerError(refusal);
  }
  return clientErrorOf(answer, refusal, problem && problemSlug(problem));
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
      return new RateLimitedError(retryAfterMs(answer.header("retry-after")), refusal);
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
    typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error),
  );
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

function retryAfterMs(header: string | undefined): number {
  const seconds = Number(header ?? "");
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : defaultRetryMs;
}

function dateOf(header: string | undefined): Date | undefined {
  const time = Date.parse(header ?? "");
  return Number.isNaN(time) ? undefined : new Date(time);
}
