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
    throw new FileAccessError("notFound", uri.path, `${uri.toString(true)} names no session.`);
  }
  return place;
}
