/** A folder that nobody trusts: its files run on a cluster, but not on this computer. */
import assert from "node:assert/strict";
import { startEngine } from "../../scripts/support/engineProcess.js";
import type { Journey } from "../host/index.js";

export const journey: Journey = {
  settings: {
    "security.workspace.trust.enabled": true,
    "security.workspace.trust.startupPrompt": "never",
  },

  async prepare() {
    const engine = await startEngine();
    // An address that is not known for this computer's own: the server stands for a cluster elsewhere.
    const endpoint = engine.env.BACKEND_ENDPOINT.replace("127.0.0.1", "0.0.0.0");
    return { env: { ...engine.env, BACKEND_ENDPOINT: endpoint }, stop: engine.stop };
  },

  async run(workbench) {
    const { editors, notifications, terminals } = workbench;
    assert.match(await workbench.statusBarText("Restricted Mode"), /Restricted Mode/);
    await workbench.openFile("hello.py");
    await editors.clickTitleAction("Run Current File");
    await terminals.waitForText(/exit code 0/);
    await workbench.screenshot("untrusted-1-cluster");

    await workbench.runCommand("Backend.AI: Start Local Engine");
    await workbench.statusBarText("Local engine");
    await editors.clickTitleAction("Run Current File");
    const message = await notifications.waitFor("This folder is not trusted");
    assert.match(message, /Trust the folder, or choose a server elsewhere/);
    await workbench.screenshot("untrusted-2-refused");
    assert.equal((await terminals.text()).match(/exit code/g)?.length, 1, "it ran once");
  },
};
