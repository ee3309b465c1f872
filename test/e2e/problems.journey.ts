/** From a traceback to the line that it is about: by a click in the terminal, and in the Problems view. */
import assert from "node:assert/strict";
import type { Journey } from "../host/index.js";

export const journey: Journey = {
  async run(workbench) {
    const { editors, terminals } = workbench;
    await workbench.openFile("hello.py");
    await editors.replace("import json\n\nprint('before')\njson.loads('{}')['lost']\n");
    await editors.clickTitleAction("Run Current File");
    await terminals.waitForText(/KeyError[^]*exit code 1/);
    await workbench.openFile("primes.js");
    await terminals.clickLink('hello.py", line 4');
    await workbench.statusBarText("Ln 4, Col 1");
    await editors.waitForText("hello.py", "before");
    // The local engine's session has a file of that name too; opened, it would be a tab of its own.
    assert.equal(await workbench.page.locator('.tab[data-resource-name="hello.py"]').count(), 1);
    await workbench.screenshot("problems-1-link");

    await workbench.runCommand("Problems: Focus on Problems View");
    await workbench.until("the problem in the view", async () => {
      const rows = await workbench.page.locator(".markers-panel .monaco-list-row").allInnerTexts();
      return rows.some((row) => /KeyError: 'lost'/.test(row));
    });
    await workbench.screenshot("problems-2-view");

    await workbench.openFile("mandelbrot.c");
    await editors.replace("int main(void) { int unused; return oops; }\n");
    await editors.clickTitleAction("Run Current File");
    await terminals.waitForText(/build failed, not run/);
    await terminals.clickLink("mandelbrot.c:1:37");
    await workbench.statusBarText("Ln 1, Col 37");
    await workbench.runCommand("Problems: Focus on Problems View");
    await workbench.screenshot("problems-3-compiler");
  },
};
