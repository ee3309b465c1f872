/** Pictures of cells with their results beside them, of completion, and of a notebook. Needs pandas and matplotlib. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type Journey, keepImage, pictureWindow, type Workbench } from "../host/index.js";
import { installForTests } from "../support/pythonPackage.js";

const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-pictures-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const hasPackages = spawnSync("python3", ["-c", "import pandas, matplotlib"]).status === 0;
const skip = hasPackages
  ? undefined
  : ((await installForTests("pandas", folder)) ?? (await installForTests("matplotlib", folder)));

const load = `import pandas as pd
sales = pd.DataFrame({
    "month": ["Jan", "Feb", "Mar", "Apr"],
    "units": [310, 420, 380, 510],
    "price": [9.5, 9.2, 9.9, 9.4],
})
sales`;

const draw = `import matplotlib.pyplot as plt
sales.plot(x="month", y="units", kind="bar", figsize=(5, 2), rot=0)
plt.show()`;

const cells = `# %% Load\n${load}\n\n# %% Draw\n${draw}\n\n# %% Look\n`;

const notebook = {
  cells: [load, draw].map((source) => ({
    cell_type: "code",
    execution_count: null,
    metadata: {},
    outputs: [],
    source,
  })),
  metadata: { language_info: { name: "python" } },
  nbformat: 4,
  nbformat_minor: 5,
};

export const journey: Journey = {
  ...pictureWindow,
  skip,
  env: { PYTHONPATH: `${folder}${path.delimiter}${process.env["PYTHONPATH"] ?? ""}`, MPLBACKEND: "agg" },
  async run(workbench) {
    await writeFile(path.join(workbench.workspace, "sales.py"), cells);
    await writeFile(path.join(workbench.workspace, "sales.ipynb"), JSON.stringify(notebook));
    await results(workbench);
    await completion(workbench);
    await cellsOfNotebook(workbench);
  },
};

async function results(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  await workbench.goToFile("sales.py");
  await workbench.runCommand("Backend.AI: Run All Cells in Session");
  const panel = page.frameLocator("iframe.webview").frameLocator("#active-frame");
  await panel.locator("img").first().waitFor();
  await workbench.runCommand("View: Toggle Panel Visibility");
  await keepImage(workbench, "results");
}

async function completion(workbench: Workbench): Promise<void> {
  const { editors, page, until } = workbench;
  await editors.press("ControlOrMeta+End");
  await editors.type('sales["');
  await until("columns to be offered", async () => {
    if (await page.locator(".suggest-widget.visible .monaco-list-row").first().isVisible()) {
      return (await editors.suggestions()).includes("units");
    }
    await page.keyboard.press("Control+Space");
    return false;
  });
  await keepImage(workbench, "completion");
  await page.keyboard.press("Escape");
}

async function cellsOfNotebook(workbench: Workbench): Promise<void> {
  const { page, until } = workbench;
  await workbench.runCommand("View: Revert and Close Editor");
  await workbench.runCommand("View: Close All Editors");
  await workbench.goToFile("sales.ipynb");
  await page.locator(".notebook-toolbar-container:visible .action-item", { hasText: /^Run All/ }).click();
  await until("the drawing", async () => {
    const shown = page.frames().map(async (frame) => frame.locator("#container img").count());
    return (await Promise.allSettled(shown)).some(
      ({ status, value }: { status: string; value?: number }) => status === "fulfilled" && (value ?? 0) > 0,
    );
  });
  await keepImage(workbench, "notebook");
}
