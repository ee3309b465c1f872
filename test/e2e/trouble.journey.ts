/** What goes wrong on the way to a run, and what a person is told: a dead server, and how to go on without it. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { Journey } from "../host/index.js";

export const journey: Journey = {
  async prepare() {
    // A port that was free a moment ago: nothing listens there.
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await new Promise((resolve) => server.close(resolve));
    return {
      env: {
        BACKEND_ENDPOINT: `http://127.0.0.1:${String(port)}`,
        BACKEND_ACCESS_KEY: "AKIADEADSERVER",
        BACKEND_SECRET_KEY: "not-a-secret",
      },
      stop: () => Promise.resolve(),
    };
  },

  async run(workbench) {
    const { editors, notifications, quickInput, terminals, trees } = workbench;
    await trees.openContainer("Backend.AI");
    await workbench.until("the view to say so", async () =>
      /can't be reached/.test(await trees.welcomeText()),
    );
    await workbench.screenshot("trouble-1-dead-server");

    await workbench.openFile("hello.py");
    await editors.clickTitleAction("Run Current File");
    const message = await notifications.waitFor("Nothing listens at 127.0.0.1:");
    assert.match(message, /connect again/i);
    await workbench.screenshot("trouble-2-message");

    await notifications.clear();
    await workbench.runCommand("Backend.AI: Choose Server…");
    await quickInput.choose("Local engine");
    await workbench.statusBarText("Local engine");
    await workbench.openFile("README.md");
    await workbench.runCommand("Backend.AI: Run Current File");
    assert.match(await notifications.waitFor("can't be run"), /“markdown”.*Python/);

    await workbench.openFile("hello.py");
    await editors.clickTitleAction("Run Current File");
    await terminals.waitForText(/exit code 0/);
  },
};
