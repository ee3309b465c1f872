import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Disposable } from "../../../base/lifecycle.js";
import type { ProcessHost } from "../process/processHost.js";
import type { InputOptions } from "../contract.js";
import type { Run } from "../run/run.js";

/** The longest path of a unix socket that every system takes (104 bytes with the final zero on macOS). */
const pathLimitBytes = 100;

/**
 * Where a Python program of a batch step asks for input: a unix socket, and the variables that make Python load
 * `media/runners/python/batch/sitecustomize.py`. One JSON line asks, one JSON line answers.
 */
export class InputHook implements Disposable {
  readonly environment: Readonly<Record<string, string>>;
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  readonly #path: string;
  readonly #run: Run;

  private constructor(host: ProcessHost, run: Run) {
    this.#run = run;
    this.#path = socketPath(host.stateDir);
    this.#server = createServer((connection) => this.#serve(connection));
    const folder = path.join(host.runnersDir, "python", "batch");
    const others = host.environment["PYTHONPATH"];
    this.environment = {
      BACKENDAI_INPUT: this.#path,
      PYTHONPATH: others === undefined || others === "" ? folder : `${folder}${path.delimiter}${others}`,
    };
  }

  static async listen(host: ProcessHost, run: Run): Promise<InputHook> {
    const hook = new InputHook(host, run);
    await new Promise<void>((resolve, reject) => {
      hook.#server.once("error", reject);
      hook.#server.listen(hook.#path, resolve);
    });
    return hook;
  }

  dispose(): void {
    this.#server.close();
    this.#connections.forEach((connection) => connection.destroy());
    rmSync(this.#path, { force: true });
  }

  #serve(connection: Socket): void {
    let request = "";
    this.#connections.add(connection);
    connection.setEncoding("utf8");
    connection.on("error", () => undefined);
    connection.once("close", () => this.#connections.delete(connection));
    connection.on("data", (chunk: string) => {
      request += chunk;
      if (request.endsWith("\n")) {
        const isPassword = /"password":\s*true/.test(request);
        request = "";
        void this.#ask(connection, isPassword);
      }
    });
  }

  async #ask(connection: Socket, isPassword: boolean): Promise<void> {
    await this.#promptRead();
    // Servers say {} here (`protocol.md` §9.4); that a password is asked for is worth saying all the same.
    const options: InputOptions = isPassword ? { is_password: true } : {};
    const text = await this.#run.ask(options);
    if (text === undefined) {
      connection.destroy();
    } else {
      connection.write(`${JSON.stringify({ text })}\n`);
    }
  }

  /** The prompt was written into a pipe before the question came here: two turns of the loop read that pipe. */
  async #promptRead(): Promise<void> {
    for (let turn = 0; turn < 2; turn += 1) {
      await this.#run.flow.whenOpen();
      await setImmediate();
    }
  }
}

function socketPath(stateDir: string): string {
  const name = `input-${randomBytes(8).toString("hex")}`;
  const wanted = path.join(stateDir, name);
  return Buffer.byteLength(wanted) <= pathLimitBytes ? wanted : path.join(tmpdir(), name);
}
