import * as l10n from "@vscode/l10n";
import type { BackendAIClient, SessionImage, SessionSummary } from "../../api/index.js";
import { wordsFor } from "../../platform/describeError.js";
import { withProgress } from "../../platform/progress.js";
import { showInformationMessage, showWarningMessage } from "../../platform/shown/notifications.js";
import type { SessionStarter } from "../sessionStarter.js";
import type { StartRequest } from "../start/startRequest.js";
import { shortImage } from "../sessionTree.js";

/** Starts a session behind a notification that tells each step and what it waits for; Cancel takes the request back. */
export async function startWithProgress(
  starter: SessionStarter,
  client: BackendAIClient,
  image: SessionImage,
  outer: AbortSignal,
  request: Partial<StartRequest> = {},
): Promise<SessionSummary> {
  const { startWords } = await import("../start/startWords.js");
  const title = l10n.t("Starting a session of {0}", shortImage(image.reference));
  return withProgress(
    title,
    (signal, report) =>
      starter.start(client, image, {
        signal,
        request,
        onProgress: (progress) => report(startWords(progress)),
        onTakenBack: tellTakenBack,
      }),
    outer,
  );
}

/** Whoever cancels wants to know that nothing is left that costs. */
function tellTakenBack(name: string, failure: unknown): void {
  if (failure === undefined) {
    void showInformationMessage(l10n.t("The request for session {0} was taken back.", name));
  } else {
    void showWarningMessage(
      l10n.t(
        "The request for session {0} could not be taken back, and may still start: destroy it in the Sessions view. {1}",
        name,
        wordsFor(failure),
      ),
    );
  }
}
