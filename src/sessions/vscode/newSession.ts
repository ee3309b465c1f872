import * as l10n from "@vscode/l10n";
import type { Account } from "../../account/account.js";
import { isOnThisComputer } from "../../account/target.js";
import type { BackendAIClient, SessionSummary } from "../../api/index.js";
import { imageFor } from "../imageChoice.js";
import type { SessionStarter } from "../sessionStarter.js";
import { pickImage } from "./imagePick.js";
import { startWithProgress } from "./startWithProgress.js";

/**
 * Starts a session because something needs one; `undefined` when the person closed the question. On this computer a session
 * costs nothing, so any will do; on a cluster it takes resources, and a person chooses its image.
 */
export async function newSession(
  { account, starter }: { readonly account: Account; readonly starter: SessionStarter },
  client: BackendAIClient,
  signal: AbortSignal,
): Promise<SessionSummary | undefined> {
  const images = await client.images.list({ signal });
  const { state } = account.connection;
  const isFree = state.phase === "connected" && isOnThisComputer(state.target);
  const image = isFree
    ? imageFor(images, undefined)
    : await pickImage(images, l10n.t("No session is running. Image of a new one:"));
  return image && startWithProgress(starter, client, image, signal);
}
