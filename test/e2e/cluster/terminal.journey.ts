/**
 * Terminals in a session of a real cluster, whose own terminal is mute: by ssh, drawn right, back with the window as they
 * were, and with the shell's exit code.
 */
import assert from "node:assert/strict";
import type { Journey, Workbench } from "../../host/index.js";

/** Containers take their time to start. */
const deadlineMs = 90_000;

export const journey: Journey = {
  async run(workbench) {
    const { terminals, trees } = workbench;
    await trees.openContainer("Backend.AI");
    await workbench.statusBarText("manager");
    await startSession(workbench);
    await trees.clickInline("python-", "Open Terminal");
    await terminals.waitForText(/work@main1\S*:~\$/, { deadlineMs });
    await terminals.type("echo 한국어 $TERM\n");
    await terminals.waitForText(/^한국어 xterm-256color$/m);
    await workbench.screenshot("terminal-1-shell");
    await terminals.type("top\n");
    const top = await terminals.waitForText(/PID USER[^]*COMMAND/);
    assert.match(top, /load average/);
    await workbench.screenshot("terminal-2-top");
    await comeBack(workbench);
    await terminals.type("q");
    await terminals.type("exit 3\n");
    await workbench.notifications.waitFor("exit code: 3");
    await workbench.screenshot("terminal-4-exit");
    await trees.openContainer("Backend.AI");
    await trees.clickInline("python-", "Destroy Session");
    await workbench.answerDialog("Destroy");
    await trees.waitForNoItem("python-");
  },
};

async function startSession(workbench: Workbench): Promise<void> {
  const { quickInput, trees } = workbench;
  await workbench.runCommand("Backend.AI: Start Session…");
  await quickInput.choose("python");
  await quickInput.choose("As the Image Needs");
  await quickInput.choose("Start python-");
  await workbench.until(
    "the session to run",
    async () => (await trees.labels()).some((row) => /^python-\w+ python:/.test(row)),
    { deadlineMs, describe: async () => (await trees.labels()).join("\n") },
  );
}

/** A window that is opened again finds the program that was left running, not a dead tab or a fresh shell. */
async function comeBack(workbench: Workbench): Promise<void> {
  const { terminals } = workbench;
  await workbench.page.reload();
  await workbench.until("the window", () =>
    workbench.page.locator(".activitybar .action-item").first().isVisible(),
  );
  await terminals.waitForText(/PID USER[^]*COMMAND/, { deadlineMs });
  const names = await terminals.names(); // VS Code opens a shell of this computer where its panel was open
  assert.equal(names.filter((name) => name.startsWith("python-")).length, 1, names.join(", "));
  await workbench.screenshot("terminal-3-reloaded");
}
