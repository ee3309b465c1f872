/** A real cluster, named by the environment: connect by looking, run, see what works there, destroy. */
import assert from "node:assert/strict";
import type { Journey, Workbench } from "../../host/index.js";

export const journey: Journey = {
  async run(workbench) {
    await workbench.trees.openContainer("Backend.AI");
    await workbench.statusBarText("manager");
    await runHello(workbench);
    await answerQuestion(workbench);
    await stopAndGoOn(workbench);
    await lookAtServer(workbench);
    await destroy(workbench);
  },
};

/** Containers take their time to start, and so do the interpreters in them. */
const deadlineMs = 90_000;

async function runHello(workbench: Workbench): Promise<void> {
  const { editors, terminals, trees } = workbench;
  await workbench.openFile("hello.py");
  await editors.clickTitleAction("Run Current File");
  const text = await terminals.waitForText(/exit code 0 · \d+\.\d s/, { deadlineMs });
  assert.match(text, /Hello from a Backend\.AI session!/);
  assert.match(text, /안녕하세요/);
  await trees.openContainer("Backend.AI");
  await trees.waitForItem("python-");
  await workbench.screenshot("cluster-1-hello");
}

async function answerQuestion(workbench: Workbench): Promise<void> {
  const { editors, terminals } = workbench;
  await workbench.openFile("ask.py");
  await editors.replace("name = input('What is your name? ')\nprint(f'Hello, {name}!')\n");
  await editors.clickTitleAction("Run Current File");
  await terminals.waitForText(/name\?/, { deadlineMs });
  await terminals.type("Ada\n");
  await terminals.waitForText(/Hello, Ada!\s+.*exit code 0/, { deadlineMs });
  await workbench.screenshot("cluster-2-ask");
}

/** Servers interrupt what they started themselves: the program must be just that. */
async function stopAndGoOn(workbench: Workbench): Promise<void> {
  const { editors, terminals } = workbench;
  await editors.replace("import time\nprint('waiting')\ntime.sleep(600)\n");
  await editors.clickTitleAction("Run Current File");
  await terminals.waitForText(/^waiting$/m, { deadlineMs });
  await terminals.press("Control+c");
  await terminals.waitForText(/KeyboardInterrupt[^]*stopped/, { deadlineMs });
  await editors.replace("print('goes', 'on')\n");
  await editors.clickTitleAction("Run Current File");
  await terminals.waitForText(/^goes on$/m, { deadlineMs });
  await workbench.screenshot("cluster-3-stopped");
}

async function lookAtServer(workbench: Workbench): Promise<void> {
  await workbench.runCommand("Backend.AI: Show What Works on This Server");
  await workbench.editors.waitForTab("What Works on This Server");
  const report = workbench.page.frameLocator("iframe.webview").frameLocator("#active-frame");
  await report.getByText(/Known of this release/).waitFor();
  await workbench.screenshot("cluster-4-server");
}

async function destroy(workbench: Workbench): Promise<void> {
  const { trees } = workbench;
  await trees.openContainer("Backend.AI");
  await trees.clickInline("python-", "Destroy Session");
  await workbench.answerDialog("Destroy");
  await workbench.until(
    "the session to be gone",
    async () => !(await trees.labels()).some((row) => row.includes("python-")),
    {
      deadlineMs,
    },
  );
  await workbench.screenshot("cluster-5-destroyed");
}
