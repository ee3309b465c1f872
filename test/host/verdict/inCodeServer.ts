/** Runs tests in code-server: starts it, opens a page, waits for the verdict, keeps the evidence. */
import { createWriteStream } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { interruption } from "../interruption.js";
import { startCodeServer, type RunningServer } from "../server/codeServer.js";
import { ensureCodeServer } from "../server/install.js";
import { openWindow, type OpenWindow } from "../window/browser.js";
import type { TestRun } from "./runInHost.js";
import { brokenRun, readResult, type HostResult } from "./result.js";

/** Runs the tests; whatever happens, server, browser and profile are gone when it returns. */
export async function runInCodeServer(run: TestRun): Promise<HostResult> {
  const interrupted = interruption();
  const server = await startCodeServer({
    codeServer: await ensureCodeServer(),
    logFile: path.join(run.evidenceFolder, "server.log"),
    settings: run.settings,
    env: run.env,
  });
  try {
    return await runInWindow(server, run, interrupted);
  } finally {
    await server.stop();
    await server.profile.saveLogs(path.join(run.evidenceFolder, "vscode-logs"));
    await server.profile.remove();
  }
}

async function runInWindow(
  server: RunningServer,
  run: TestRun,
  interrupted: Promise<string>,
): Promise<HostResult> {
  const log = createWriteStream(path.join(run.evidenceFolder, "console.log"));
  const pageErrors = new Set<string>();
  const window = await openWindow({
    server,
    folder: run.workspace,
    developmentPath: run.developmentPath,
    testsPath: run.testsPath,
    log: (line) => {
      log.write(`${line}\n`);
      if (line.startsWith("[page error]")) {
        pageErrors.add(line);
      }
    },
    onTestOutput: run.onOutput,
  });
  try {
    const result = await verdict(window, server, { run, interrupted });
    if (result.failed > 0) {
      const file = path.join(run.evidenceFolder, "failure.png");
      await window.page.screenshot({ path: file, timeout: 5_000 }).catch(() => undefined);
      [...pageErrors].slice(-3).forEach(run.onOutput);
    }
    return result;
  } finally {
    await window.close();
    log.end();
  }
}

/** Whatever happens first decides; only a finished run can succeed. */
async function verdict(
  window: OpenWindow,
  server: RunningServer,
  { run, interrupted }: { readonly run: TestRun; readonly interrupted: Promise<string> },
): Promise<HostResult> {
  const timer = new AbortController();
  const late = `no result after ${String(run.deadlineMs / 1000)} s`;
  const broken = Promise.race([
    window.crashed,
    interrupted,
    server.exited.then((code) => `the VS Code server exited with ${String(code)}`),
    delay(run.deadlineMs, late, { signal: timer.signal }).catch(() => late),
  ]);
  try {
    return await Promise.race([
      window.testsFinished.then(() => readResult(run.summaryFile)),
      broken.then(brokenRun),
    ]);
  } finally {
    timer.abort();
  }
}
