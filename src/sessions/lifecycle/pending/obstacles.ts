import * as l10n from "@vscode/l10n";
import { parseSlots, slotsInWords } from "../../start/slots.js";

/** What helps most against an obstacle, which is the button that is offered. */
export type Remedy = "startSmaller" | "endAnother" | "cancel" | "showDetails";

/** What keeps a session in the queue, in words for people. */
export interface Obstacle {
  /** One sentence that names the cause. */
  readonly cause: string;
  /** One sentence that says what would help. */
  readonly help: string;
  readonly remedy: Remedy;
}

/** What is known of the one who refused. */
export interface Refusal {
  /** The server's words; empty where it gave none. */
  readonly msg: string;
  /** Names of sessions that have to end before, as far as they are known. */
  readonly dependencies: readonly { readonly name: string; readonly status: string }[];
  readonly resourceGroup: string | undefined;
}

type Describe = (refusal: Refusal) => Obstacle;

/** A limit of slots that is reached, whoever has it. */
function quota(cause: string, help: string): Describe {
  return ({ msg }) => ({
    cause: `${cause}${limitInWords(msg)}`,
    help,
    remedy: "startSmaller",
  });
}

const endOne = l10n.t("Ask for less, or end another session of yours.");
const othersToo = l10n.t("Ask for less, end another session, or wait until somebody else's ends.");

const reservedTime: Describe = ({ msg }) => {
  const at = /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?/.exec(msg)?.[0];
  const time = at === undefined ? Number.NaN : Date.parse(at);
  return {
    cause: Number.isNaN(time)
      ? l10n.t("It was asked to start later, and its time has not come.")
      : l10n.t("It was asked to start at {0}.", new Date(time).toLocaleString()),
    help: l10n.t("It starts by itself then."),
    remedy: "showDetails",
  };
};

const dependencies: Describe = ({ msg, dependencies: known }) => {
  const named = /\((.*)\)\s*$/s.exec(msg)?.[1]?.replaceAll(/ \([0-9a-f-]{36}\)/g, "");
  const names = named ?? known.map(({ name }) => name).join(", ");
  const over = known.filter(({ status }) => ["TERMINATED", "CANCELLED", "ERROR"].includes(status));
  const dead = over.filter(({ name }) => named === undefined || named.includes(name)).map(({ name }) => name);
  return dead.length > 0
    ? {
        cause: l10n.t("It waits for {0} to succeed, which ended without success.", dead.join(", ")),
        help: l10n.t(
          "It will never start: cancel the request, and start it again when the other has succeeded.",
        ),
        remedy: "cancel",
      }
    : {
        cause:
          names === ""
            ? l10n.t("It waits for other sessions to succeed.")
            : l10n.t("It waits for other sessions to succeed: {0}.", names),
        help: l10n.t("It starts by itself when they have."),
        remedy: "showDetails",
      };
};

const concurrency: Describe = ({ msg }) => {
  const most = /more than (\d+)/.exec(msg)?.[1];
  return {
    cause:
      most === undefined
        ? l10n.t("As many of your sessions run as may run at once.")
        : l10n.t("Only {0} of your sessions may run at once, and {0} do.", most),
    help: l10n.t("It starts by itself when one of them ends."),
    remedy: "endAnother",
  };
};

const pendingCount: Describe = ({ msg }) => {
  const most = /more than (\d+)/.exec(msg)?.[1];
  return {
    cause:
      most === undefined
        ? l10n.t("Too many of your sessions wait.")
        : l10n.t("Too many of your sessions wait: {0} may.", most),
    help: l10n.t("Cancel those that you do not need."),
    remedy: "cancel",
  };
};

const pendingSlots: Describe = ({ msg }) => ({
  cause: `${l10n.t("Your waiting sessions ask for more than may wait at once.")}${limitInWords(msg)}`,
  help: l10n.t("Ask for less, or cancel those that you do not need."),
  remedy: "startSmaller",
});

const resourceGroup: Describe = ({ msg, resourceGroup: name }) => ({
  cause:
    name === undefined
      ? l10n.t("The resource group can't be used for it{0}.", wordsIn(msg))
      : l10n.t("The resource group {0} can't be used for it{1}.", name, wordsIn(msg)),
  help: l10n.t("Cancel the request and start it in another resource group."),
  remedy: "cancel",
});

