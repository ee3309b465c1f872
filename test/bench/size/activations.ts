import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { deadline } from "../../../src/base/abort.js";
import { type RunningServer, startCodeServer } from "../../host/server/codeServer.js";
import { ensureCodeServer } from "../../host/server/install.js";
import { openWindow } from "../../host/window/browser.js";
import { folderBytes } from "./extensionPackage.js";
import type { Activation } from "./insideHost.js";

const windowMs = 90_000;

/** What {@link measureActivations} found. */
export interface Activations {
  readonly each: readonly Activation[];
  /** The extension's folder, as VS Code has installed it. */
  readonly installedBytes: number;
}

/**
 * Installs a packed extension into a VS Code of its own and activates it in `count` windows, each with an extension host of its own,
 * beside an extension that does nothing. There it is activated by the measurement alone, when the start of the window is over: what
 * else starts would be in the figures.
 */
export async function measureActivations(vsix: string, count: number): Promise<Activations> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-bench-"));
  try {
    const measure = await prepare(folder);
    const server = await startCodeServer({
      codeServer: await ensureCodeServer(),
      logFile: path.join(folder, "server.log"),
      install: [vsix],
    });
    try {
      const installed = await installedIn(server.profile.extensionsFolder);
      const installedBytes = await folderBytes(installed);
      await activateOnlyWhenAsked(path.join(installed, "package.json"));
      await activationIn(server, measure); // reads everything from the disk for the first time
      const each: Activation[] = [];
      while (each.length < count) {
        each.push(await activationIn(server, measure));
      }
      return { each, installedBytes };
    } finally {
      await server.stop();
      await server.profile.remove();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a window is opened with. */
interface Measure {
  readonly workspace: string;
  readonly emptyExtension: string;
  readonly testsPath: string;
}

async function prepare(folder: string): Promise<Measure> {
  const measure = {
    workspace: path.join(folder, "workspace"),
    emptyExtension: path.join(folder, "empty"),
    testsPath: path.join(folder, "measure.cjs"),
  };
  await mkdir(measure.workspace);
  await mkdir(measure.emptyExtension);
  const manifest = {
    ...{ name: "empty", publisher: "backendai-bench", version: "1.0.0", main: "main.cjs" },
    ...{ engines: { vscode: "^1.98.0" }, activationEvents: [] },
  };
  await writeFile(path.join(measure.emptyExtension, "package.json"), JSON.stringify(manifest));
  await writeFile(path.join(measure.emptyExtension, "main.cjs"), "exports.activate = () => undefined;\n");
  await build({
    entryPoints: [path.join(import.meta.dirname, "insideHost.ts")],
    outfile: measure.testsPath,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["vscode"],
  });
  return measure;
}

async function installedIn(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((each) => each.startsWith("backendai.backendai-sessions"));
  if (name === undefined) {
    throw new Error("VS Code has not installed the extension.");
  }
  return path.join(folder, name);
}

async function activateOnlyWhenAsked(manifestFile: string): Promise<void> {
  const manifest = JSON.parse(await readFile(manifestFile, "utf8")) as object;
  await writeFile(manifestFile, JSON.stringify({ ...manifest, activationEvents: [] }));
}

async function activationIn(
  server: RunningServer,
  { workspace, emptyExtension, testsPath }: Measure,
): Promise<Activation> {
  const said: string[] = [];
  const window = await openWindow({
    server,
    folder: workspace,
    developmentPath: emptyExtension,
    testsPath,
    log: () => undefined,
    onTestOutput: (line) => said.push(line),
  });
  const late = deadline(windowMs, "total", "an activation in VS Code");
  try {
    const given = new Promise<never>((_, reject) => {
      late.signal.addEventListener("abort", () => reject(late.signal.reason as Error));
    });
    const crashed = window.crashed.then((reason) => Promise.reject(new Error(reason)));
    crashed.catch(() => undefined); // it ends with the window
    await Promise.race([window.testsFinished, crashed, given]);
  } finally {
    late.clear();
    await window.close();
  }
  const line = said.find((each) => each.startsWith("{"));
  if (line === undefined) {
    throw new Error(`VS Code told nothing of an activation: ${said.join(" ")}`);
  }
  return JSON.parse(line) as Activation;
}
