/**
 * Installs the VS Code that tests and `npm start` use, once, into the cache folder.
 *
 * It is kept out of devDependencies because code-server refuses to install under any Node but 24 and weighs 780 MB.
 * Its install script is skipped: it compiles Kerberos, SQLite and other modules that are never loaded here. Only the
 * logger and the watchdog are compiled, where there is a compiler; terminals and file watching come prebuilt.
 */
import { cp, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { cacheRoot } from "../paths.js";
import { npm, type NpmOptions } from "./npm.js";
import { phase } from "./phase.js";

const pinFolder = fileURLToPath(new URL("pin/", import.meta.url));

/** An installed code-server. */
export interface CodeServer {
  /** The Node executable it runs on. */
  readonly node: string;
  /** Its main script. */
  readonly entry: string;
}

/** Whether code-server can be had on this kind of computer. */
export function codeServerIsAvailable(): boolean {
  return process.platform === "linux" && (process.arch === "x64" || process.arch === "arm64");
}

/**
 * The pinned code-server, installed first where it is missing. Safe for runs that start at the same time; an aborted
 * installation leaves nothing.
 */
export async function ensureCodeServer({ signal }: { signal?: AbortSignal } = {}): Promise<CodeServer> {
  const target = path.join(cacheRoot, await cacheName());
  if (!existsSync(target)) {
    await installInto(target, signal);
  }
  return {
    node: path.join(nodeRootIn(target), "bin/node"),
    entry: path.join(target, "node_modules/code-server/out/node/entry.js"),
  };
}

async function installInto(target: string, signal: AbortSignal | undefined): Promise<void> {
  console.log("Getting VS Code for development: once, about a minute, 800 MB; later starts reuse it.");
  await mkdir(cacheRoot, { recursive: true });
  const staging = await mkdtemp(path.join(cacheRoot, "installing-"));
  const nodeRoot = nodeRootIn(staging);
  const editor = path.join(staging, "node_modules/code-server/lib/vscode");
  try {
    await cp(pinFolder, staging, { recursive: true });
    await phase("VS Code server and its Node", staging, () =>
      npm(["ci", "--ignore-scripts"], { cwd: staging, nodeRoot, signal }),
    );
    // Not `npm ci`: the lockfile that code-server ships for this folder lacks some entries.
    await phase("its libraries", editor, () =>
      npm(["install", "--ignore-scripts", "--omit=dev"], { cwd: editor, nodeRoot, signal }),
    );
    await phase("its native modules", path.join(editor, "node_modules/@vscode"), () =>
      compileNativeModules({ cwd: editor, nodeRoot, signal }),
    );
    await publish(staging, target);
    console.log(`  VS Code is in ${path.relative(process.cwd(), target) || target}`);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function compileNativeModules(options: NpmOptions): Promise<void> {
  try {
    await npm(["rebuild", "@vscode/spdlog", "@vscode/native-watchdog"], options);
  } catch (error) {
    options.signal?.throwIfAborted();
    const reason = String(error).split("\n", 1)[0] ?? "";
    console.warn(
      `    No working C++ compiler and Python: VS Code works, but writes no log files. (${reason})`,
    );
  }
}

/** Makes the finished installation visible in one step, so that nobody ever sees half of one. */
async function publish(staging: string, target: string): Promise<void> {
  try {
    await rename(staging, target);
  } catch (error) {
    if (!existsSync(target)) {
      throw error;
    }
  }
}

interface Pin {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

async function cacheName(): Promise<string> {
  const pin = JSON.parse(await readFile(path.join(pinFolder, "package.json"), "utf8")) as Pin;
  const nodeVersion = pin.optionalDependencies[nodePackage()];
  const serverVersion = pin.dependencies["code-server"];
  if (!codeServerIsAvailable() || nodeVersion === undefined || serverVersion === undefined) {
    throw new Error(
      `code-server cannot be had on ${process.platform}-${process.arch}; use VSCODE_TEST_HOST=desktop.`,
    );
  }
  return `code-server-${serverVersion}-node-${nodeVersion}`;
}

function nodeRootIn(folder: string): string {
  return path.join(folder, "node_modules", nodePackage());
}

function nodePackage(): string {
  return `node-${process.platform}-${process.arch}`;
}
