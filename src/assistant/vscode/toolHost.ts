import * as vscode from "vscode";
import { type CancellationToken, isAbort, signalOf, within } from "../../base/abort.js";
import type { Disposable } from "../../base/lifecycle.js";
import { labelText } from "../../base/shownText.js";
import { FileSessions } from "../../files/fileSessions.js";
import { sessionPrograms } from "../../files/search/inside/sessionProgram.js";
import { settings } from "../../platform/settings.js";
import type { TokenBudget } from "../answer/toolAnswer.js";
import { ToolDesk } from "../desk/toolDesk.js";
import type { AssistantDeps } from "../index.js";
import type { ToolLimits } from "../tool.js";
import { allTools } from "../tools/allTools.js";

/** How long a model may take to count the tokens of an answer, in milliseconds. */
const countMs = 5000;

/** Tools as VS Code calls them. */
export class ToolHost implements Disposable {
  readonly #desk: ToolDesk;
  readonly #files: FileSessions;

  constructor(deps: AssistantDeps) {
    const { account, store, feed, tunnels, starter, runCode, logger } = deps;
    // Nobody is asked for commands behind a model's back: files are reached by the ways that need no consent.
    const ways = {
      connection: () => settings.filesConnection(),
      mayRunCommands: () => Promise.resolve(false),
    };
    const files = new FileSessions({ account, store, feed, tunnels, ways, logger });
    this.#files = files;
    this.#desk = new ToolDesk({
      tools: allTools,
      services: {
        starter,
        runCode,
        filesOf: async (client, sessionId) => files.accessOf(client, sessionId),
        programsOf: (client, session) => sessionPrograms(tunnels, client, session),
      },
      ...{ account, store, feed, logger },
      limits: limitsNow,
      isTrusted: () => vscode.workspace.isTrusted,
    });
  }

  /** What is shown and asked before a call. */
  async prepare(
    name: string,
    input: unknown,
    token: CancellationToken,
  ): Promise<vscode.PreparedToolInvocation> {
    return answering(token, async (signal) => {
      const { progress, consent } = await this.#desk.prepare({ name, input, signal });
      return {
        invocationMessage: progress,
        ...(consent === undefined
          ? {}
          : {
              confirmationMessages: {
                title: labelText(consent.title),
                message: new vscode.MarkdownString(consent.message),
              },
            }),
      };
    });
  }

  async invoke(
    name: string,
    { input, tokenizationOptions }: vscode.LanguageModelToolInvocationOptions<unknown>,
    token: CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    return answering(token, async (signal) => {
      const budget = tokenizationOptions && budgetOf(tokenizationOptions);
      const text = await this.#desk.answer({ name, input, signal }, budget);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    });
  }

  dispose(): void {
    this.#files.dispose();
  }
}

/** VS Code knows cancelled work by its own error alone. */
async function answering<T>(token: CancellationToken, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, release } = signalOf(token);
  try {
    return await work(signal);
  } catch (error) {
    throw isAbort(error) ? new vscode.CancellationError() : error;
  } finally {
    release();
  }
}

function budgetOf(options: vscode.LanguageModelToolTokenizationOptions): TokenBudget {
  return {
    tokens: options.tokenBudget,
    count: async (text) =>
      within(
        Promise.resolve(options.countTokens(text)),
        countMs,
        "total",
        "Counting the tokens of an answer",
      ),
  };
}

function limitsNow(): ToolLimits {
  const { maxRunSeconds, ...limits } = settings.assistant();
  return { ...limits, maxRunMs: maxRunSeconds * 1000 };
}
