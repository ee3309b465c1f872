/** Finding something in the files of a session, and replacing it after a look at the difference. */
import assert from "node:assert/strict";
import type { Journey } from "../host/index.js";

/** It does not name what is looked for, so that only what it writes is found. */
const maker = `import os
os.makedirs("project/models", exist_ok=True)
rate = "learning" + "_rate"
open("project/train.py", "w").write(f"{rate} = 0.1\\nprint('rate', {rate})\\n")
open("project/models/net.py", "w").write(f"def step({rate}):\\n    return {rate} * 2\\n")
`;

const view = "Search";

export const journey: Journey = {
  async run(workbench) {
    const { editors, terminals, quickInput, trees } = workbench;
    await workbench.openFile("hello.py");
    await editors.replace(maker);
    await editors.clickTitleAction("Run Current File");
    await terminals.waitForText(/exit code 0/);
    await workbench.runCommand("Backend.AI: Find in Session…");
    await quickInput.waitFor("Match Whole Word");
    await workbench.page.keyboard.type("learning_rate");
    await workbench.screenshot("search-1-query");
    await workbench.page.keyboard.press("Enter");
    await trees.waitForItem("net.py", view);
    await workbench.screenshot("search-2-results");
    await workbench.runCommand("Backend.AI: Replace…");
    await quickInput.waitFor("nothing is written before you have seen it");
    await quickInput.answer("rate");
    await trees.clickInline("net.py", "Preview Replace", view);
    await editors.waitForText("net.py: replace 2 places", "rate");
    await workbench.screenshot("search-3-preview");
    await trees.clickInline("net.py", "Replace in File", view);
    await trees.waitForNoItem("net.py", view);
    await workbench.screenshot("search-4-replaced");
    assert.ok((await trees.labels(view)).some((row) => row.startsWith("train.py")));
  },
};
