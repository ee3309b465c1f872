import * as l10n from "@vscode/l10n";
import type { SessionDetail } from "../../../api/index.js";
import { SchedulerData } from "../../../wire/records/session.js";
import { amountOf, type Slots, slotsInWords } from "../../start/slots.js";
import { type Obstacle, obstacleOf, type Refusal, type Remedy } from "./obstacles.js";

/** What else is known, for releases that say nothing themselves. */
export interface PendingContext {
  /** How many sessions are before it in its queue. */
  readonly position?: number | undefined;
  /** What is left, by whose limit it is. */
  readonly remaining?:
    | {
        readonly keypair?: Slots | undefined;
        readonly group?: Slots | undefined;
        readonly resourceGroup?: Slots | undefined;
      }
    | undefined;
}

/** Why a session does not run yet, in words for people. */
export interface PendingReason {
  /** Sentences that name the causes, the one that counts most first. */
  readonly causes: readonly string[];
  /** Sentences that say what would help. */
  readonly help: readonly string[];
  readonly remedy: Remedy;
  /** Whether a cause is known; else only that it waits. */
  readonly isKnown: boolean;
  /** What the server itself said, for those who want to know. */
  readonly words: readonly string[];
}

/** The waiting that is no queue: what happens at each status (`protocol.md` §3.6). */
const stages: Readonly<Record<string, string>> = {
  SCHEDULED: l10n.t("An agent has been chosen for it: it starts within a minute."),
  DEPRIORITIZING: l10n.t("Its place was given to a more urgent session; it is put back into the queue."),
  RESERVED: l10n.t("A place is kept for it while less urgent sessions end."),
  PREEMPTED: l10n.t("It had to make room for a more urgent session and starts again by itself."),
  RESCHEDULING: l10n.t("It is being moved to another agent."),
  SUSPENDED: l10n.t("It was suspended."),
  PREPARING: l10n.t("Its containers are being prepared."),
  BUILDING: l10n.t("Its image is being built."),
  PULLING: l10n.t("Its image is being pulled to the agent, which takes minutes the first time."),
  PREPARED: l10n.t("Its image is there: the containers come next."),
  CREATING: l10n.t("Its containers are being made."),
  RESTARTING: l10n.t("It is restarting."),
  RESIZING: l10n.t("It is being resized."),
};

/**
 * Why a session waits. Never fails: whatever a server says is told, in its own words where nobody here knows them.
 * @param detail As the server tells it now.
 * @param context What else is known; servers from 26.4 on say nothing of their reasons.
 */
export function pendingReason(detail: SessionDetail, context: PendingContext = {}): PendingReason {
  const stage = stages[detail.status];
  if (stage !== undefined) {
    const words = serverWords(detail);
    const help = [l10n.t("It goes on by itself.")];
    return { causes: [stage], help, remedy: "showDetails", isKnown: false, words };
  }
  const known = toldBy(detail);
  const found = known.length > 0 ? known : guessedFrom(detail, context);
  const obstacles = found.length > 0 ? found : [inLine(context.position)];
  const remedies = obstacles.map(({ remedy }) => remedy);
  return {
    causes: unique(obstacles.map(({ cause }) => cause)),
    help: unique(obstacles.map(({ help }) => help)),
    // What ends the waiting for good is of more use than what makes it shorter.
    remedy: remedies.find((remedy) => remedy === "cancel") ?? remedies[0] ?? "showDetails",
    isKnown: found.length > 0,
    words: serverWords(detail),
  };
}

