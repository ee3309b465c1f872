/** From an empty window to a program that ran: no account, no server, the local engine. */
import assert from "node:assert/strict";
import { countClicks, type Journey, type Workbench } from "../host/index.js";

export const journey: Journey = {
  async run(workbench) {
    await runHello(workbench);
    await answerQuestions(workbench);
    await compileC(workbench);
    await stopAndDestroy(workbench);
  },
};

/** The shortest way from an empty window to a run: no view opened, no engine started, no question. */
async function runHello(workbench: Workbench): Promise<void> {
  const { editors, page, terminals, trees } = workbench;
  await trees.waitForItem("hello.py"); // the Explorer is what an empty window shows
  const clicks = await countClicks(page);
  await trees.click("hello.py");
  await editors.text("hello.py");
  await editors.clickTitleAction("Run Current File");
  const text = await terminals.waitForText(/exit code 0 · \d+\.\d s/);
  assert.match(text, /Hello from a Backend\.AI session!/);
  assert.match(text, /안녕하세요/);
  assert.equal(await clicks.count(), 2);
  await trees.openContainer("Backend.AI");
  await trees.waitForItem("python-");
  await workbench.screenshot("run-1-hello");
}

async function answerQuestions(workbench: Workbench): Promise<void> {
  const { editors, terminals } = workbench;
  await workbench.openFile("ask.py");
  await editors.clickTitleAction("Run Current File");
  await terminals.waitForText(/name\?? ?/i);
  await terminals.type("Ada\n");
  await terminals.waitForText(/password|secret|word/i);
  await terminals.type("swordfish\n");
  const text = await terminals.waitForText(/exit code 0/);
  assert.doesNotMatch(text, /swordfish/);
  await workbench.screenshot("run-2-ask");
}

async function compileC(workbench: Workbench): Promise<void> {
  await workbench.openFile("mandelbrot.c");
  await workbench.editors.clickTitleAction("Run Current File");
  await workbench.terminals.waitForText(/mandelbrot[^]*exit code 0/);
  await workbench.trees.openContainer("Backend.AI");
  await workbench.trees.waitForItem("c-");
  await workbench.screenshot("run-3-mandelbrot");
}

async function stopAndDestroy(workbench: Workbench): Promise<void> {
  const { editors, terminals, trees } = workbench;
  await workbench.openFile("hello.py");
  await editors.replace("import time\nprint('waiting')\ntime.sleep(600)\n");
  await editors.clickTitleAction("Run Current File");
  await terminals.waitForText(/^waiting$/m);
  await terminals.press("Control+c");
  await terminals.waitForText(/stopped/);
  await trees.openContainer("Backend.AI");
  await trees.clickInline("python-", "Destroy Session");
  assert.match(await workbench.dialogText(), /Destroy session python-/);
  await workbench.answerDialog("Destroy");
  await trees.waitForNoItem("python-");
  await workbench.screenshot("run-5-destroyed");
}
