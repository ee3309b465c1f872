import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import { serverIdOf } from "../../../account/target.js";
import { sessionHome, uriPartsOf } from "../../../files/filePlace.js";

/** Downloads all files of a session's home into a folder that the person picks. */
export async function downloadFiles(
  { account }: { readonly account: Account },
  sessionName: string,
): Promise<void> {
  const server = serverIdOf(account.defaultTarget());
  const home = vscode.Uri.from(uriPartsOf({ server, session: sessionName, path: sessionHome }));
  await vscode.commands.executeCommand("backendai.files.download", home, [home]);
}
