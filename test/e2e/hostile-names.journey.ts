/** Files of a session that are called like icons and links of VS Code: their names stay text. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { startEngine } from "../../src/engine/index.js";
import type { Journey } from "../host/index.js";

const name = "$(zap)[x](command:workbench.action.newWindow)\u202egpj.py";

export const journey: Journey = {
  prepare: async () => {
    const engine = await startEngine();
    return {
      env: {
        BACKEND_ENDPOINT: engine.endpoint,
        BACKEND_ACCESS_KEY: engine.accessKey,
        BACKEND_SECRET_KEY: engine.secretKey,
      },
      stop: () => engine.close(),
    };
  },

  async run(workbench) {
    const { editors, page, quickInput, terminals } = workbench;
    await workbench.openFile("hello.py");
    await editors.replace("import os\nprint('home=' + os.getcwd() + '=')\n");
    await editors.clickTitleAction("Run Current File");
    const printed = await terminals.waitForText(/home=[^=]+=/, { deadlineMs: 60_000 });
    const home = /home=([^=]+)=/.exec(printed.replaceAll("\n", ""))?.[1] ?? "";
    await writeFile(path.join(home, name), "");

    await workbench.runCommand("Backend.AI: Open File of Session");
    await quickInput.waitFor("zap");
    const row = page.locator(".quick-input-list .monaco-list-row", { hasText: "zap" });
    // VS Code draws every label as an anchor, without an address.
    assert.equal(await row.locator(".codicon-zap, a[href]").count(), 0, "neither an icon nor a link");
    assert.doesNotMatch((await row.textContent()) ?? "", /\u202e/);
    await workbench.screenshot("hostile-names-1-pick");
    await quickInput.dismiss();
  },
};
