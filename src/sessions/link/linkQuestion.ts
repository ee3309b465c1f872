import * as l10n from "@vscode/l10n";
import type { SessionLink } from "./sessionLink.js";

/** What a person is asked before a link does anything. */
export interface LinkQuestion {
  readonly message: string;
  readonly detail: string;
}

/** Where the link leads, as the person knows it. */
export interface LinkPlace {
  /** The name of the session, where the link has its id and it is known. */
  readonly session: string | undefined;
  /** The person's own name of the server. */
  readonly server: string;
  /** Its address, where it is no local engine. */
  readonly host: string | undefined;
  /** The server that is left for it; absent where none is. */
  readonly left: string | undefined;
  readonly isConnected: boolean;
}

/** The question of a link: the session, the server, and each thing that will happen. */
export function linkQuestion(
  link: SessionLink,
  { session, server, host, left, isConnected }: LinkPlace,
): LinkQuestion {
  const where = host === undefined || host === server ? server : `${server} (${host})`;
  const steps = [
    ...(isConnected ? [] : [l10n.t("This window connects to {0}, as you.", where)]),
    ...(left === undefined ? [] : [l10n.t("It leaves {0}.", left)]),
    l10n.t("The session is shown in the view “Sessions”."),
    ...(link.action === "files" ? [l10n.t("Its files are unfolded there.")] : []),
    ...(link.action === "terminal" ? [l10n.t("A terminal opens in the session.")] : []),
    ...(link.file === undefined ? [] : [l10n.t("The file {0} opens in an editor.", link.file)]),
  ];
  return {
    message: l10n.t("Open session {0} on {1}?", session ?? link.session, where),
    detail: `${steps.join("\n")}\n\n${l10n.t("A link asked for this. Go on only if you know where it came from.")}`,
  };
}
