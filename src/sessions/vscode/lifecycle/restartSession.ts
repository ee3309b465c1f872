import * as l10n from "@vscode/l10n";
import { NotFoundError } from "../../../api/errors.js";
import type { BackendAIClient, SessionImage, SessionSummary } from "../../../api/index.js";
import { deadline, delay } from "../../../base/abort.js";
import { ConfigurationError, UnsupportedError } from "../../../base/errors.js";
import { withProgress, withSessionsProgress } from "../../../platform/progress.js";
import { showInformationMessage, showWarningMessage } from "../../../platform/shown/notifications.js";
import { phaseOf } from "../../../wire/status.js";
import { fateOfFiles, type Likeness, likenessOf } from "../../lifecycle/startAgain.js";
import { shortImage } from "../../sessionTree.js";
import { startWords } from "../../start/startWords.js";
import { downloadFiles } from "./downloadFiles.js";
import type { LifecycleDeps } from "./lifecycleDeps.js";

/** How long a session may take to end before its name is given up; busy ones took 14 s. */
const endMs = 90_000;
const lookMs = 500;

/** Restarts a session after a question; where the server can't, offers to destroy it and start one like it. */
export async function restartSession(
  deps: LifecycleDeps,
  session: SessionSummary,
  signal: AbortSignal,
): Promise<void> {
  const client = await deps.account.client(signal);
  if (!client.dialect.can.restart) {
    await offerStartAgain(deps, client, session, signal);
    return;
  }
  const detail = l10n.t("Running programs and terminals end; files stay.");
  const question = l10n.t("Restart session {0}?", session.name);
  const restart = l10n.t("Restart");
  if ((await showWarningMessage(question, { modal: true, detail }, restart)) !== restart) {
    return;
  }
  try {
    await withSessionsProgress(async () => client.sessions.restart(session.id, { signal }));
    await deps.feed.refresh();
  } catch (error) {
    if (!(error instanceof UnsupportedError)) {
      throw error;
    }
    await offerStartAgain(deps, client, session, signal);
  }
}

/** Nothing is destroyed before it is sure what to start in its place. */
async function offerStartAgain(
  deps: LifecycleDeps,
  client: BackendAIClient,
  session: SessionSummary,
  signal: AbortSignal,
): Promise<void> {
  const [likeness, images] = await Promise.all([
    likenessOf(client, session.id, { signal }),
    client.images.list({ signal }),
  ]);
  const { image: wanted, mounts = [] } = likeness.request;
  const image = images.find(({ reference }) => reference === wanted);
  if (image === undefined) {
    throw new ConfigurationError(
      "image",
      l10n.t(
        "This server can't restart sessions, and does not have the image {0} any more to start {1} again.",
        shortImage(wanted),
        session.name,
      ),
    );
  }
  const again = l10n.t("Destroy and Start Again");
  const answer = await showWarningMessage(
    l10n.t("This server can't restart sessions. Destroy {0} and start it again?", session.name),
    {
      modal: true,
      detail: `${l10n.t("The new session has the same image, resources, folders and name.")}\n\n${fateOfFiles(mounts)}`,
    },
    again,
    l10n.t("Download My Files"),
  );
  if (answer === again) {
    await startAgain(deps, client, { session, likeness, image }, signal);
  } else if (answer !== undefined) {
    await downloadFiles(deps, session.name);
  }
}

async function startAgain(
  { feed, starter }: LifecycleDeps,
  client: BackendAIClient,
  {
    session,
    likeness,
    image,
  }: { readonly session: SessionSummary; readonly likeness: Likeness; readonly image: SessionImage },
  signal: AbortSignal,
): Promise<void> {
  await withProgress(
    l10n.t("Starting {0} again", session.name),
    async (working, report) => {
      report(l10n.t("destroying it"));
      await client.sessions.destroy(session.id, {}, { signal: working });
      await untilGone(client, session, working);
      await feed.refresh().catch(() => undefined); // the store tells
      await starter.start(client, image, {
        signal: working,
        request: likeness.request,
        onProgress: (progress) => report(startWords(progress)),
      });
    },
    signal,
  );
  void showInformationMessage(l10n.t("Session {0} was started again.", session.name));
}

/** Its name is taken until then. */
async function untilGone(
  client: BackendAIClient,
  { id, name }: SessionSummary,
  signal: AbortSignal,
): Promise<void> {
  // for programs
  const limit = deadline(endMs, "total", `the end of session ${name}`);
  const both = AbortSignal.any([signal, limit.signal]);
  try {
    for (;;) {
      const { status } = await client.sessions.summary(id, { signal: both });
      if (phaseOf(status) === "ended") {
        return;
      }
      await delay(lookMs, both);
    }
  } catch (error) {
    if (!(error instanceof NotFoundError)) {
      throw error;
    }
  } finally {
    limit.clear();
  }
}
