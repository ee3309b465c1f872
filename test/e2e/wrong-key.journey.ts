/** A server that answers, and a key that it does not take: what is said, and how to go on. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { startEngine } from "../../scripts/support/engineProcess.js";
import type { Journey } from "../host/index.js";

export const journey: Journey = {
  async prepare() {
    const engine = await startEngine();
    return {
      env: { ...engine.env, BACKEND_SECRET_KEY: `not-the-secret-${randomUUID()}` },
      stop: engine.stop,
    };
  },

  async run(workbench) {
    const { editors, notifications, quickInput, terminals, trees } = workbench;
    await trees.openContainer("Backend.AI");
    await workbench.until("the view to say so", async () => /can't be used/.test(await trees.welcomeText()));
    await workbench.openFile("hello.py");
    await editors.clickTitleAction("Run Current File");
    const message = await notifications.waitFor("The server refused the keys");
    assert.match(message, /signature mismatch/i);
    await workbench.screenshot("wrong-key-1-message");

    await notifications.click("The server refused the keys", "Choose Server");
    await quickInput.choose("Local engine");
    await workbench.statusBarText("Local engine");
    await editors.clickTitleAction("Run Current File");
    await terminals.waitForText(/exit code 0/);
  },
};
