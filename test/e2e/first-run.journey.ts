/** The first run on a cluster, where a session takes resources: asked, turned down, asked again, started. */
import { startEngine } from "../../src/engine/index.js";
import type { Journey } from "../host/index.js";

export const journey: Journey = {
  prepare: async () => {
    const engine = await startEngine();
    return {
      env: {
        // A server that is elsewhere, too: with this computer alone nobody is asked.
        BACKEND_ENDPOINT: `${engine.endpoint},http://cluster.invalid:8090`,
        BACKEND_ACCESS_KEY: engine.accessKey,
        BACKEND_SECRET_KEY: engine.secretKey,
      },
      stop: () => engine.close(),
    };
  },

  async run(workbench) {
    const { editors, quickInput, terminals, trees } = workbench;
    const question = "No session for Python is running on 127.0.0.1";
    await workbench.openFile("hello.py");
    await editors.clickTitleAction("Run Current File");
    await quickInput.waitFor(question);
    await workbench.screenshot("first-run-1-question");
    await trees.click("hello.py"); // somebody looks elsewhere
    await editors.clickTitleAction("Run Current File");
    await quickInput.waitFor(question);
    await quickInput.choose("Start Session");
    await terminals.waitForText(/exit code 0/);
  },
};
