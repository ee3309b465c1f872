/** One VS Code window for a script to drive: start, use, always clean up. */
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { interruption } from "./interruption.js";
import { LeakError, LeakWatch } from "./leaks/leakWatch.js";
import { extensionRoot, resultsRoot } from "./paths.js";
import type { Language } from "./language/languagePack.js";
import { Words } from "./language/words.js";
import { openSamples } from "./samples.js";
import { startCodeServer, type RunningServer } from "./server/codeServer.js";
import { ensureCodeServer } from "./server/install.js";
import type { Settings } from "./server/profile.js";
import { openWindow, type OpenWindow, type WindowSize } from "./window/browser.js";
import { Notifications } from "./window/notifications.js";
import { Workbench } from "./window/workbench.js";

/** What a window is opened with. */
export interface WorkbenchOptions {
  /** Names the evidence: `<name>-failure.png`, `<name>-server.log` and so on. */
  readonly name: string;
  /** User settings. */
  readonly settings?: Settings | undefined;
  /** Extra environment of the server and the extension host. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Packages (.vsix) to install; then the extension is not loaded from source. */
  readonly install?: readonly string[] | undefined;
  /** The extension to load from source. Default: the repository. */
  readonly developmentPath?: string | undefined;
  /** The extension from source as if it were installed: the window does not say that it is one for development. */
  readonly linked?: boolean | undefined;
  /** What VS Code is set to. Default: English. */
  readonly language?: Language | undefined;
  readonly size?: WindowSize | undefined;
  /** A file of the samples that an editor shows from the start. */
  readonly file?: string | undefined;
  /** What must be nowhere when the window is closed, by name; asked for then. Keys that are found out by themselves need not be named. */
  readonly secrets?: (() => Readonly<Record<string, string>>) | undefined;
}

const journeysRoot = path.join(resultsRoot, "journeys");
/** Of engines that journeys start. */
const engineLog = path.join(resultsRoot, "engine.log");

/**
 * Opens a fresh window on a copy of the samples, hands it to `use`, and ends everything afterwards. When `use` throws,
 * or the window dies, or somebody interrupts, a picture and the logs stay in `test-results/journeys/`.
 * @throws {LeakError} when a secret of the run is in anything that the window left behind.
 */
export async function withWorkbench(
  options: WorkbenchOptions,
  use: (workbench: Workbench) => Promise<void>,
): Promise<void> {
  await mkdir(journeysRoot, { recursive: true });
  const evidence = (file: string): string => path.join(journeysRoot, `${options.name}-${file}`);
  const interrupted = interruption();
  const samples = await openSamples();
  try {
    const server = await startCodeServer({
      ...options,
      linkedExtensions: options.linked === true ? [extensionRoot] : [],
      codeServer: await ensureCodeServer(),
      logFile: evidence("server.log"),
    });
    const { profile } = server;
    const watch = LeakWatch.start(profile.root, options.env);
    const session = { server, interrupted, workspace: samples.folder, evidence, options, watch };
    try {
      let failure: { readonly error: unknown } | undefined;
      try {
        await useWindow(session, use);
      } catch (error) {
        failure = { error };
      }
      await server.stop();
      await profile.saveLogs(evidence("vscode-logs"));
      watch.stop();
      const left = [profile.root, samples.folder, evidence("server.log"), evidence("console.log"), engineLog];
      const leaks = await watch.find(left, options.secrets?.());
      if (leaks.length > 0) {
        throw new LeakError(leaks, failure?.error);
      }
      if (failure !== undefined) {
        throw failure.error;
      }
      if (!watch.hasSeenWindow) {
        throw new Error("The search for secrets saw no process of the window.");
      }
    } finally {
      watch.stop();
      await profile.remove();
    }
  } finally {
    await samples.remove();
  }
}

interface Session {
  readonly server: RunningServer;
  readonly interrupted: Promise<string>;
  readonly workspace: string;
  readonly evidence: (file: string) => string;
  readonly options: WorkbenchOptions;
  readonly watch: LeakWatch;
}

async function useWindow(session: Session, use: (workbench: Workbench) => Promise<void>): Promise<void> {
  const { server, workspace, evidence, options } = session;
  const log = createWriteStream(evidence("console.log"));
  const installed = options.install !== undefined || options.linked === true;
  let window: OpenWindow | undefined;
  try {
    window = await openWindow({
      server,
      folder: workspace,
      file: options.file === undefined ? undefined : path.join(workspace, options.file),
      size: options.size,
      developmentPath: installed ? undefined : (options.developmentPath ?? extensionRoot),
      log: (line) => log.write(`${line}\n`),
    });
    const workbench = new Workbench(window.page, {
      workspace,
      userData: server.profile.dataFolder,
      screenshots: journeysRoot,
      words: new Words(options.language ?? "en"),
    });
    const work = workbench.ready().then(() => use(workbench));
    work.catch(() => undefined); // when the window dies first, that is the reason to report
    await Promise.race([work, broken(session, window)]);
  } catch (error) {
    if (window !== undefined) {
      await window.page.screenshot({ path: evidence("failure.png"), timeout: 5_000 }).catch(() => undefined);
      await addMessages(error, window);
    }
    throw error;
  } finally {
    session.watch.keep("what the browser keeps", (await window?.close()) ?? "");
    await new Promise<void>((resolve) => log.end(resolve));
  }
}

async function broken({ server, interrupted }: Session, window: OpenWindow): Promise<never> {
  const serverEnd = server.exited.then((code) => `the VS Code server exited with ${String(code)}`);
  throw new Error(await Promise.race([window.crashed, interrupted, serverEnd]));
}

/** What VS Code told the user meanwhile is often the reason; it shows no toasts, so a picture would not tell. */
async function addMessages(error: unknown, { page }: OpenWindow): Promise<void> {
  page.setDefaultTimeout(2_000);
  const texts = await new Notifications(page).texts().catch(() => []);
  if (error instanceof Error && texts.length > 0) {
    error.message += `\nMessages on show:\n${texts.map((text) => `  ${text}`).join("\n")}`;
    error.stack = `${error.message}\n${(error.stack ?? "")
      .split("\n")
      .filter((line) => /^\s+at /.test(line))
      .join("\n")}`;
  }
}
