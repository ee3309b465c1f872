/** A picture of the walkthrough. */
import { type Journey, keepImage, pictureWindow, Words } from "../host/index.js";

const title = new Words("en").walkthrough("backendai.start");

export const journey: Journey = {
  ...pictureWindow,
  skip: title === undefined ? "The manifest has no walkthrough backendai.start." : undefined,
  async run(workbench) {
    const { page, quickInput } = workbench;
    await workbench.runCommand("Welcome: Open Walkthrough...");
    await quickInput.choose(title ?? "");
    await page.locator(".getting-started-step.expanded").first().waitFor();
    // A narrow page leaves the pictures of its steps out.
    await workbench.runCommand("View: Toggle Primary Side Bar Visibility");
    await page.locator(".getting-started-media").first().waitFor();
    await keepImage(workbench, "walkthrough");
  },
};