/** What the scheduler said, oldest and newest releases included. */
function toldBy(detail: SessionDetail): readonly Obstacle[] {
  const { scheduler, error } = SchedulerData.safeParse(detail.statusData ?? {}).data ?? {};
  const about = (msg: string): Refusal => ({
    msg,
    dependencies: detail.dependencies,
    resourceGroup: detail.resourceGroup,
  });
  const failed = scheduler?.failed_predicates ?? [];
  if (failed.length > 0) {
    return failed.map(({ name, msg }) => obstacleOf(name, about(msg ?? "")));
  }
  const info = infoOf(detail);
  if (scheduler?.msg || info === "no-available-instances") {
    return [obstacleOf("no-available-instances", about(scheduler?.msg ?? ""))];
  }
  if (info === "scheduler-error") {
    const words = error?.repr ?? error?.name;
    return [
      {
        cause: words
          ? l10n.t("The scheduler of the server failed: {0}.", words)
          : l10n.t("The scheduler of the server failed."),
        help: l10n.t("It tries again by itself; if it goes on, ask an administrator."),
        remedy: "showDetails",
      },
    ];
  }
  return info === undefined || isRoutine(info) ? [] : [obstacleOf(info, about(info))];
}

/** What the server's figures say where its scheduler is silent. */
function guessedFrom(detail: SessionDetail, { remaining }: PendingContext): readonly Obstacle[] {
  const about = { msg: "", dependencies: detail.dependencies, resourceGroup: detail.resourceGroup };
  const unmet = detail.dependencies.filter(({ status }) => status !== "TERMINATED");
  const short = (left: Slots | undefined): boolean =>
    left !== undefined && exceeds(detail.requestedSlots, left);
  return [
    ...(unmet.length > 0 ? [obstacleOf("dependencies", { ...about, dependencies: unmet })] : []),
    ...(short(remaining?.keypair) ? [obstacleOf("keypair_resource_limit", about)] : []),
    ...(short(remaining?.group) ? [obstacleOf("user_group_resource_limit", about)] : []),
    ...(short(remaining?.resourceGroup)
      ? [
          withFigures(
            obstacleOf("no-available-instances", about),
            detail.requestedSlots,
            remaining?.resourceGroup,
          ),
        ]
      : []),
  ];
}

function withFigures(obstacle: Obstacle, wanted: Slots, left: Slots | undefined): Obstacle {
  const asked = Object.fromEntries(Object.keys(wanted).map((name) => [name, left?.[name] ?? 0]));
  const free = slotsInWords(asked);
  const rest = free === "" ? l10n.t("Free there: nothing of it.") : l10n.t("Free there: {0}.", free);
  return { ...obstacle, cause: `${obstacle.cause} ${rest}` };
}

/** Whether more is wanted of something than is left. What the server has no figure for does not count. */
function exceeds(wanted: Slots, left: Slots): boolean {
  return Object.entries(wanted).some(([name, amount]) => {
    const rest = amountOf(left[name]);
    return rest !== undefined && (amountOf(amount) ?? 0) > rest;
  });
}

function inLine(position: number | undefined): Obstacle {
  return {
    cause:
      position === undefined
        ? l10n.t("It waits for its turn; this server does not say for what.")
        : position === 0
          ? l10n.t("It is the next in the queue of its resource group.")
          : position === 1
            ? l10n.t("1 session is before it in the queue of its resource group.")
            : l10n.t("{0} sessions are before it in the queue of its resource group.", position),
    help: l10n.t("It starts by itself when there is room."),
    remedy: "showDetails",
  };
}

/** Words of every day that name no reason. */
function isRoutine(info: string): boolean {
  return /^(scheduled|session enqueued|enqueued|pending|predicate-checks-failed|triggered-by-scheduler|user-requested)$/i.test(
    info,
  );
}

/** Python's word for nothing is what some releases send. */
function infoOf({ statusInfo }: SessionDetail): string | undefined {
  return statusInfo === undefined || statusInfo === "None" ? undefined : statusInfo; // for programs
}

function serverWords(detail: SessionDetail): readonly string[] {
  const { scheduler, error } = SchedulerData.safeParse(detail.statusData ?? {}).data ?? {};
  const failed = (scheduler?.failed_predicates ?? []).map(({ name, msg }) =>
    msg ? `${name}: ${msg}` : name,
  );
  return unique(
    [infoOf(detail), scheduler?.msg, ...failed, error?.repr].flatMap((words) => (words ? [words] : [])),
  );
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
