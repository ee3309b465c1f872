import * as l10n from "@vscode/l10n";
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
  quota: (_, words) => l10n.t("A limit of your account is reached{0}.", words),
  image: ({ image }) => l10n.t("The server does not have the image {0} any more.", shortImage(image)),
  group: ({ group }) =>
    group === undefined
      ? l10n.t("You have no group (project) of that name there.")
      : l10n.t("You have no group (project) {0} there.", group),
  resourceGroup: ({ resourceGroup }) =>
    resourceGroup === undefined
      ? l10n.t("No resource group is open to you for such a session.")
      : l10n.t("The resource group {0} is not there, or not open to you for such a session.", resourceGroup),
  name: ({ name }) =>
    name === undefined
      ? l10n.t("A session named like that is there already.")
      : l10n.t("A session named {0} is there already.", name),
  tooLarge: (_, words) => l10n.t("That is more than it may have{0}.", words),
  tooSmall: (_, words) => l10n.t("That is less than the image needs{0}.", words),
  dependencies: () => l10n.t("A session that it should wait for is not there."),
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
