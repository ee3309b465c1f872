/** What a run would do, by the palette: first without a connection, then with a session that has run the file. */
import assert from "node:assert/strict";
import type { Journey } from "../host/index.js";

const command = "Backend.AI: Preview Run of Current File";

export const journey: Journey = {
  settings: { "backendai.run.include": ["*.py", "*.c"] },

  async run(workbench) {
    const { editors, terminals } = workbench;
    await workbench.openFile("mandelbrot.c");
    await workbench.runCommand(command);
    const build = await editors.waitForText("Run of mandelbrot.c.md", "plot.py");
    assert.match(build, /not connected/);
    assert.match(build, /gcc -Wall/);
    await workbench.screenshot("preview-1-build");

    await workbench.openFile("hello.py");
    await editors.clickTitleAction("Run Current File");
    await terminals.waitForText(/exit code 0/);
    await workbench.runCommand(command);
    const session = await editors.waitForText("Run of hello.py.md", "plot.py");
    assert.match(session, /In session python-/);
    await workbench.screenshot("preview-2-session");
  },
};
