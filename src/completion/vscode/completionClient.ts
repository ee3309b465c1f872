import { LanguageClient } from "vscode-languageclient/node";
import type { Disposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import type { DeskFor } from "../server/desk.js";
import { startLanguageServer } from "../server/languageServer.js";
import { memoryTransports } from "../server/memoryTransport.js";
import { completedLanguages } from "../completedLanguages.js";

/** How long the editor's end may take to say goodbye, in milliseconds. */
const stopMs = 1000;

/** Starts the language server, and the client that brings it before the editor. Disposing it ends both. */
export async function startClient(deskFor: DeskFor, logger: Logger): Promise<Disposable> {
  const [editor, own] = memoryTransports();
  const server = startLanguageServer({ transport: own, deskFor, logger });
  const client = new LanguageClient(
    "backendai.completion",
    "Backend.AI Completion",
    async () => Promise.resolve(editor),
    { documentSelector: completedLanguages.map((language) => ({ language })) },
  );
  await client.start();
  return {
    dispose: () => {
      void client
        .dispose(stopMs)
        .catch(() => undefined) // it is over, whatever it says
        .finally(() => server.dispose());
    },
  };
}
