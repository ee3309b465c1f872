/** Runs inside the extension host of a window: what activation reads, takes and asks for. Told as one line of JSON. */
import { subscribe } from "node:diagnostics_channel";
import { statSync } from "node:fs";
import * as vscode from "vscode";

/** What one activation cost. */
export interface Activation {
  /** Milliseconds of script time, loading included, as VS Code measured them: in whole ones. */
  readonly oursMs: number;
  readonly emptyMs: number;
  /** Files of `dist` that were read, and their bytes. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** Sockets that were opened and requests that were made, until a while after. */
  readonly requests: number;
  /** Bytes that the first use of the extension read beyond that, and milliseconds that it took longer than the second. */
  readonly firstUseBytes: number;
  readonly firstUseMs: number;
}

/** How long afterwards requests are still watched for. */
const watchMs = 1500;
const rowMs = 20_000;

export async function run(): Promise<void> {
  try {
    console.log(`[test] ${JSON.stringify(await measure())}`);
  } catch (error) {
    console.log(`[test] ${String(error)}`); // what VS Code would tell nobody
  }
}

async function measure(): Promise<Activation> {
  let requests = 0;
  for (const channel of ["net.client.socket", "http.client.request.start", "undici:request:create"]) {
    subscribe(channel, () => (requests += 1));
  }
  await activate("backendai-bench.empty");
  await activate("backendai.backendai-sessions");
  await later(watchMs);
  const files = filesRead();
  const bytes = bytesOf(files);
  const seen = requests;
  const firstMs = await useMs();
  const firstUseMs = firstMs - (await useMs());
  return {
    oursMs: await scriptMs("backendai-sessions"),
    emptyMs: await scriptMs("backendai-bench.empty"),
    files: files.map((file) => file.replace(/^.*[\\/]dist[\\/]/, "")),
    ...{ bytes, firstUseMs },
    firstUseBytes: bytesOf(filesRead()) - bytes,
    requests: seen,
  };
}

function filesRead(): readonly string[] {
  return Object.keys(require.cache).filter((file) => /backendai-sessions.*[\\/]dist[\\/]/.test(file));
}

function bytesOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}

/** A command that has nothing to do without a row. */
async function useMs(): Promise<number> {
  const start = performance.now();
  await vscode.commands.executeCommand("backendai.sessions.retryRows");
  return performance.now() - start;
}

async function activate(id: string): Promise<void> {
  const extension = vscode.extensions.getExtension(id);
  if (extension === undefined || extension.isActive) {
    throw new Error(`${id} is ${extension ? "active already" : "missing"}.`);
  }
  await extension.activate();
}

/** “Load Code” and “Call Activate” of “Developer: Startup Performance”. */
async function scriptMs(id: string): Promise<number> {
  await vscode.commands.executeCommand("perfview.show");
  const end = Date.now() + rowMs;
  while (Date.now() < end) {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "perf");
    const row = document
      ?.getText()
      .split("\n")
      .find((line) => line.includes(id));
    const [load, call] = [...(row ?? "").matchAll(/\|\s*(\d+)\s*(?=\|)/g)].map((match) => Number(match[1]));
    if (load !== undefined && call !== undefined) {
      return load + call;
    }
    await later(50);
  }
  throw new Error(`VS Code does not tell of ${id}.`);
}

async function later(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
