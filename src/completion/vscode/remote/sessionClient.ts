import * as vscode from "vscode";
import {
  CloseAction,
  type ConfigurationParams,
  type DynamicFeature,
  ErrorAction,
  type InitializeParams,
  LanguageClient,
  type LanguageClientOptions,
  type MessageTransports,
  RevealOutputChannelOn,
  type StaticFeature,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageclient/node";
import { within } from "../../../base/abort.js";
import { maskText } from "../../../base/secrets/maskText.js";
import type { Conversation } from "../../remote/lifecycle/remoteServer.js";
import type { ConversationStart } from "../../remote/lifecycle/remoteServers.js";
import type { DocumentMap } from "../../remote/uris/documentMap.js";
import { shownMessage } from "../../remote/shownMessages.js";
import { serverTitle } from "../../remote/servers/serverTitle.js";
import { pathOfFileUri } from "../../remote/uris/fileUri.js";
import { documentSelectorOf } from "./documentSelector.js";

/** How long the protocol's farewell may take, in milliseconds. */
const farewellMs = 2000;

/** Settings of Python that name interpreters of this computer, of which a session knows nothing. */
const localSettings = [
  "pythonPath",
  "defaultInterpreterPath",
  "venvPath",
  "venvFolders",
  "condaPath",
  "poetryPath",
  "pipenvPath",
];

/** What a client of a session's server works with. */
export interface SessionClientStart extends ConversationStart {
  readonly documents: DocumentMap;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Greets a language server of a session with VS Code's own client, which serves its documents from then on.
 * @throws what the server answers instead.
 */
export async function greetServer(start: SessionClientStart): Promise<Conversation> {
  const { process, signal, log } = start;
  const client = new SessionClient(start);
  process.channel.on("error", () => undefined); // its end tells
  process.errors.on("data", (bytes: Buffer) =>
    log.info(maskText(`${process.server.name}: ${bytes.toString().trimEnd()}`)),
  );
  try {
    await client.start();
    signal.throwIfAborted();
  } catch (error) {
    await farewell(client);
    throw error;
  }
  return { stop: async () => farewell(client) };
}

async function farewell(client: LanguageClient): Promise<void> {
  // One that is starting, or whose server is gone, throws; what it has registered goes all the same.
  await within(client.dispose(farewellMs), farewellMs, "total", "A farewell").catch(() => undefined);
}

/** VS Code's client of a server that runs elsewhere: it starts nothing, restarts nothing, and tells nothing of this computer. */
class SessionClient extends LanguageClient {
  readonly #documents: DocumentMap;
  readonly #root: string;

  constructor({ language, session, process, documents, log }: SessionClientStart) {
    const transports = async (): Promise<MessageTransports> => {
      const { channel } = process;
      const reader = new StreamMessageReader(channel);
      const writer = new StreamMessageWriter(channel);
      setImmediate(() => channel.resume()); // the client listens by then, and Node keeps what comes before
      return Promise.resolve({ reader, writer });
    };
    const name = serverTitle(process.server.name, session.name);
    super(`backendai.${language.id}`, name, transports, optionsOf({ language, documents, log, session }));
    this.#documents = documents;
    this.#root = session.name;
  }

  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    // Commands of a server are global in VS Code: two servers of one kind, here and in the session, would be in each other's way.
    if (!("registrationType" in feature && feature.registrationType.method === "workspace/executeCommand")) {
      super.registerFeature(feature);
    }
  }

  protected override fillInitializeParams(params: InitializeParams): void {
    super.fillInitializeParams(params);
    const uri = this.#documents.rootUri;
    Object.assign(params, {
      processId: null, // the server would end when the session has no process of that number
      rootUri: uri, // older servers know no other word for it
      rootPath: pathOfFileUri(uri) ?? null,
      workspaceFolders: [{ uri, name: this.#root }],
    });
  }
}

function optionsOf({
  language,
  session,
  documents,
  log,
}: Pick<SessionClientStart, "language" | "session" | "documents" | "log">): LanguageClientOptions {
  return {
    documentSelector: documentSelectorOf(language, session),
    diagnosticCollectionName: `backendai.${language.id}`,
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // Without one of its own VS Code's client tells the server of every folder of the window, by addresses of this computer.
    workspaceFolder: { uri: vscode.Uri.parse(documents.rootUri), name: session.name, index: 0 },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => ({ action: CloseAction.DoNotRestart, handled: true }),
    },
    initializationFailedHandler: () => false,
    markdown: { isTrusted: false, supportHtml: false },
    connectionOptions: {
      messageStrategy: { handleMessage: (message, next) => next(shownMessage(message)) },
    },
    uriConverters: {
      code2Protocol: (uri) => documents.toServer(uri) ?? uri.toString(),
      protocol2Code: (uri) => {
        const parts = documents.toEditor(uri);
        return parts === undefined ? vscode.Uri.parse(uri) : vscode.Uri.from(parts);
      },
    },
    middleware: {
      didOpen: async (document, next) => {
        if (documents.open(document.uri) !== undefined) {
          await next(document);
        }
      },
      didClose: async (document, next) => {
        await next(document);
        documents.close(document.uri);
      },
      window: { showDocument: async () => Promise.resolve({ success: false }) },
      workspace: {
        configuration: async (params: ConfigurationParams, token, next) => {
          const values = await next(params, token);
          return Array.isArray(values) ? values.map(withoutLocalPaths) : values;
        },
      },
    },
  };
}

function withoutLocalPaths(value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([name]) => !localSettings.includes(name)))
    : value;
}
