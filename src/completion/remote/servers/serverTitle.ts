import * as l10n from "@vscode/l10n";

/** What the language server of a session is called. */
export function serverTitle(server: string, session: string): string {
  return l10n.t({
    message: "{0} of {1}",
    args: [server, session],
    comment: ["The name of a language server, and of the session that it runs in"],
  });
}
