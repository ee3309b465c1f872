import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { showInformationMessage } from "../../platform/shown/notifications.js";

/** Opens a port of this computer in the browser of the person, who may sit at another one. */
export async function openInBrowser(port: number): Promise<void> {
  const local = vscode.Uri.parse(`http://localhost:${port}/`);
  await vscode.env.openExternal(await vscode.env.asExternalUri(local));
}

/** Says where a port of a session is found, with buttons for what people do next. */
export async function showAddress(port: number, inside: string, offersBrowser: boolean): Promise<void> {
  const address = `localhost:${port}`;
  const [open, copy] = [l10n.t("Open in Browser"), l10n.t("Copy Address")];
  const buttons = offersBrowser ? [open, copy] : [copy];
  const choice = await showInformationMessage(l10n.t("{0} leads to {1}.", address, inside), ...buttons);
  if (choice === open) {
    await openInBrowser(port);
  } else if (choice === copy) {
    await vscode.env.clipboard.writeText(address);
  }
}
