import { ApiError, ConflictError, GroupNotFoundError, QuotaExceededError } from "../../api/errors.js";
import { type StartObstacle, StartRefusedError } from "../../base/startErrors.js";
import { shortImage } from "../sessionTree.js";
import type { StartRequest } from "./startRequest.js";

/**
 * What the server's refusal of a new session means for the person; anything else is returned as it came. Servers have one slug for
 * many mistakes (`invalid-api-params`, `object-not-found`), so that their title or sentence tells where no slug does.
 * @param error What create rejected with.
 */
export function startRefusal(error: unknown, request: StartRequest): unknown {
  if (error instanceof GroupNotFoundError && request.group === undefined) {
    return error; // it is the group that the account has for all sessions, and is changed there
  }
  const obstacle = error instanceof ApiError ? obstacleOf(error) : undefined;
  return obstacle === undefined || !(error instanceof ApiError)
    ? error
    : new StartRefusedError(obstacle, sentences[obstacle](request, wordsOf(error)), { cause: error });
}

const sentences: Readonly<Record<StartObstacle, (request: StartRequest, words: string) => string>> = {
  quota: (_, words) => `A limit of your account is reached${words}.`,
  image: ({ image }) => `The server does not have the image ${shortImage(image)} any more.`,
  group: ({ group }) =>
    `You have no group (project)${group === undefined ? " of that name" : ` ${group}`} there.`,
  resourceGroup: ({ resourceGroup }) =>
    resourceGroup === undefined
      ? "No resource group is open to you for such a session."
      : `The resource group ${resourceGroup} is not there, or not open to you for such a session.`,
  name: ({ name }) => `A session named ${name ?? "like that"} is there already.`,
  tooLarge: (_, words) => `That is more than it may have${words}.`,
  tooSmall: (_, words) => `That is less than the image needs${words}.`,
  dependencies: () => "A session that it should wait for is not there.",
};

/** The slugs that mean one thing alone (`protocol.md` §8.1). */
const bySlug: Readonly<Record<string, StartObstacle>> = {
  "image-not-found": "image",
  "group-not-found": "group",
  "project-not-found": "group",
  "scaling-group-not-found": "resourceGroup",
  "unresolvable-resource-group": "resourceGroup",
};

const byWords: readonly (readonly [RegExp, StartObstacle])[] = [
  [/no such (environment )?image|unknown image/i, "image"],
  [/scaling group|resource group/i, "resourceGroup"],
  [/no such user group|invalid group|project not found/i, "group"],
  [/dependency list/i, "dependencies"],
  [/larger than|exceeds? the maximum/i, "tooLarge"],
  [/smaller than/i, "tooSmall"],
];

function obstacleOf(error: ApiError): StartObstacle | undefined {
  if (error instanceof QuotaExceededError) {
    return "quota";
  }
  if (error instanceof ConflictError) {
    return "name";
  }
  const words = `${error.problem?.title ?? ""} ${error.problem?.msg ?? ""}`;
  return bySlug[error.slug ?? ""] ?? byWords.find(([pattern]) => pattern.test(words))?.[1];
}

/** The server's own words, after a colon. */
function wordsOf({ serverMessage }: ApiError): string {
  return serverMessage === undefined ? "" : `: ${serverMessage.replace(/\.$/, "")}`;
}
