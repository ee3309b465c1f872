import {
  CompletionRequest,
  type CompletionItem,
  type CompletionList,
  CompletionResolveRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  type Hover,
  HoverRequest,
  InitializeRequest,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  type SignatureHelp,
  SignatureHelpRequest,
  type TextDocumentContentChangeEvent,
} from "vscode-languageserver-protocol/node";
import type { Disposable } from "../../../../src/base/lifecycle.js";
import type { Logger } from "../../../../src/base/logger.js";
import { silentLogger } from "../../../../src/base/logger.js";
import type { Desk } from "../../../../src/completion/server/desk.js";
import { startLanguageServer } from "../../../../src/completion/server/languageServer.js";
import { lateAnswer } from "../../../../src/completion/server/lateAnswer.js";
import { memoryTransports } from "../../../../src/completion/server/memoryTransport.js";

/** An editor with one document, at the other end of a language server. */
export class Editor {
  readonly uri = "file:///work/a.py";
  readonly log: string[] = [];
  /** What came too late, and where. */
  readonly late: { readonly what: string; readonly position: Position }[] = [];
  readonly #connection: ProtocolConnection;
  readonly #server: Disposable;
  #version = 1;

  constructor(desk: Desk | undefined) {
    const [own, other] = memoryTransports();
    const logger: Logger = { ...silentLogger, warn: (message) => this.log.push(message) };
    this.#server = startLanguageServer({ transport: other, deskFor: () => desk, logger });
    this.#connection = createProtocolConnection(own.reader, own.writer);
    this.#connection.onNotification(lateAnswer, ({ what, position }) => {
      this.late.push({ what, position });
    });
    this.#connection.listen();
  }

  async open(text: string, languageId = "python"): Promise<InitializeResult> {
    const params = { processId: null, rootUri: null, capabilities: {} };
    const result = await this.#connection.sendRequest(InitializeRequest.type, params);
    const textDocument = { uri: this.uri, languageId, version: this.#version, text };
    await this.#connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
    return result;
  }

  async change(...contentChanges: TextDocumentContentChangeEvent[]): Promise<void> {
    this.#version += 1;
    const textDocument = { uri: this.uri, version: this.#version };
    const params = { textDocument, contentChanges };
    await this.#connection.sendNotification(DidChangeTextDocumentNotification.type, params);
  }

  async complete(line: number, character: number): Promise<CompletionList | undefined> {
    const params = { ...this.#at(line, character) };
    const answer = await this.#connection.sendRequest(CompletionRequest.type, params);
    return answer === null || Array.isArray(answer) ? undefined : answer;
  }

  async resolve(item: CompletionItem): Promise<CompletionItem> {
    return this.#connection.sendRequest(CompletionResolveRequest.type, item);
  }

  async hover(line: number, character: number): Promise<Hover | null> {
    return this.#connection.sendRequest(HoverRequest.type, this.#at(line, character));
  }

  async signature(line: number, character: number): Promise<SignatureHelp | null> {
    return this.#connection.sendRequest(SignatureHelpRequest.type, this.#at(line, character));
  }

  close(): void {
    this.#connection.dispose();
    this.#server.dispose();
  }

  #at(
    line: number,
    character: number,
  ): {
    readonly textDocument: { readonly uri: string };
    readonly position: { readonly line: number; readonly character: number };
  } {
    return { textDocument: { uri: this.uri }, position: { line, character } };
  }
}

/** A source that answers as it is told, and nothing else. */
export function sourceOf(answers: Partial<Desk["source"]>): Desk["source"] {
  return {
    complete: async () => Promise.resolve({ candidates: [], isIncomplete: false }),
    describe: async () => Promise.resolve(undefined),
    signature: async () => Promise.resolve(undefined),
    ...answers,
  };
}

/** A desk of a source without folders. */
export function deskOf(answers: Partial<Desk["source"]>): Desk {
  return { source: sourceOf(answers), folder: async () => Promise.resolve([]) };
}
