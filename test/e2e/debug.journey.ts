/** Debugging on the local engine: a breakpoint, F5, debugpy offered and installed, a stop, a question, the exit code. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Journey, Workbench } from "../host/index.js";
import { whyNoPackage } from "../support/pythonPackage.js";

/** Pip and a first start, on a slow machine. */
const installMs = 90_000;

const code = `import statistics

numbers = [4, 8, 15, 16, 23, 42]
mean = statistics.mean(numbers)
name = input("Who asks? ")
print(f"{name}: the mean of {len(numbers)} numbers is {mean}")
`;

export const journey: Journey = {
  skip: await reasonToSkip(),
  async run(workbench) {
    await writeFile(path.join(workbench.workspace, "mean.py"), code);
    await startEngine(workbench);
    await stopAtBreakpoint(workbench);
    await goOn(workbench);
  },
};

async function reasonToSkip(): Promise<string | undefined> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-debugpy-"));
  try {
    return await whyNoPackage("debugpy", folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startEngine(workbench: Workbench): Promise<void> {
  await workbench.trees.openContainer("Backend.AI");
  await workbench.trees.clickWelcome("Start Local Engine");
  await workbench.statusBarText("Local engine");
}

async function stopAtBreakpoint(workbench: Workbench): Promise<void> {
  const { editors, page } = workbench;
  await workbench.openFile("mean.py");
  await editors.press("ControlOrMeta+Home");
  for (let line = 1; line < 5; line += 1) {
    await editors.press("ArrowDown");
  }
  await editors.press("F9");
  await page.locator(".codicon-debug-breakpoint").first().waitFor();
  await editors.press("F5");
  assert.match(await workbench.dialogText(), /has no debugpy[^]*Install it into the session\?/);
  await workbench.screenshot("debug-1-offer");
  await workbench.answerDialog("Install");
  await page.locator(".debug-toolbar .codicon-debug-continue").waitFor({ timeout: installMs });
  await page.locator(".debug-top-stack-frame-line").first().waitFor({ timeout: installMs });
  const locals = page.locator(".debug-variables .monaco-list-row", { hasText: "Locals" }).first();
  if ((await locals.getAttribute("aria-expanded")) !== "true") {
    await locals.click();
  }
  await page.locator(".debug-variables .monaco-list-row", { hasText: "mean" }).first().waitFor();
  await workbench.screenshot("debug-2-stopped");
}

async function goOn(workbench: Workbench): Promise<void> {
  const { editors, terminals } = workbench;
  await editors.press("F5");
  await terminals.waitForText(/Who asks\?/);
  await terminals.type("Ada\n");
  const text = await terminals.waitForText(/exit code 0/);
  assert.match(text, /Ada: the mean of 6 numbers is 18/);
  await workbench.screenshot("debug-3-ended");
}
