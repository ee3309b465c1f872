import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { resultsRoot } from "../host/paths.js";
import { withWorkbench } from "../host/session.js";
import type { Workbench } from "../host/index.js";

const name = "package";

/**
 * Installs a package into a fresh VS Code that has no other extension, and does there what a person does first: starts the local
 * engine, opens a terminal, runs a file, looks at files, reads the extension's page.
 */
export async function smokeRun(vsix: string): Promise<void> {
  // VS Code would tell of ports that it forwards by itself.
  const settings = { "remote.autoForwardPorts": false };
  await withWorkbench({ name, settings, install: [vsix] }, async (workbench) => {
    await startsEngine(workbench);
    await opensTerminal(workbench);
    await runs(workbench);
    await listsFiles(workbench);
    await showsItsPage(workbench);
    await workbench.screenshot(name);
    assert.deepEqual(await workbench.notifications.texts(), [], "nothing to complain about");
  });
  // The window's own account of its extensions: what fails at activation is told there and nowhere else.
  const told = await readFile(path.join(resultsRoot, "journeys", `${name}-console.log`), "utf8");
  const failures = told
    .split("\n")
    .filter((line) => /\[console error\].*backendai|Activating extension .*backendai.* failed/i.test(line));
  assert.deepEqual(failures, []);
}

async function startsEngine(workbench: Workbench): Promise<void> {
  await workbench.trees.openContainer("Backend.AI"); // once it is there, so are the commands
  await workbench.runCommand("Backend.AI: Start Local Engine");
  await workbench.statusBarText("Local engine");
}

async function runs(workbench: Workbench): Promise<void> {
  await workbench.openFile("hello.py");
  await workbench.editors.clickTitleAction("Run Current File");
  const text = await workbench.terminals.waitForText(/exit code 0/);
  assert.match(text, /Hello from a Backend\.AI session!/);
}

async function opensTerminal(workbench: Workbench): Promise<void> {
  const { terminals } = workbench;
  await workbench.runCommand("Backend.AI: Open Terminal");
  await terminals.waitForText(/[$#%>] ?$/m);
  await terminals.insert("echo sum=$((40 + 2))");
  await terminals.press("Enter");
  await terminals.waitForText(/^sum=42$/m);
}

/** What ran is a file of the session's. */
async function listsFiles({ trees }: Workbench): Promise<void> {
  await trees.openContainer("Backend.AI");
  await trees.expand("Files");
  await trees.waitForItem("hello.py");
}

/** The README, without a picture that can't be drawn. */
async function showsItsPage({ page, trees, until }: Workbench): Promise<void> {
  await trees.openContainer("Extensions");
  await page.locator(".extension-list-item", { hasText: "Backend.AI Sessions" }).first().click();
  const readme = await until("the README on the extension's page", async () => {
    for (const frame of page.frames()) {
      const isReadme = await frame
        .getByRole("heading", { name: "Privacy" })
        .isVisible()
        .catch(() => false); // a frame may go while it is looked at
      if (isReadme) {
        return frame;
      }
    }
    return undefined;
  });
  const pictures = readme.locator("img");
  assert.deepEqual(
    await pictures.evaluateAll((images) =>
      images
        .filter((image) => Number(Reflect.get(image, "naturalWidth")) === 0)
        .map((image) => Reflect.get(image, "alt") as unknown),
    ),
    [],
  );
}
