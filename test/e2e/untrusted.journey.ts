/** A folder that nobody trusts: its files go to a cluster where there is one, and never run on this computer. */
import assert from "node:assert/strict";
import type { Journey } from "../host/index.js";

export const journey: Journey = {
  settings: {
    "security.workspace.trust.enabled": true,
    "security.workspace.trust.startupPrompt": "never",
  },
  env: {
    BACKEND_ENDPOINT: "http://cluster.invalid:8090", // a name that no computer has
    BACKEND_ENDPOINT_TYPE: "api",
    BACKEND_ACCESS_KEY: "AKIATEST",
    BACKEND_SECRET_KEY: "secret",
  },

  async run(workbench) {
    const { editors, notifications, terminals } = workbench;
    assert.match(await workbench.statusBarText("Restricted Mode"), /Restricted Mode/);
    await workbench.openFile("hello.py");
    await editors.clickTitleAction("Run Current File");
    await notifications.waitFor("cluster.invalid"); // it was tried: that the folder is not trusted is no matter there
    assert.doesNotMatch((await notifications.texts()).join("\n"), /not trusted/);
    await workbench.screenshot("untrusted-1-cluster");
    await notifications.clear();

    await workbench.runCommand("Backend.AI: Start Local Engine");
    await workbench.statusBarText("Local engine");
    await editors.clickTitleAction("Run Current File");
    const message = await notifications.waitFor("This folder is not trusted");
    assert.match(message, /Trust the folder, or choose a server elsewhere/);
    await workbench.screenshot("untrusted-2-refused");
    assert.equal(await terminals.text(), "", "nothing ran");
  },
};
