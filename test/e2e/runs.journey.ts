/** A run that is left to itself, found again in the view of runs, and what is kept of runs that are over. */
import assert from "node:assert/strict";
import type { Journey, Workbench } from "../host/index.js";

const training = `import time
print("training begins")
for epoch in range(1, 4): time.sleep(3); print("epoch", epoch)
`;

export const journey: Journey = {
  settings: { "backendai.run.connection": "ssh" },
  async run(workbench) {
    await runOverSsh(workbench);
    await leaveAndFollow(workbench);
    await background(workbench);
    await compare(workbench);
  },
};

/** Programs see a terminal here: a progress bar draws over itself. */
async function runOverSsh(workbench: Workbench): Promise<void> {
  const { editors, terminals } = workbench;
  await workbench.openFile("hello.py");
  await editors.clickTitleAction("Run Current File");
  assert.match(await terminals.waitForText(/exit code 0 · \d+\.\d s/), /Hello from a Backend\.AI session!/);
}

async function leaveAndFollow(workbench: Workbench): Promise<void> {
  const { editors, terminals, trees } = workbench;
  await workbench.openFile("hello.py");
  await editors.replace(training);
  await editors.clickTitleAction("Run Current File");
  await terminals.waitForText(/training begins/);
  await workbench.runCommand("Backend.AI: Leave Run in Background");
  await terminals.waitForText(/goes on in the session/);
  await trees.openContainer("Backend.AI");
  await trees.expandView("Runs");
  await trees.waitForItem("in background", "Runs");
  await workbench.screenshot("runs-1-left");
  await trees.click("in background", "Runs");
  await terminals.waitForText(/training begins[^]*epoch 1\n[^]*epoch 2\n[^]*epoch 3\n[^]*exit code 0/);
  await workbench.screenshot("runs-2-followed");
}

async function background(workbench: Workbench): Promise<void> {
  const { notifications, trees } = workbench;
  await workbench.runCommand("Backend.AI: Run Current File in Background");
  await notifications.waitFor("runs in python-");
  await notifications.waitFor("ended in python-");
  await trees.waitForNoItem("in background", "Runs");
  await workbench.screenshot("runs-3-ended");
  await notifications.clear();
}

/** What nobody followed is in its session still; what was read to its end is kept here. */
async function compare(workbench: Workbench): Promise<void> {
  const { page, terminals, trees } = workbench;
  await trees.openContainer("Backend.AI");
  await trees.click("exit code 0", "Runs");
  await terminals.waitForText(
    /goes on[^]*training begins[^]*exit code 0[^]*training begins[^]*epoch 3\n[^]*exit code 0/,
  );
  // It is kept here a moment after it was shown; until then the row leads to its terminal.
  await workbench.until("the output in an editor", async () => {
    await trees.click("exit code 0", "Runs");
    return (await page.locator(".tabs-container .tab", { hasText: ".log" }).count()) > 0;
  });
  await workbench.editors.waitForText(".log", "epoch 3");
  await workbench.screenshot("runs-4-output");
}
