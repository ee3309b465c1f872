/** A server that can't restart sessions: the session is destroyed and started again, and the person knows what is lost. */
import assert from "node:assert/strict";
import type { Journey } from "../host/index.js";

const view = "Sessions";

export const journey: Journey = {
  async run(workbench) {
    const { quickInput, trees, page } = workbench;
    await trees.openContainer("Backend.AI");
    await trees.clickWelcome("Start Local Engine");
    await workbench.statusBarText("Local engine");
    await trees.clickViewAction(view, "Start Session");
    await quickInput.choose("python:");
    await quickInput.choose("As the Image Needs");
    await quickInput.choose("Name");
    await quickInput.answer("again-1");
    await quickInput.choose("Start again-1");
    await trees.waitForItem("again-1", view);
    await workbench.until("it to run", async () =>
      (await trees.item("again-1", view).getAttribute("aria-label"))?.includes("running"),
    );
    await trees.item("again-1", view).click({ button: "right" });
    await page.locator(".context-view .action-menu-item", { hasText: "Restart Session" }).first().hover();
    await page.keyboard.press("Enter");
    const text = await workbench.dialogText();
    assert.match(text, /can't restart sessions\. Destroy again-1 and start it again\?/);
    assert.match(text, /all files in \/home\/work are lost/);
    await workbench.screenshot("restart-1-question");
    await workbench.answerDialog("Destroy and Start Again");
    await workbench.notifications.waitFor("Session again-1 was started again.");
    await workbench.screenshot("restart-2-again");
  },
};
