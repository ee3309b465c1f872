import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { ForbiddenError } from "../../../api/errors.js";
import type { BackendAIClient, SessionSummary } from "../../../api/index.js";
import { wordsFor } from "../../../platform/describeError.js";
import { showError } from "../../../platform/messages.js";
import { withProgress, withSessionsProgress } from "../../../platform/progress.js";
import {
  showErrorMessage,
  showInformationMessage,
  showWarningMessage,
} from "../../../platform/shown/notifications.js";
import { isReleaseAtLeast } from "../../../wire/version.js";
import { phaseOf } from "../../../wire/status.js";
import {
  destroyMany,
  type DestroyOutcome,
  failuresInWords,
  namesOf,
  sessionsInWords,
} from "../../lifecycle/destroyMany.js";
import type { LifecycleDeps } from "./lifecycleDeps.js";

const byForce = l10n.t("Destroy by Force…");
const retry = l10n.t("Retry");
const showLog = l10n.t("Show Log");

type DestroyDeps = Pick<LifecycleDeps, "account" | "feed" | "logger">;

/** Asks, destroys sessions a few at a time, and names those that were not, with a way to try again. */
export async function destroySessions(
  deps: DestroyDeps,
  sessions: readonly SessionSummary[],
  {
    forced,
    asks,
    signal,
  }: { readonly forced: boolean; readonly asks: boolean; readonly signal: AbortSignal },
): Promise<void> {
  if (sessions.length === 0) {
    return;
  }
  const client = await deps.account.client(signal);
  if (!asks || (await (forced ? confirmForce(client, sessions) : confirm(sessions)))) {
    await destroy(deps, client, sessions, forced, signal);
  }
}

async function destroy(
  deps: DestroyDeps,
  client: BackendAIClient,
  sessions: readonly SessionSummary[],
  forced: boolean,
  signal: AbortSignal,
): Promise<void> {
  const outcome = await withSuitableProgress(sessions, signal, (ending, onProgress) =>
    destroyMany(client, sessions, { forced, signal: ending, onProgress }),
  );
  await deps.feed.refresh().catch(() => undefined); // the store tells
  for (const { session, error } of outcome.failures) {
    deps.logger.warn(`session ${session.name} was not destroyed: ${wordsFor(error)}`);
  }
  if (outcome.failures.length > 0) {
    // Not awaited: the command is over, whether or not anyone reads the message.
    void offerRetry(deps, client, outcome, forced, signal);
  } else if (outcome.skipped.length > 0) {
    void showInformationMessage(
      outcome.destroyed.length === 1
        ? l10n.t("1 session destroyed, {0} left as they are.", outcome.skipped.length)
        : l10n.t(
            "{0} sessions destroyed, {1} left as they are.",
            outcome.destroyed.length,
            outcome.skipped.length,
          ),
    );
  }
}

/** One session shows in the view alone; many have a notification with a count and Cancel. */
async function withSuitableProgress(
  { length }: readonly SessionSummary[],
  signal: AbortSignal,
  work: (signal: AbortSignal, onProgress: (done: number) => void) => Promise<DestroyOutcome>,
): Promise<DestroyOutcome> {
  if (length > 1) {
    return withProgress(
      l10n.t("Destroying {0} sessions", length),
      (ending, report) => work(ending, (done) => report(l10n.t("{0} of {1}", done, length))),
      signal,
    );
  }
  return withSessionsProgress(async () => work(signal, () => undefined));
}

async function offerRetry(
  deps: DestroyDeps,
  client: BackendAIClient,
  outcome: DestroyOutcome,
  forced: boolean,
  signal: AbortSignal,
): Promise<void> {
  const text = failuresInWords(outcome, wordsFor);
  // Servers refuse to end sessions that are on their way up or down, but for force.
  const isRefused = !forced && outcome.failures.some(({ error }) => error instanceof ForbiddenError);
  const buttons = isRefused ? [retry, byForce, showLog] : [retry, showLog];
  const answer = await showErrorMessage(text, ...buttons);
  const again = outcome.failures.map(({ session }) => session);
  try {
    if (answer === retry) {
      await destroy(deps, client, again, forced, signal);
    } else if (answer === byForce) {
      await destroySessions(deps, again, { forced: true, asks: true, signal });
    } else if (answer === showLog) {
      await vscode.commands.executeCommand("backendai.log.show");
    }
  } catch (error) {
    await showError(error, "destroy again", deps.logger); // for programs
  }
}

async function confirm(sessions: readonly SessionSummary[]): Promise<boolean> {
  const waiting = sessions.filter(({ status }) => phaseOf(status) === "waiting").length;
  const detail = [
    namesOf(sessions),
    waiting === sessions.length
      ? l10n.t("They still wait: their requests are taken back, and nothing is lost.")
      : l10n.t("Running programs end, and files outside virtual folders are deleted."),
  ];
  return ask(l10n.t("Destroy {0}?", sessionsInWords(sessions)), detail, l10n.t("Destroy"));
}

async function confirmForce(client: BackendAIClient, sessions: readonly SessionSummary[]): Promise<boolean> {
  const detail = [
    namesOf(sessions),
    l10n.t(
      "For sessions that do not end otherwise. The server forgets them without waiting for their agent: a container may be left behind and go on using what it holds. Files outside virtual folders are lost.",
    ),
    isReleaseAtLeast(client.dialect.manager, "22.03")
      ? ""
      : l10n.t("This release lets only administrators do it."),
  ];
  return ask(l10n.t("Destroy {0} by force?", sessionsInWords(sessions)), detail, l10n.t("Destroy by Force"));
}

async function ask(question: string, detail: readonly string[], button: string): Promise<boolean> {
  const text = detail.filter((part) => part !== "").join("\n\n");
  const options = { modal: true, detail: text };
  return (await showWarningMessage(question, options, button)) === button;
}
