import type { BackendAIClient, SessionSummary } from "../../../api/index.js";
import { serverIdOf } from "../../../account/target.js";
import { likenessOf } from "../../lifecycle/startAgain.js";
import { startWithProgress } from "../startWithProgress.js";
import type { LifecycleDeps } from "./lifecycleDeps.js";

/** Asks for the resources of a waiting session anew, then takes its request back and makes the smaller one in its place. */
export async function startSmaller(
  { account, starter, memory, feed }: LifecycleDeps,
  client: BackendAIClient,
  session: SessionSummary,
  signal: AbortSignal,
): Promise<void> {
  const { request: before } = await likenessOf(client, session.id, { signal });
  const { askStart } = await import("../start/startQuestions.js");
  const { image, request } = await askStart(client, { before, recent: [], correct: "resources", signal });
  await client.sessions.destroy(session.id, {}, { signal });
  await memory.add(serverIdOf(account.defaultTarget()), request);
  await feed.refresh().catch(() => undefined); // the store tells
  await startWithProgress(starter, client, image, signal, request);
}
