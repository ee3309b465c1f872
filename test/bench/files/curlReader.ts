import { spawn } from "node:child_process";
import { buffer } from "node:stream/consumers";
import type { BenchServer } from "../support/benchServer.js";

interface Call {
  readonly method: string;
  readonly path: string;
  readonly json?: unknown;
}

/** Reads files of a session by the server's calls with curl: one program and one connection for all calls of a file. */
export class CurlReader {
  readonly #server: BenchServer;
  readonly #base: string;

  constructor(server: BenchServer, sessionId: string) {
    this.#server = server;
    this.#base = `${server.client.dialect.prefix}/${sessionId}`;
  }

  /** Lists a folder and downloads a file in it. Resolves with the file's bytes. */
  async open(folder: string, name: string): Promise<number> {
    const file = encodeURIComponent(`${folder}/${name}`);
    const isGet = this.#server.client.dialect.files.download === "get";
    const [, bytes] = await this.#run([
      { method: "GET", path: `${this.#base}/files?path=${folder}`, json: { path: folder } },
      isGet
        ? { method: "GET", path: `${this.#base}/download_single?file=${file}` }
        : {
            method: "POST",
            path: `${this.#base}/download_single?file=${file}`,
            json: { file: `${folder}/${name}` },
          },
    ]);
    return Number(bytes);
  }

  /** The sizes of the answers. Everything is told by curl's standard input, keys included. */
  async #run(calls: readonly Call[]): Promise<readonly string[]> {
    const curl = spawn("curl", ["--config", "-"], { stdio: ["pipe", "pipe", "inherit"] });
    curl.stdin.end(calls.map((call) => this.#config(call)).join("next\n"));
    return (await buffer(curl.stdout)).toString("utf8").trim().split("\n");
  }

  #config({ method, path, json }: Call): string {
    const contentType = json === undefined ? undefined : "application/json";
    const headers = {
      ...this.#server.sign({ method, path, ...(contentType !== undefined && { contentType }) }),
      ...(contentType !== undefined && { "Content-Type": contentType }),
    };
    const lines = [
      ["url", this.#server.client.endpoint + path],
      ["request", method],
      ...Object.entries(headers).map(([name, value]) => ["header", `${name}: ${value}`] as const),
      ...(json === undefined ? [] : [["data", JSON.stringify(json)] as const]),
      ["output", "/dev/null"],
      ["write-out", "%{size_download}\\n"],
    ] as const;
    const values = lines.map(([name, value]) => `${name} = "${value.replaceAll('"', '\\"')}"\n`);
    return `silent\nshow-error\nfail\n${values.join("")}`;
  }
}
