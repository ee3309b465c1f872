/** A session's files: its folder as a workspace, an editor that saves, a conflict, what was replaced, a file by its path. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { startEngine } from "../../src/engine/index.js";
import type { Journey, Workbench } from "../host/index.js";

export const journey: Journey = {
  // An engine of its own: sessions of the local engine end when a window takes up a folder.
  prepare: async () => {
    const engine = await startEngine();
    return {
      env: {
        BACKEND_ENDPOINT: engine.endpoint,
        BACKEND_ACCESS_KEY: engine.accessKey,
        BACKEND_SECRET_KEY: engine.secretKey,
      },
      settings: { "files.autoSave": "off" },
      stop: () => engine.close(),
    };
  },

  async run(workbench) {
    const home = await startSession(workbench);
    await writeFile(path.join(home, "main.py"), "print('one')\n");
    await writeFile(path.join(home, "notes.md"), "# Notes\n");
    await openFolder(workbench);
    await save(workbench, home);
    await meetConflict(workbench, home);
    await restore(workbench, home);
    await openByPath(workbench);
    await showHostileName(workbench, home);
    await openLarge(workbench, home);
  },
};

const deadlineMs = 60_000;

const hostileName = "$(zap)[x](command:workbench.action.newWindow)\u202egpj.py";

/** @returns The session's own directory on this computer. */
async function startSession(workbench: Workbench): Promise<string> {
  const { editors, terminals } = workbench;
  await workbench.openFile("hello.py");
  await editors.replace("import os\nprint('home=' + os.getcwd() + '=')\n");
  await editors.clickTitleAction("Run Current File");
  const text = (await terminals.waitForText(/home=[^=]+=/, { deadlineMs })).replaceAll("\n", "");
  return /home=([^=]+)=/.exec(text)?.[1] ?? "";
}

async function openFolder(workbench: Workbench): Promise<void> {
  const { page, quickInput } = workbench;
  await workbench.runCommand("Backend.AI: Open Session's Folder");
  await quickInput.choose("Open in This Window");
  await page
    .locator(".explorer-folders-view .monaco-list-row", { hasText: "main.py" })
    .waitFor({ timeout: deadlineMs });
  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "main.py" }).dblclick();
  await workbench.editors.waitForTab("main.py");
  await workbench.screenshot("files-1-folder");
}

async function save({ editors, page, until }: Workbench, home: string): Promise<void> {
  await editors.replace("print('mine')\n");
  await page.keyboard.press("Control+s");
  await until("the save", async () => (await text(home)) === "print('mine')\n");
}

/** Somebody else writes as many bytes: VS Code does not see it. */
async function meetConflict(workbench: Workbench, home: string): Promise<void> {
  const { editors, notifications, page, until } = workbench;
  await editors.replace("print('more of mine')\n");
  await writeFile(path.join(home, "main.py"), "print('them')\n");
  await page.keyboard.press("Control+s");
  await notifications.waitFor("was changed in the session since it was opened here");
  await workbench.screenshot("files-2-conflict");
  assert.equal(await text(home), "print('them')\n");
  await answer(workbench, "Compare");
  await editors.waitForTab("in session");
  await workbench.screenshot("files-3-compare");
  await notifications.clear(); // a row of the message that was answered may stay
  await page.locator(".editor.modified .view-line", { hasText: "more of mine" }).first().click();
  await page.keyboard.press("Control+s");
  await notifications.waitFor("was changed in the session since it was opened here");
  await answer(workbench, "Overwrite");
  await until("the overwriting save", async () => (await text(home)) === "print('more of mine')\n");
}

/** VS Code has a message of its own beside ours, with the same words. */
async function answer({ notifications }: Workbench, button: string): Promise<void> {
  await notifications.click("was changed in the session", button, "Failed to save");
}

async function restore(workbench: Workbench, home: string): Promise<void> {
  const { editors, page, quickInput, until } = workbench;
  await workbench.runCommand("Backend.AI: Restore Previous Content of File in Session…");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Replaced" }).first().waitFor();
  await workbench.screenshot("files-4-restore");
  await quickInput.choose("Replaced");
  await until("the content of somebody else", async () => (await text(home)) === "print('them')\n");
  await editors.waitForTab("main.py"); // it is opened last, and would close a palette
  await editors.waitForText("main.py", "them");
}

async function openByPath(workbench: Workbench): Promise<void> {
  const { page, quickInput } = workbench;
  await workbench.runCommand("Backend.AI: Open File of Session…");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "notes.md" }).waitFor();
  await page.keyboard.type("no");
  await workbench.screenshot("files-5-path");
  await quickInput.choose("notes.md");
  await workbench.editors.waitForTab("notes.md");
}

/** A file that is called like an icon and a link of VS Code: its name stays text, in its order. */
async function showHostileName(workbench: Workbench, home: string): Promise<void> {
  const { page, quickInput } = workbench;
  await writeFile(path.join(home, hostileName), "");
  await workbench.runCommand("Backend.AI: Open File of Session…");
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: "zap" });
  await row.waitFor();
  // VS Code draws every label as an anchor, without an address.
  assert.equal(await row.locator(".codicon-zap, a[href]").count(), 0, "neither an icon nor a link");
  assert.doesNotMatch((await row.textContent()) ?? "", /\u202e/);
  await quickInput.dismiss();
}

async function openLarge(workbench: Workbench, home: string): Promise<void> {
  const { notifications, page } = workbench;
  await writeFile(path.join(home, "large.log"), "a line of the log\n".repeat(2_900_000)); // 52 MB
  await workbench.runCommand("Backend.AI: Open File of Session…");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "large.log" }).waitFor();
  await workbench.quickInput.choose("large.log");
  await notifications.waitFor("more than the 50.0 MB");
  await workbench.screenshot("files-6-large");
  await notifications.click("more than the 50.0 MB", "Last 1 MB");
  await workbench.editors.waitForTab("Last 1.0 MB of large.log");
  await workbench.screenshot("files-7-part");
}

async function text(home: string): Promise<string> {
  return readFile(path.join(home, "main.py"), "utf8");
}