/** Agents, as far as the server's words tell what they lack. */
const agents: Describe = ({ msg, resourceGroup: name }) => {
  if (/architecture/i.test(msg)) {
    return {
      cause:
        name === undefined
          ? l10n.t("No agent can run this image: its processors are of another architecture.")
          : l10n.t(
              "No agent of the resource group {0} can run this image: its processors are of another architecture.",
              name,
            ),
      help: l10n.t("Cancel the request and choose another image or resource group."),
      remedy: "cancel",
    };
  }
  if (/limit of the number of containers|container limit/i.test(msg)) {
    return {
      cause:
        name === undefined
          ? l10n.t("Every agent runs as many containers as it may.")
          : l10n.t("Every agent of the resource group {0} runs as many containers as it may.", name),
      help: l10n.t("It starts by itself when a session there ends; another resource group may be free now."),
      remedy: "showDetails",
    };
  }
  if (/no agents? (are |is )?available (for|in)/i.test(msg)) {
    return {
      cause:
        name === undefined
          ? l10n.t("No agent is up.")
          : l10n.t("No agent of the resource group {0} is up.", name),
      help: l10n.t("Choose another resource group, or ask an administrator."),
      remedy: "cancel",
    };
  }
  if (/designated agent/i.test(msg)) {
    return {
      cause: l10n.t("The agent that was asked for has not so much left."),
      help: l10n.t("Ask for less, or for no agent in particular."),
      remedy: "startSmaller",
    };
  }
  return {
    cause:
      name === undefined
        ? l10n.t("No agent has so much free at once.")
        : l10n.t("No agent of the resource group {0} has so much free at once.", name),
    help: l10n.t("Ask for less, choose another resource group, or wait until sessions there end."),
    remedy: "startSmaller",
  };
};

const keypair = quota(l10n.t("The limit of your keypair has no room for it."), endOne);
const user = quota(l10n.t("The limit of your account has no room for it."), endOne);
const group = quota(l10n.t("The limit of your group (project) has no room for it."), othersToo);
const domain = quota(l10n.t("The limit of your domain has no room for it."), othersToo);

/**
 * What scheduler checks are called by, on servers of some release: predicates of 20.09 to 25.12, validators and errors of 25.13
 * on (`manager/scheduler/predicates.py`, `sokovan/scheduler/**`).
 */
const byName: Readonly<Record<string, Describe>> = {
  reserved_time: reservedTime,
  ReservedBatchSessionValidator: reservedTime,
  ReservedBatchSessionNotReady: reservedTime,
  dependencies,
  SessionDependenciesValidator: dependencies,
  DependenciesNotSatisfied: dependencies,
  concurrency,
  ConcurrencyLimitValidator: concurrency,
  ConcurrencyLimitExceeded: concurrency,
  pending_session_count_limit: pendingCount,
  PendingSessionCountLimitValidator: pendingCount,
  PendingSessionCountLimitExceeded: pendingCount,
  pending_session_resource_limit: pendingSlots,
  PendingSessionResourceLimitValidator: pendingSlots,
  PendingSessionResourceLimitExceeded: pendingSlots,
  keypair_resource_limit: keypair,
  KeypairResourceLimitValidator: keypair,
  KeypairResourceQuotaExceeded: keypair,
  user_resource_limit: user,
  UserResourceLimitValidator: user,
  UserResourceQuotaExceeded: user,
  user_group_resource_limit: group,
  group_resource_limit: group,
  GroupResourceLimitValidator: group,
  GroupResourceQuotaExceeded: group,
  ProjectResourceQuotaExceeded: group,
  domain_resource_limit: domain,
  DomainResourceLimitValidator: domain,
  DomainResourceQuotaExceeded: domain,
  scaling_group_resource_limit: resourceGroup,
  "no-available-instances": agents,
  NoAvailableAgentError: agents,
  NoCompatibleAgentError: agents,
  NoAgentsInResourceGroupError: agents,
  BatchAgentSelectionFailedError: agents,
};

/** A check of whatever name as an obstacle: one that nobody here knows is told in the server's words. */
export function obstacleOf(name: string, refusal: Refusal): Obstacle {
  const describe = Object.hasOwn(byName, name) ? byName[name] : byMessage(refusal.msg);
  return (
    describe?.(refusal) ?? {
      cause: l10n.t(
        "A rule of the server holds it back: {0}.",
        refusal.msg === "" ? name : refusal.msg.replace(/\.$/, ""),
      ),
      help: l10n.t("Wait, or ask an administrator."),
      remedy: "showDetails",
    }
  );
}

/** Servers of 25.13 give one name to several errors, and old ones nothing but a sentence. */
function byMessage(msg: string): Describe | undefined {
  return sentences.find(([words]) => words.test(msg))?.[1];
}

const sentences: readonly (readonly [RegExp, Describe])[] = [
  [/before start time|scheduled to start at/i, reservedTime],
  [/dependency sessions/i, dependencies],
  [/cannot run more than/i, concurrency],
  [/cannot create more than .* pending/i, pendingCount],
  [/pending session quota/i, pendingSlots],
  [/main-keypair resource quota/i, user],
  [/keypair resource quota/i, keypair],
  [/(group|project) resource quota/i, group],
  [/domain resource quota/i, domain],
  [
    /no available resource|no-available-instances|no scaling groups available|no (available )?agents/i,
    agents,
  ],
];

/** `" It is 8 cores · 16 GB memory."` of `"… is exceeded. (cpu=8 mem=16g)"`; empty where there are none. */
function limitInWords(msg: string): string {
  const inside = /\(([^()]*=[^()]*)\)\s*$/.exec(msg)?.[1];
  const typed = inside === undefined ? undefined : parseSlots(inside);
  const words = typed?.problem === undefined && typed !== undefined ? slotsInWords(typed.slots) : "";
  return words === "" ? "" : ` ${l10n.t("It is {0}.", words)}`;
}

function wordsIn(msg: string): string {
  return msg === "" ? "" : `: ${msg.trim().replace(/\.$/, "")}`;
}
