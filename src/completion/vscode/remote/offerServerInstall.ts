import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import { shorten } from "../../../base/text.js";
import { withProgress } from "../../../platform/progress.js";
import { showInformationMessage } from "../../../platform/shown/notifications.js";
import type { SessionSsh } from "../../../tunnel/sessionSsh.js";
import type { NoLanguageServerError } from "../../remote/servers/serverErrors.js";
import { installServer } from "../../remote/servers/installServer.js";
import { installTitle } from "../../remote/servers/serverScripts.js";

/** What to install, and where. */
export interface ServerInstallOffer {
  readonly ssh: SessionSsh;
  readonly error: NoLanguageServerError;
  readonly sessionName: string;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Asks whether a missing server may be installed into the session, and does it behind a notification that can be cancelled; what the
 * installer says goes to the log.
 * @returns Whether it is there.
 * @throws {LanguageServerInstallError}
 */
export async function offerServerInstall({
  ssh,
  error,
  sessionName,
  log,
}: ServerInstallOffer): Promise<boolean> {
  const choices = error.installations.slice(0, 2).map((installation) => ({
    title: l10n.t("Install {0}", installation.name.split(" ")[0] ?? ""),
    installation,
  }));
  const text = [
    error.message,
    ...questionOf(choices.map((choice) => installTitle(choice.installation))),
  ].join(" ");
  const button = await showInformationMessage(text, ...choices.map(({ title }) => title));
  const installation = choices.find(({ title }) => title === button)?.installation;
  if (installation === undefined) {
    return false;
  }
  log.info(`${sessionName}: ${installTitle(installation)}`);
  await withProgress(
    l10n.t("Installing {0} in {1}", installation.name, sessionName),
    async (signal, report) =>
      installServer({
        ...{ ssh, installation, signal },
        onLine: (line) => {
          log.info(line);
          report(shorten(line.trim(), 100));
        },
      }),
  );
  return true;
}

/** Whether to install a server in one of those ways; nothing without any. */
function questionOf([first, second]: readonly string[]): string[] {
  if (first === undefined) {
    return [];
  }
  return [
    second === undefined
      ? l10n.t("Install one with “{0}” in the session?", first)
      : l10n.t("Install one with “{0}” or “{1}” in the session?", first, second),
  ];
}
