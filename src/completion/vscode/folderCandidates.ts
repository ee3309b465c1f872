import { posix } from "node:path";
import * as vscode from "vscode";
import { sessionHome, uriPartsOf } from "../../files/filePlace.js";
import type { Candidate } from "../source/completionSource.js";

/** Entries of one folder that are offered. */
const entryLimit = 2000;

/** What is in a folder of a session, through the documents that its files are: their folders are kept for a while. */
export async function folderCandidates(
  { server, session }: { readonly server: string; readonly session: string },
  folder: string,
): Promise<readonly Candidate[]> {
  const path = posix.resolve(sessionHome, folder.replace(/^~\//, `${sessionHome}/`));
  const uri = vscode.Uri.from(uriPartsOf({ server, session, path }));
  const entries = await vscode.workspace.fs.readDirectory(uri);
  return entries
    .slice(0, entryLimit)
    .map(([name, type]): Candidate => ({
      name,
      kind: (type & vscode.FileType.Directory) === 0 ? "file" : "folder",
    }))
    .sort((a, b) => Number(b.kind === "folder") - Number(a.kind === "folder") || (a.name < b.name ? -1 : 1));
}
