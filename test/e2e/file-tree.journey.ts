/**
 * Files of a session of the local engine in the tree: folders unfold, a file and a folder are made, renamed, copied and deleted, and a
 * folder of the workspace is uploaded and comes back.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Journey, Workbench } from "../host/index.js";

export const journey: Journey = {
  async run(workbench) {
    await workbench.trees.openContainer("Backend.AI");
    await workbench.trees.clickWelcome("Start Local Engine");
    await workbench.statusBarText("Local engine");
    await workbench.runCommand("Backend.AI: Open Terminal");
    const home = await fill(workbench);
    await unfolds(workbench);
    await makesAndRenames(workbench, home);
    await deletes(workbench, home);
    await uploads(workbench, home);
  },
};

/** The session's own directory on this computer, with something in it. */
async function fill({ terminals }: Workbench): Promise<string> {
  await terminals.waitForText(/[$#%>] ?$/m);
  await terminals.type("PS1='ready> '; cd; echo home=$PWD=\n");
  const home = /^home=(.+)=$/m.exec(await terminals.waitForText(/^home=(.+)=$/m))?.[1] ?? "";
  await mkdir(path.join(home, "data/deep"), { recursive: true });
  await mkdir(path.join(home, "models"));
  for (const name of ["train.py", "notes 2.md", "notes 10.md", "data/table.csv", "data/deep/x.json"]) {
    await writeFile(path.join(home, name), `${name}\n`);
  }
  return home;
}

async function unfolds(workbench: Workbench): Promise<void> {
  const { trees } = workbench;
  await trees.openContainer("Backend.AI");
  await trees.expand("Files");
  await trees.waitForItem("train.py");
  await trees.expand("data");
  await trees.expand("deep");
  await trees.waitForItem("x.json");
  const rows = await trees.labels();
  const at = (name: string): number => rows.findIndex((row) => row === name);
  assert.ok(at("data") < at("models") && at("models") < at("notes 2.md"), rows.join(", "));
  assert.ok(at("notes 2.md") < at("notes 10.md"), rows.join(", "));
  await trees.item("data").hover();
  await workbench.screenshot("file-tree-1-rows");
}

async function makesAndRenames(workbench: Workbench, home: string): Promise<void> {
  const { trees, quickInput } = workbench;
  await trees.clickInline("Files", "New Folder");
  await quickInput.waitFor("New folder in /home/work");
  await quickInput.answer("a/b");
  await quickInput.waitFor("A name has no slash.");
  await quickInput.answer("results");
  await trees.waitForItem("results");
  await trees.item("notes 10.md").click({ button: "right" });
  await workbench.screenshot("file-tree-2-menu");
  await workbench.page.keyboard.press("Escape");
  await trees.chooseFromMenu("notes 10.md", "Rename");
  await quickInput.waitFor("New name of /home/work/notes 10.md");
  await quickInput.answer("notes 20.md");
  await trees.waitForItem("notes 20.md");
  await trees.waitForNoItem("notes 10.md");
  assert.ok(existsSync(path.join(home, "results")) && existsSync(path.join(home, "notes 20.md")));
}

async function deletes(workbench: Workbench, home: string): Promise<void> {
  const { trees } = workbench;
  await trees.chooseFromMenu("data", "Delete");
  const text = await workbench.dialogText();
  assert.match(text, /Delete data\?[^]*has 2 entries/);
  await workbench.screenshot("file-tree-3-delete");
  await workbench.answerDialog("Delete");
  await trees.waitForNoItem("data");
  assert.ok(!existsSync(path.join(home, "data")));
}

async function uploads(workbench: Workbench, home: string): Promise<void> {
  const { trees, notifications } = workbench;
  await mkdir(path.join(workbench.workspace, "sent"));
  for (let index = 0; index < 30; index += 1) {
    await writeFile(path.join(workbench.workspace, "sent", `part-${index}.txt`), `${index}\n`);
  }
  await trees.openContainer("Explorer");
  await trees.waitForItem("sent");
  await trees.chooseFromMenu("sent", "Upload to Session");
  await notifications.waitFor("Uploaded 30 files");
  assert.ok(existsSync(path.join(home, "sent/part-29.txt")));
  await trees.chooseFromMenu("sent", "Upload to Session");
  const text = await workbench.dialogText();
  assert.match(text, /30 files are in \/home\/work already/);
  await workbench.screenshot("transfer-1-conflict");
  await workbench.answerDialog("Skip All");
  await notifications.waitFor("30 skipped");
  await workbench.screenshot("transfer-2-summary");
  await trees.openContainer("Backend.AI");
  await trees.waitForItem("sent");
  await workbench.screenshot("transfer-3-tree");
}
