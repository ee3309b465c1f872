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
    await quickInput.waitFor("Resources");
    await workbench.screenshot("start-2-resources");
    await quickInput.choose("As the Image Needs");
    await quickInput.waitFor("Enter starts");
    await quickInput.choose("Name");
    await quickInput.waitFor("Name");
    await quickInput.answer("x");
    await quickInput.waitFor("4 to 64 characters");
    await quickInput.answer("python-first");
    await quickInput.waitFor("Start python-first");
    await workbench.screenshot("start-3-options");
    await quickInput.choose("Start python-first");
    await trees.waitForItem("python-first");
    await workbench.clickStatusBar("Local engine");
    await quickInput.waitFor("Where should sessions run");
    await workbench.screenshot("start-4-servers");
  },
};
