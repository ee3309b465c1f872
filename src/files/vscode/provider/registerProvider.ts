import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { fileScheme } from "../../filePlace.js";
import type { FilePartDeps } from "../../index.js";
import { SessionFileProvider } from "./sessionFileProvider.js";

/** Documents and folders of sessions in VS Code. Nothing is read before one is used. */
export function registerProvider(deps: FilePartDeps): Disposable {
  const owned = new DisposableStore();
  const provider = owned.add(
    new SessionFileProvider(async (tell) => {
      const { createProviderParts } = await import("./providerParts.js");
      return createProviderParts(deps, tell);
    }),
  );
  owned.add(vscode.workspace.registerFileSystemProvider(fileScheme, provider, { isCaseSensitive: true }));
  return owned;
}
