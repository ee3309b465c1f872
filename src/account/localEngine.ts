import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as l10n from "@vscode/l10n";
import { abortable, deadline } from "../base/abort.js";
import { BackendAIError } from "../base/errors.js";
import { Emitter } from "../base/event.js";
import type { Logger } from "../base/logger.js";
import { shorten } from "../base/text.js";

const startDeadlineMs = 20_000;
const stopDeadlineMs = 5_000;
const errorTailCharacters = 2_000;

/** The engine did not start, or ended without being told to. */
export class LocalEngineError extends BackendAIError {
  readonly code = "LOCAL_ENGINE";
}

/** How to start the engine. */
export interface LocalEngineOptions {
  /** The program file, `dist/engine.cjs`. */
  readonly program: string;
  /** Folder of the `node-pty` package that VS Code ships; the engine's terminals use it. */
  readonly nodePty: string | undefined;
  readonly logger: Logger;
}

/**
 * The engine as a process of this extension. It ends with it: the engine watches its standard input, so it goes even
 * when the extension host is killed.
 */
export class LocalEngine {
  readonly #child: ChildProcess;
  readonly #didExit = new Emitter<LocalEngineError>();
  readonly #exited: Promise<void>;
  #stopping = false;
  #errorTail = "";

  readonly accessKey = `AKIA${randomBytes(8).toString("hex").toUpperCase()}`;
  readonly secretKey = randomBytes(30).toString("base64url");

  /** Fired when the engine ends without being told to. */
  readonly onDidExit = this.#didExit.event;

  private constructor({ program, nodePty, logger }: LocalEngineOptions) {
    const child = spawn(process.execPath, [program, "--port", "0", "--stdin-owner"], {
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...withoutAccounts(process.env),
        ELECTRON_RUN_AS_NODE: "1",
        BACKENDAI_ENGINE_ACCESS_KEY: this.accessKey,
        BACKENDAI_ENGINE_SECRET_KEY: this.secretKey,
        ...(nodePty !== undefined && { BACKENDAI_NODE_PTY: nodePty }),
      },
    });
    this.#child = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#errorTail = (this.#errorTail + text).slice(-errorTailCharacters);
      logger.debug(`engine: ${text.trimEnd()}`);
    });
    this.#exited = new Promise((resolve) => {
      child.once("error", (error) => {
        this.#errorTail += error.message;
        resolve();
      });
      child.once("exit", (code, signal) => {
        logger.info(`engine exited (${String(code ?? signal)})`);
        resolve();
      });
    });
    void this.#exited.then(() => {
      if (!this.#stopping) {
        this.#didExit.fire(this.#failure(l10n.t("The local engine stopped unexpectedly.")));
      }
    });
  }

  /**
   * Starts an engine with keys made for this start and waits until it listens.
   * @returns The engine and its endpoint.
   * @throws {LocalEngineError} with the end of what it printed.
   */
  static async start(
    options: LocalEngineOptions,
    signal?: AbortSignal,
  ): Promise<{ readonly engine: LocalEngine; readonly endpoint: string }> {
    const engine = new LocalEngine(options);
    // for programs
    const limit = deadline(startDeadlineMs, "start", "Starting the local engine");
    try {
      const endpoint = await abortable(
        engine.#listening(),
        signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
      );
      options.logger.info(`engine listens on ${endpoint}`);
      return { engine, endpoint };
    } catch (error) {
      await engine.stop();
      throw error;
    } finally {
      limit.clear();
    }
  }

  /** Ends the engine and with it every session; resolves when its process is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), stopDeadlineMs);
    await this.#exited;
    clearTimeout(timer);
  }

  async #listening(): Promise<string> {
    const announced = new Promise<string>((resolve) => {
      let output = "";
      this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
        output = shorten(output + text, 10_000);
        const endpoint = /^export BACKEND_ENDPOINT=["']?([^\s"']+)["']?$/m.exec(output)?.[1];
        if (endpoint !== undefined) {
          resolve(endpoint);
        }
      });
    });
    const ended = this.#exited.then(() => {
      throw this.#failure(l10n.t("The local engine did not start."));
    });
    ended.catch(() => undefined); // an engine that ends later is told of by `onDidExit`
    return Promise.race([announced, ended]);
  }

  #failure(summary: string): LocalEngineError {
    const tail = this.#errorTail.trim().split("\n").slice(-3).join(" ");
    return new LocalEngineError(tail === "" ? summary : `${summary} ${l10n.t("It said: {0}", tail)}`);
  }
}

/** Keys of servers elsewhere are none of the engine's business. */
function withoutAccounts(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(BACKEND|SORNA)_/.test(name)));
}
