/**
 * A window that is reloaded in the middle: of a save, of a run, with a terminal open. What was saved is whole, old or new; the run
 * goes on and is found again, so does the shell of the terminal; and no process of the window that went is left.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type FSWatcher, readdirSync, readFileSync, watch } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type RunningEngine, startEngine } from "../../scripts/support/engineProcess.js";
import type { Journey, Workbench } from "../host/index.js";

/** Large enough for a save that is seen before it is over. */
const oldText = "the old content of the file\n".repeat(200_000); // 5.6 MB
/** A file that is being written, beside the one that it will be. */
const half = /^\.backendai-[0-9a-f]+\.part$/;
const added = "# added before the reload\n";

/** Ends when it is told to, however long that takes. */
const waiting = `import os, time
print("the run begins", flush=True)
while not os.path.exists("go"): time.sleep(0.1)
print("the run ends")
`;

/** All processes of the window have it among their variables. */
const mark = `RELOAD_JOURNEY=${randomUUID()}`;
const [markName = "", markValue = ""] = mark.split("=");

let engine: RunningEngine;

export const journey: Journey = {
  env: { [markName]: markValue },
  settings: {
    "backendai.run.connection": "ssh",
    "backendai.terminal.connection": "ssh",
    "files.autoSave": "off",
  },

  async prepare() {
    engine = await startEngine();
    return { env: { ...engine.env }, stop: engine.stop };
  },

  async run(workbench) {
    const home = await startSession(workbench);
    await writeFile(path.join(home, "saved.txt"), oldText);
    await openTerminal(workbench);
    await beginRun(workbench);
    await openFile(workbench);
    const before = processes();
    const frozen = freezeInSave(home);
    try {
      await workbench.editors.press("ControlOrMeta+Home");
      await workbench.page.keyboard.insertText(added);
      await workbench.editors.press("ControlOrMeta+s");
      await workbench.until("the save to be in the middle", () => Promise.resolve(frozen.at !== undefined));
      await workbench.unsavedText(added.length + oldText.length);
      await workbench.screenshot("reload-1-before");
      await leave(workbench);
    } finally {
      frozen.thaw();
    }
    await workbench.ready();
    await workbench.screenshot("reload-2-after");
    await checkFile(workbench, home, frozen.at);
    await checkTerminal(workbench);
    await checkRun(workbench, home);
    await workbench.until(
      "the processes of the old window to be gone",
      () => Promise.resolve(additional(processes(), before).length === 0),
      { describe: () => Promise.resolve(additional(processes(), before).join("\n")) },
    );
  },
};

/** @returns The session's own directory on this computer. */
async function startSession(workbench: Workbench): Promise<string> {
  const { editors, terminals } = workbench;
  await workbench.openFile("hello.py");
  await editors.replace("import os\nprint('home=' + os.getcwd() + '=')\n");
  await editors.clickTitleAction("Run Current File");
  const text = (await terminals.waitForText(/home=[^=]+=[^]*exit code 0/)).replaceAll("\n", "");
  return /home=([^=]+)=/.exec(text)?.[1] ?? "";
}

async function openTerminal(workbench: Workbench): Promise<void> {
  await workbench.runCommand("Backend.AI: Open Terminal");
  await workbench.terminals.plainPrompt();
  await workbench.terminals.type("kept=before; echo typed-$kept\n");
  await workbench.terminals.waitForText("typed-before");
}

async function beginRun(workbench: Workbench): Promise<void> {
  const { editors, terminals } = workbench;
  await editors.replace(waiting);
  await editors.clickTitleAction("Run Current File");
  await terminals.waitForText("the run begins");
}

async function openFile(workbench: Workbench): Promise<void> {
  const { editors, page, quickInput } = workbench;
  await workbench.runCommand("Backend.AI: Open File of Session…");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "saved.txt" }).waitFor();
  await quickInput.choose("saved.txt");
  await editors.waitForText("saved.txt", "the old content");
}

/** Stops the server with the first bytes of a save: what is in the middle then stays there. */
function freezeInSave(home: string): { readonly at: string | undefined; thaw(): void } {
  let at: string | undefined;
  const watcher: FSWatcher = watch(home, (_event, name) => {
    if (at === undefined && name !== null && half.test(name)) {
      process.kill(engine.pid, "SIGSTOP");
      at = name;
    }
  });
  return {
    get at() {
      return at;
    },
    thaw: () => {
      watcher.close();
      process.kill(engine.pid, "SIGCONT");
    },
  };
}

/** Gives the command, and says yes where the browser asks whether to leave; the next window begins to load then. */
async function leave({ page, quickInput }: Workbench): Promise<void> {
  page.once("dialog", (dialog) => void dialog.accept());
  await page.evaluate("globalThis.isOfOldWindow = true");
  await quickInput.runCommand("Developer: Reload Window");
  // VS Code gives a save that is under way its time, and extensions theirs, before it leaves the page.
  await page.waitForFunction("globalThis.isOfOldWindow === undefined", undefined, {
    timeout: 60_000,
    polling: 100,
  });
}

/**
 * The old content or the new one; what was not saved is in the editor still, and can be.
 * @param cut The hidden file beside it that the old window was writing: nobody was left to take it away.
 */
async function checkFile(workbench: Workbench, home: string, cut: string | undefined): Promise<void> {
  const { editors, page } = workbench;
  const text = async (): Promise<string> => readFile(path.join(home, "saved.txt"), "utf8");
  const now = await text();
  assert.ok(now === oldText || now === added + oldText, `a whole one, not ${String(now.length)} characters`);
  await page.locator(".tabs-container .tab", { hasText: "saved.txt" }).first().click();
  await editors.waitForText("saved.txt", "added before the reload");
  if (now === oldText) {
    await editors.press("ControlOrMeta+s");
  }
  await workbench.until("the save", async () => (await text()) === added + oldText);
  const left = (await readdir(home)).filter((name) => half.test(name));
  assert.ok(
    left.every((name) => name === cut),
    `nothing half-written but what was cut, hidden beside the whole: ${left.join(", ")}`,
  );
}

/** The shell lived on, and its terminal came back with the window. */
async function checkTerminal(workbench: Workbench): Promise<void> {
  const { terminals } = workbench;
  await terminals.select("python-");
  await terminals.type("echo after-$kept\n");
  await terminals.waitForText("after-before");
}

async function checkRun(workbench: Workbench, home: string): Promise<void> {
  const { terminals, trees } = workbench;
  await trees.openContainer("Backend.AI");
  await trees.expandView("Runs");
  await trees.waitForItem("in background", "Runs");
  await writeFile(path.join(home, "go"), "");
  await trees.click("in background", "Runs");
  await terminals.waitForText(/the run begins\n[^]*the run ends\n[^]*exit code 0/);
  await workbench.screenshot("reload-3-run");
}

/** What the window has running, each by its program and what it is for. */
function processes(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && textOf(`/proc/${name}/environ`).includes(mark))
    .map((pid) => textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ").replaceAll(/\d+/g, "#").slice(0, 300))
    .sort();
}

/** What there is more of than before, but for the shell that VS Code itself opens in a panel that was on show. */
function additional(now: readonly string[], before: readonly string[]): readonly string[] {
  const rest = [...before];
  return now.filter((line) => {
    const at = rest.indexOf(line);
    rest.splice(at, at < 0 ? 0 : 1);
    return at < 0 && !line.includes("shellIntegration");
  });
}

/** Nothing of a process that is gone. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
