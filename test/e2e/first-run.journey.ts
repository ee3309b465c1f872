/** The shortest way from an empty window to a run: no view opened, no engine started, no question. */
import assert from "node:assert/strict";
import { countClicks, type Journey } from "../host/index.js";

export const journey: Journey = {
  async run({ editors, page, terminals, trees }) {
    await trees.waitForItem("hello.py"); // the Explorer is what an empty window shows
    const clicks = await countClicks(page);
    await trees.click("hello.py");
    await editors.text("hello.py");
    await editors.clickTitleAction("Run Current File");
    const text = await terminals.waitForText(/exit code 0/);
    assert.match(text, /Hello from a Backend\.AI session!/);
    assert.equal(await clicks.count(), 2);
  },
};
