/** From a script with cells to variables in a session: lenses, keys, questions, a reset. */
import assert from "node:assert/strict";
import type { Journey, Workbench } from "../host/index.js";

const script = `# %% Load
import time
points = [n * n for n in range(5)]

# %% Show
print("points:", points)
sum(points)

# %% Ask
name = input("Your name? ")
print("Hello,", name)

# %% Fail
points[9]
`;

export const journey: Journey = {
  async run(workbench) {
    await runCells(workbench);
    await runByKeys(workbench);
    await answerInBox(workbench);
    await fail(workbench);
    await reset(workbench);
  },
};

async function runCells(workbench: Workbench): Promise<void> {
  const { editors, terminals } = workbench;
  await workbench.openFile("hello.py");
  await editors.replace(script);
  await editors.press("ControlOrMeta+Home");
  await editors.clickCodeLens("Run Cell");
  await terminals.waitForText(/In \[1\]: import time/);
  assert.match(await workbench.statusBarText("python-"), /python-/);
  await workbench.screenshot("query-1-cell");
}

async function runByKeys(workbench: Workbench): Promise<void> {
  const { editors, terminals } = workbench;
  await editors.press("ControlOrMeta+Home");
  await editors.press("Shift+Enter");
  await editors.press("Shift+Enter");
  await terminals.waitForText(/In \[3\]: print[^]*points: \[0, 1, 4, 9, 16\]\n30/);
  await editors.press("Control+k");
  await editors.press("Control+Enter");
  await terminals.waitForText(/Your name\? /);
  await workbench.screenshot("query-2-asks");
}

async function answerInBox(workbench: Workbench): Promise<void> {
  const { terminals, editors, notifications, quickInput } = workbench;
  await terminals.type("Ada\n");
  await terminals.waitForText(/Your name\? Ada/);
  await editors.press("Control+k");
  await editors.press("Control+Enter");
  await terminals.waitForText(/Hello, Ada/);
  await editors.replace("import time\ntime.sleep(4)\nword = input('Which word? ')\nprint('word:', word)\n");
  await editors.press("ControlOrMeta+a");
  await editors.press("Control+k");
  await editors.press("Control+Enter");
  await workbench.runCommand("Terminal: Create New Terminal");
  await notifications.waitFor("Which word?");
  await workbench.screenshot("query-3-notification");
  await workbench.page.locator(".notification-list-item-message a", { hasText: "Answer" }).first().click();
  await quickInput.waitFor("Which word?");
  await workbench.screenshot("query-4-box");
  await quickInput.answer("swift");
  await workbench.runCommand("Backend.AI: Show Console of Cells");
  await terminals.waitForText(/word: swift/);
}

async function fail(workbench: Workbench): Promise<void> {
  const { editors, terminals } = workbench;
  await editors.replace("# %%\n1 / 0\n# %%\nprint('never')\n# %%\nprint('never')\n");
  await workbench.runCommand("Backend.AI: Run All Cells in Session");
  await terminals.waitForText(/ZeroDivisionError[^]*2 queued cells not run/);
  await workbench.screenshot("query-5-error");
}

async function reset(workbench: Workbench): Promise<void> {
  const { quickInput, terminals } = workbench;
  await workbench.clickStatusBar("python-");
  await quickInput.waitFor("Session for cells");
  await workbench.screenshot("query-6-sessions");
  await quickInput.choose("Reset Session State");
  await terminals.waitForText(/── state reset/);
  await workbench.screenshot("query-7-reset");
}
