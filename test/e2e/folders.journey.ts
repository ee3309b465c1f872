/** Virtual folders from the first one to a session that has it: made, filled, read, brought back, renamed, thrown away. */
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Journey, Workbench } from "../host/index.js";

const view = "Folders";

export const journey: Journey = {
  async run(workbench) {
    const { trees, quickInput } = workbench;
    await trees.openContainer("Backend.AI");
    await trees.clickWelcome("Start Local Engine");
    await workbench.statusBarText("Local engine");
    await trees.expandView(view);
    await trees.clickWelcome("New Folder");
    await quickInput.waitFor("outlive sessions");
    await refusesName(workbench);
    await quickInput.answer("measurements");
    await trees.waitForItem("measurements", view);
    await fills(workbench);
    await readsAndBringsBack(workbench);
    await startsSession(workbench);
    await renamesAndDeletes(workbench);
  },
};

/** Chooses an entry of a row's menu by the keyboard: a click that comes with the menu is not taken. */
async function chooseEntry({ trees, page }: Workbench, label: string, entry: string): Promise<void> {
  await trees.item(label, view).click({ button: "right" });
  await page.locator(".context-view .action-menu-item", { hasText: entry }).first().hover();
  await page.keyboard.press("Enter");
}

async function refusesName(workbench: Workbench): Promise<void> {
  const { page, quickInput, until } = workbench;
  const input = page.locator(".quick-input-widget:visible .quick-input-box input");
  await input.fill("a/b");
  await until("the name to be refused", async () => (await quickInput.text()).includes("without “/”"));
  await workbench.screenshot("folders-1-refused-name");
}

async function fills(workbench: Workbench): Promise<void> {
  const { trees, quickInput, workspace } = workbench;
  await chooseEntry(workbench, "measurements", "New Directory");
  await quickInput.waitFor("New Directory in measurements");
  await quickInput.answer("2026/june");
  await trees.expand("measurements", view);
  await trees.waitForItem("2026", view);
  const local = path.join(workspace, "for-upload");
  await mkdir(local);
  await writeFile(path.join(local, "values.csv"), "day,value\n1,42\n2,43\n");
  await trees.clickInline("measurements", "Upload Files", view);
  await acceptPath(workbench, path.join(local, "values.csv"));
  await trees.waitForItem("values.csv", view);
  await workbench.screenshot("folders-2-filled");
}

/** Answers a dialog for files: here it is a box that takes a path. */
async function acceptPath({ page, until }: Workbench, file: string): Promise<void> {
  const input = page.locator(".quick-input-widget:visible .quick-input-box input");
  await until("the dialog", async () => (await input.inputValue()).startsWith("/"));
  // Enter before the dialog has read the folder takes nothing, and nothing shows that it has.
  await until("the file to be taken", async () => {
    if (await input.isVisible()) {
      await input.fill(file);
      await page.waitForTimeout(500);
      await input.press("Enter");
      await page.waitForTimeout(500);
    }
    return !(await input.isVisible());
  });
}

async function readsAndBringsBack(workbench: Workbench): Promise<void> {
  const { trees, editors, workspace, until, notifications } = workbench;
  await trees.click("values.csv", view);
  await editors.waitForTab("values.csv");
  await editors.waitForText("values.csv", "1,42");
  await editors.press("x");
  assert.doesNotMatch(await editors.text("values.csv"), /x/, "what is shown can't be changed");
  await workbench.screenshot("folders-3-read");
  await trees.clickInline("values.csv", "Download", view);
  const offered = workbench.page.locator(".quick-input-widget:visible .quick-input-box input");
  await until("the name to be offered", async () => (await offered.inputValue()).endsWith("/values.csv"));
  await offered.press("Enter");
  const back = await until("the download", () =>
    readFile(path.join(workspace, "values.csv"), "utf8").catch(() => undefined),
  );
  assert.equal(back, "day,value\n1,42\n2,43\n");
  await notifications.waitFor("1 file downloaded");
  await workbench.screenshot("folders-4-downloaded");
  await notifications.clear();
}

async function startsSession(workbench: Workbench): Promise<void> {
  const { trees, quickInput } = workbench;
  await chooseEntry(workbench, "measurements", "Start Session with Folders");
  await quickInput.waitFor("under /home/work");
  await quickInput.waitFor("read and write");
  await workbench.screenshot("folders-5-mounts");
  await workbench.page.keyboard.press("Enter"); // the folder that was clicked is ticked
  await quickInput.waitFor("Image of the new session");
  await quickInput.choose("python:");
  await trees.waitForItem("python-", "Sessions");
  await writeFile(
    path.join(workbench.workspace, "mounted.py"),
    "import os\nprint(sorted(os.listdir('measurements')))\n" +
      "open('measurements/from-session.txt', 'w').write('done')\n",
  );
  await workbench.openFile("mounted.py");
  await workbench.editors.clickTitleAction("Run Current File");
  await workbench.terminals.waitForText("values.csv");
  await trees.openContainer("Backend.AI"); // opening a file has shown the explorer
  await trees.clickViewAction(view, "Refresh Folders");
  await trees.waitForItem("from-session.txt", view);
  await workbench.screenshot("folders-6-session");
}

async function renamesAndDeletes(workbench: Workbench): Promise<void> {
  const { trees, quickInput, notifications } = workbench;
  await chooseEntry(workbench, "values.csv", "Rename");
  await quickInput.waitFor("Rename values.csv");
  await quickInput.answer("renamed.csv");
  await trees.waitForItem("renamed.csv", view);
  await chooseEntry(workbench, "renamed.csv", "Delete");
  assert.match(await workbench.dialogText(), /measurements\/renamed\.csv[^]*no trash/);
  await workbench.screenshot("folders-7-delete-file");
  await workbench.answerDialog("Delete");
  await trees.waitForNoItem("renamed.csv", view);
  await chooseEntry(workbench, "measurements", "Delete");
  assert.match(await workbench.dialogText(), /trash of the server/);
  await workbench.answerDialog("Delete");
  await notifications.waitFor("in the trash");
  await workbench.screenshot("folders-8-trash");
  await notifications.click("in the trash", "Restore");
  await trees.waitForItem("measurements", view);
}
