/** What a session printed, tells of itself, and uses: a log followed while a program prints, information, the status bar. */
import assert from "node:assert/strict";
import type { Journey, Workbench } from "../host/index.js";

/** One line for each block: the editor would indent what is inserted below another one. */
const program = `import time
kept = bytearray(200_000_000)
start = time.time()
def busy(until): return sum(1 for _ in iter(lambda: time.time() - start < until, False))
for step in range(1, 9): print(f"\\x1b[1;34mstep {step}\\x1b[0m loss \\x1b[32m{1 / step:.3f}\\x1b[0m", flush=True); busy(step * 1.5)
print("\\x1b[33mWARNING\\x1b[0m learning rate is 0")
print("\\x1b[41;97m ERROR \\x1b[0m \\x1b[31mout of patience\\x1b[0m", flush=True)
time.sleep(8)
`;

export const journey: Journey = {
  settings: { "backendai.run.connection": "api" },
  async run(workbench) {
    await printAndFollow(workbench);
    await pause(workbench);
    await lookAtUsage(workbench);
    await readInformation(workbench);
    await watchTheEnd(workbench);
  },
};

async function printAndFollow(workbench: Workbench): Promise<void> {
  const { editors, terminals, trees } = workbench;
  await workbench.openFile("hello.py");
  await editors.clickTitleAction("Run Current File");
  await terminals.waitForText(/exit code 0/);
  await editors.replace(program);
  await editors.clickTitleAction("Run Current File");
  await terminals.waitForText(/step 1/);
  await trees.openContainer("Backend.AI");
  await trees.waitForItem("Files", "Sessions");
  await trees.chooseFromMenu("python-", "Show Session Log", "Sessions");
  const before = await editors.waitForText(".log", "Hello from a Backend.AI session!");
  assert.match(before, /████ 100 %$/m); // one line of the bar, not one for each of its steps
  await editors.waitForText(".log", "step 3");
  await workbench.screenshot("session-log-1-followed");
  await editors.waitForText(".log", "out of patience");
  await workbench.screenshot("session-log-2-colours");
}

async function pause({ editors, page }: Workbench): Promise<void> {
  await editors.clickTitleAction("Stop Following Log");
  await page.locator('.title .action-label[aria-label^="Follow Log"]').first().waitFor();
  await editors.clickTitleAction("Follow Log");
  await page.locator('.title .action-label[aria-label^="Stop Following Log"]').first().waitFor();
}

async function lookAtUsage(workbench: Workbench): Promise<void> {
  const { page, trees } = workbench;
  await trees.click("python-", "Sessions");
  const text = await workbench.statusBarText("CPU ");
  assert.match(text, /CPU [<\d]+ % · [\d.]+( MiB)?\/1 GiB/);
  await page.locator(".part.statusbar .statusbar-item", { hasText: "CPU " }).first().hover();
  await page.locator(".workbench-hover", { hasText: "Disk written" }).first().waitFor();
  await workbench.screenshot("session-log-3-usage");
  await page.keyboard.press("Escape");
}

async function readInformation(workbench: Workbench): Promise<void> {
  const { trees } = workbench;
  await trees.chooseFromMenu("python-", "Show Session Information", "Sessions");
  const preview = workbench.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  await preview.getByText("Resources", { exact: true }).waitFor();
  await workbench.screenshot("session-log-4-information");
}

async function watchTheEnd(workbench: Workbench): Promise<void> {
  const { editors, trees, page } = workbench;
  await page.locator(".tabs-container .tab", { hasText: ".log" }).first().click();
  await editors.waitForTab(".log");
  await trees.clickInline("python-", "Destroy Session", "Sessions");
  await workbench.answerDialog("Destroy");
  await editors.waitForText(".log", "[The session has ended");
  await workbench.screenshot("session-log-5-ended");
}
