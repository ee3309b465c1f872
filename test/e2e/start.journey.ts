/** A session started by hand, and the servers to choose from. */
import type { Journey } from "../host/index.js";

export const journey: Journey = {
  async run(workbench) {
    const { quickInput, trees } = workbench;
    await trees.openContainer("Backend.AI");
    await trees.clickWelcome("Start Local Engine");
    await workbench.statusBarText("Local engine");
    await trees.clickViewAction("Sessions", "Start Session");
    await quickInput.waitFor("python:");
    await workbench.screenshot("start-1-images");
    await quickInput.choose("python:");
    await trees.waitForItem("python-");
    await workbench.clickStatusBar("Local engine");
    await quickInput.waitFor("Where should sessions run");
    await workbench.screenshot("start-2-servers");
  },
};
