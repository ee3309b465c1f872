import * as l10n from "@vscode/l10n";
import { withProgress } from "../../platform/progress.js";
import { waitForApp } from "../apps/waitForApp.js";
import { type ForwardPlace, targetLabel } from "../forwards/forwardTarget.js";
import type { Forward, ForwardRequest } from "../forwards/forwards.js";
import { showAddress } from "./browser.js";
import { type PortCommandDeps, showFailure, withTrust } from "./tunnelDeps.js";

/** Forwards a port, after it has been seen that the session can be reached: what fails is told here, not to the browser. */
export async function forwardPort(
  { forwards, tunnels }: Pick<PortCommandDeps, "forwards" | "tunnels">,
  request: ForwardRequest,
  { waitsForAnswer, signal }: { readonly waitsForAnswer: boolean; readonly signal: AbortSignal },
): Promise<Forward> {
  const title = l10n.t("Reaching {0} of {1}", targetLabel(request.target), request.session.name);
  return withTrust(tunnels, () =>
    withProgress(
      title,
      async (reaching) => {
        if (request.target.app === undefined) {
          const { client, session } = request;
          (await tunnels.ssh(client, session.id).acquire(reaching)).dispose();
        } else if (waitsForAnswer) {
          await waitForApp(placeOf(request), { signal: reaching });
        }
        return forwards.open(request);
      },
      signal,
    ),
  );
}

/** Says where a forward is found; no command waits for what the person does with it. */
export function tellAddress(
  deps: Pick<PortCommandDeps, "tunnels" | "logger">,
  { localPort, target }: Forward,
  inside: string,
): void {
  showAddress(localPort, inside, target.isHttp).catch((error: unknown) =>
    showFailure(error, `localhost:${localPort}`, deps),
  );
}

function placeOf({ client, session, target }: ForwardRequest): ForwardPlace {
  return { client, session, target };
}

/** What a port or an app is called that is reached from here. */
export function ofSession(target: string, session: string): string {
  return l10n.t({
    message: "{0} of {1}",
    args: [target, session],
    comment: ["A port or an app, and the session that it is of"],
  });
}
