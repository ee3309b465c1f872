import {
  type CancellationToken,
  type CompletionList,
  CompletionRequest,
  CompletionResolveRequest,
  createProtocolConnection,
  ExitNotification,
  HoverRequest,
  InitializeRequest,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  ShutdownRequest,
  type SignatureHelp,
  SignatureHelpRequest,
  TextDocumentSyncKind,
} from "vscode-languageserver-protocol/node";
import { delay, isAbort, signalOf } from "../../base/abort.js";
import { messageOf } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import type { CodePoint } from "../source/completionSource.js";
import { type Asked, completionAt, hoverAt, resolved, signatureAt } from "./answers.js";
import type { ItemData } from "./completionItems.js";
import type { DeskFor } from "./desk.js";
import { Documents, pointIn } from "./documents.js";
import { lateAnswer } from "./lateAnswer.js";
import type { Transport } from "./memoryTransport.js";

/** How long an editor is kept waiting, in milliseconds; what comes later is kept for the next keystroke. */
const budgetMs = 300;
/** A hover or a signature is looked at by itself, with nobody waiting to type. */
const lookMs = 2000;
/** A list that comes later than that would be a surprise to a person who has gone on. */
const surpriseMs = 2000;

/** What the server works with. */
export interface LanguageServerParts {
  readonly transport: Transport;
  readonly deskFor: DeskFor;
  readonly logger: Logger;
}

const capabilities: InitializeResult["capabilities"] = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  completionProvider: { triggerCharacters: [".", '"', "'", "/", "[", "%", "@", "$"], resolveProvider: true },
  hoverProvider: true,
  signatureHelpProvider: { triggerCharacters: ["(", ","], retriggerCharacters: ["=", ")"] },
};

/**
 * A language server that asks sessions. It never fails in front of an editor: what goes wrong is a line in the log and an empty
 * answer. Disposing it ends the connection.
 */
export function startLanguageServer({ transport, deskFor, logger }: LanguageServerParts): Disposable {
  const connection = createProtocolConnection(transport.reader, transport.writer);
  const documents = new Documents();
  documents.listen(connection);
  answerLifecycle(connection);
  answerQuestions(connection, { documents, deskFor, logger });
  connection.listen();
  return {
    dispose: () => {
      connection.end();
      connection.dispose();
    },
  };
}

function answerLifecycle(connection: ProtocolConnection): void {
  connection.onRequest(InitializeRequest.type, () => ({ capabilities }));
  connection.onRequest(ShutdownRequest.type, () => undefined);
  connection.onNotification(ExitNotification.type, () => undefined);
}

interface Parts {
  readonly documents: Documents;
  readonly deskFor: DeskFor;
  readonly logger: Logger;
}

function answerQuestions(connection: ProtocolConnection, { documents, deskFor, logger }: Parts): void {
  /** Where the last list was asked for: what its items are looked at with. */
  let last: { readonly uri: string; readonly point: CodePoint } | undefined;
  const asked = (uri: string, position: Position): Asked | undefined => {
    const document = documents.get(uri);
    const desk = document && deskFor({ uri, languageId: document.languageId });
    const point = desk && pointIn(document, position.line, position.character);
    return point && { document, position, point, desk };
  };
  const answer = async <T>(what: Answering<T>, token: CancellationToken): Promise<T> => {
    const { signal, release } = signalOf(token);
    try {
      return await inTime(what.work(signal), what);
    } catch (error) {
      if (!isAbort(error)) {
        logger.warn(`${what.name}: ${messageOf(error)}`);
      }
      return what.otherwise;
    } finally {
      release();
    }
  };

  connection.onRequest(CompletionRequest.type, async ({ textDocument: { uri }, position }, token) => {
    const question = asked(uri, position);
    if (question === undefined) {
      return null;
    }
    last = { uri, point: question.point };
    const askedAt = performance.now();
    const work = async (signal: AbortSignal): ReturnType<typeof completionAt> =>
      completionAt(question, signal);
    const otherwise = { isIncomplete: true, items: [] };
    const onLate = ({ items }: CompletionList): void => {
      const isWanted = !token.isCancellationRequested && performance.now() - askedAt < surpriseMs;
      if (items.length > 0 && isWanted) {
        void connection.sendNotification(lateAnswer, {
          textDocument: { uri },
          position,
          what: "suggestions",
        });
      }
    };
    return answer({ name: "completion", work, otherwise, ms: budgetMs, onLate }, token);
  });
  connection.onRequest(CompletionResolveRequest.type, async (item, token) => {
    const uri = (item.data as ItemData | undefined)?.uri;
    const document = uri === undefined ? undefined : documents.get(uri);
    const desk = document && deskFor(document);
    if (desk === undefined || last === undefined || last.uri !== uri) {
      return item;
    }
    const { point } = last;
    const work = async (signal: AbortSignal): ReturnType<typeof resolved> =>
      resolved(item, { point, desk }, signal);
    return answer({ name: "description", work, otherwise: item, ms: lookMs }, token);
  });
  connection.onRequest(HoverRequest.type, async ({ textDocument: { uri }, position }, token) => {
    const question = asked(uri, position);
    const work = async (signal: AbortSignal): ReturnType<typeof hoverAt> =>
      question === undefined ? null : hoverAt(question, signal);
    return answer({ name: "hover", work, otherwise: null, ms: lookMs }, token);
  });
  connection.onRequest(SignatureHelpRequest.type, async ({ textDocument: { uri }, position }, token) => {
    const question = asked(uri, position);
    const work = async (signal: AbortSignal): ReturnType<typeof signatureAt> =>
      question === undefined ? null : signatureAt(question, signal);
    const onLate = (help: SignatureHelp | null): void => {
      if (help !== null && !token.isCancellationRequested) {
        void connection.sendNotification(lateAnswer, { textDocument: { uri }, position, what: "signature" });
      }
    };
    return answer({ name: "signature", work, otherwise: null, ms: lookMs, onLate }, token);
  });
}

/** A question on its way to an answer. */
interface Answering<T> {
  /** For the log. */
  readonly name: string;
  readonly work: (signal: AbortSignal) => Promise<T>;
  /** What is answered where nothing comes, or too late. */
  readonly otherwise: T;
  readonly ms: number;
  /** Told what came too late. */
  readonly onLate?: (answer: T) => void;
}

/** What is late goes on: the next question finds its answer. */
async function inTime<T>(work: Promise<T>, { otherwise, ms, onLate }: Answering<T>): Promise<T> {
  const limit = new AbortController();
  const late = delay(ms, limit.signal).then(() => {
    work.then(onLate, () => undefined); // nobody waits for one that fails late
    return otherwise;
  });
  late.catch(() => undefined); // it was in time
  try {
    return await Promise.race([work, late]);
  } finally {
    limit.abort();
  }
}
