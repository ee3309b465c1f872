import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { FileAccessError } from "../../access/fileAccessError.js";
import { type FilePlace, placeOf, uriPartsOf } from "../../filePlace.js";

/** The address of a place as a `Uri`. */
export function uriOf(place: FilePlace): vscode.Uri {
  return vscode.Uri.from(uriPartsOf(place));
}

/** @throws {FileAccessError} (`notFound`) for an address that names no session. */
export function placeIn(uri: vscode.Uri): FilePlace {
  const place = placeOf(uri);
  if (place === undefined) {
    throw new FileAccessError("notFound", uri.path, l10n.t("{0} names no session.", uri.toString(true)));
  }
  return place;
}
