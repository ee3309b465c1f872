import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { FilePartDeps } from "../filePart.js";
import { copyScheme } from "./copyScheme.js";
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
  owned.add(deps.contributions.sessionFiles.provide(provider));
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(copyScheme, {
      provideTextDocumentContent: async (uri) => {
        const { copyText } = await import("./copyDocuments.js");
        return copyText(await provider.parts(), uri);
      },
    }),
  );
  owned.add(
    deps.commands.register("backendai.files.openFolder", async (signal, clicked) => {
      const { openFolder } = await import("./openFolder.js");
      await openFolder(deps, clicked, signal);
    }),
  );
  owned.add(
    deps.commands.register("backendai.files.openFile", async (signal, clicked) => {
      const { openFile } = await import("./openFile.js");
      await openFile(deps, await provider.parts(), { clicked, signal });
    }),
  );
  owned.add(
    deps.commands.register("backendai.files.restore", async (_, clicked) => {
      const { restorePrevious } = await import("./restorePrevious.js");
      await restorePrevious(await provider.parts(), clicked);
    }),
  );
  return owned;
}
