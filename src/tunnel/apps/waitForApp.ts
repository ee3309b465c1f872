import * as l10n from "@vscode/l10n";
import type { TunnelSocket } from "../../api/index.js";
import { abortable, deadline, delay, isAbort, reasonOf } from "../../base/abort.js";
import { StreamClosedError } from "../../base/errors.js";
import { type ForwardPlace, targetLabel } from "../forwards/forwardTarget.js";
import { reachError } from "../forwards/reachErrors.js";

/** How long an app may take to answer, in milliseconds: Jupyter takes half a minute on a busy machine. */
const patienceMs = 60_000;

/** Pause between two looks, in milliseconds. */
const pauseMs = 400;

/** Silence after which an app that waits for its client to speak first counts as up, in milliseconds. */
const quietMs = 500;

const question = Buffer.from("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

/**
 * Has the server start an app, and resolves when it answers.
 * @throws {AppNotStartedError}
 * @throws {NothingAnswersError} when it kept hanging up.
 * @throws {TimeoutError} (`start`) when it is up and says nothing.
 */
export async function waitForApp(
  place: ForwardPlace,
  { signal: outer, limitMs = patienceMs }: { readonly signal: AbortSignal; readonly limitMs?: number },
): Promise<void> {
  const limit = deadline(limitMs, "start", l10n.t("Waiting for {0}", targetLabel(place.target)));
  const signal = AbortSignal.any([outer, limit.signal]);
  let last: unknown;
  try {
    for (;;) {
      try {
        await answers(place, signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof StreamClosedError)) {
          throw reachError(error, place);
        }
        last = error;
      }
      await delay(pauseMs, signal);
    }
  } catch (error) {
    throw limit.signal.aborted && last !== undefined && !isAbort(error) ? reachError(last, place) : error;
  } finally {
    limit.clear();
  }
}

async function answers({ client, session, target }: ForwardPlace, signal: AbortSignal): Promise<void> {
  const { app = "", port, isHttp } = target;
  const tunnel = await client.apps.openTunnel(session.id, app, { port, signal });
  try {
    if (isHttp) {
      await tunnel.write(question);
      await abortable(firstByte(tunnel), signal);
    } else {
      await abortable(Promise.race([firstByte(tunnel), delay(quietMs, signal)]), signal);
    }
  } catch (error) {
    throw signal.aborted ? reasonOf(signal) : error;
  } finally {
    void tunnel.close();
  }
}

async function firstByte(tunnel: TunnelSocket): Promise<void> {
  const { done } = await tunnel[Symbol.asyncIterator]().next();
  if (done === true) {
    throw new StreamClosedError(undefined, l10n.t("The app hung up without a word."));
  }
}
