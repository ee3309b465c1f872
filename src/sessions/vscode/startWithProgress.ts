import type { BackendAIClient, SessionImage, SessionSummary } from "../../api/index.js";
import { withProgress } from "../../platform/progress.js";
import type { SessionStarter } from "../sessionStarter.js";
import { shortImage } from "../sessionTree.js";

/**
 * Starts a session behind a notification that tells each status; Cancel takes the request back.
 * @param mounts Names of virtual folders that it is to have.
 */
export async function startWithProgress(
  starter: SessionStarter,
  client: BackendAIClient,
  image: SessionImage,
  outer: AbortSignal,
  mounts: readonly string[] = [],
): Promise<SessionSummary> {
  const title = `Starting a session of ${shortImage(image.reference)}`;
  return withProgress(
    title,
    (signal, report) =>
      starter.start(client, image, { signal, mounts, onStatus: (status) => report(status.toLowerCase()) }),
    outer,
  );
}
