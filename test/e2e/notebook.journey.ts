/** A day with a notebook: run, look, fix, answer, interrupt, restart, lose the session and go on in another. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { startEngine } from "../../scripts/support/engineProcess.js";
import type { Journey, Workbench } from "../host/index.js";

const plot = `class Plot:
    def _repr_svg_(self):
        bars = "".join(f'<rect x="{i*24}" y="{90-h}" width="18" height="{h}" fill="#4a7ebb"/>' for i, h in enumerate([20, 45, 30, 80, 60]))
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="130" height="90">{bars}</svg>'
Plot()`;

const table = `class Table:
    def _repr_html_(self):
        return "<table><tr><th>epoch</th><th>loss</th></tr><tr><td>1</td><td>0.52</td></tr><tr><td>2</td><td>0.31</td></tr></table>"
Table()`;

const notebooks: Readonly<Record<string, readonly string[]>> = {
  "day.ipynb": [
    "import sys\ntotal = sum(range(10))\nprint('the sum is', total)\nprint('a warning', file=sys.stderr)",
    plot,
    "def half(n):\n    return 1 / n\nhalf(0)",
  ],
  "question.ipynb": [table, "name = input('Your name? ')\nprint('Hello', name)"],
  "long.ipynb": [
    "import time\nfor i in range(10000):\n    print('step', i, flush=True)\n    time.sleep(0.1)",
    "print('not reached')",
  ],
  "fresh.ipynb": ["'total' in globals()"],
};

export const journey: Journey = {
  /** An engine of a release whose sessions can be restarted. */
  prepare: () => startEngine(["--api", "v8.20240915", "--manager", "24.09.6"]),

  async run(workbench) {
    for (const [name, cells] of Object.entries(notebooks)) {
      await writeNotebook(workbench, name, cells);
    }
    await runAll(workbench);
    await answer(workbench);
    await interrupt(workbench);
    await restart(workbench);
    await loseSession(workbench);
    await chooseAnother(workbench);
  },
};

async function runAll(workbench: Workbench): Promise<void> {
  await workbench.goToFile("day.ipynb");
  await toolbar(workbench, "Run All");
  await outputs(workbench, /the sum is 45/, /a warning/, /ZeroDivisionError/);
  assert.match(await kernelName(workbench), /Backend\.AI: python-/);
  await workbench.screenshot("notebook-1-run-all");
}

async function answer(workbench: Workbench): Promise<void> {
  await workbench.goToFile("question.ipynb");
  await toolbar(workbench, "Run All");
  await workbench.page.locator(".quick-input-widget:visible", { hasText: "Your name?" }).waitFor();
  await workbench.screenshot("notebook-2-question");
  await workbench.page.keyboard.type("Ada\n");
  await outputs(workbench, /loss/, /Your name\? Ada\s+Hello Ada/);
}

async function interrupt(workbench: Workbench): Promise<void> {
  await workbench.goToFile("long.ipynb");
  await toolbar(workbench, "Run All");
  await outputs(workbench, /step 3/);
  await workbench.screenshot("notebook-3-running");
  await toolbar(workbench, "Interrupt");
  await outputs(workbench, /KeyboardInterrupt/);
  await workbench.screenshot("notebook-4-interrupted");
}

async function restart(workbench: Workbench): Promise<void> {
  await workbench.goToFile("fresh.ipynb");
  await toolbar(workbench, "Run All");
  await outputs(workbench, /True/);
  await toolbar(workbench, "Restart Session of Notebook");
  assert.match(await workbench.dialogText(), /Restart session python-/);
  await workbench.screenshot("notebook-5-restart");
  await workbench.answerDialog("Restart");
  await workbench.until("a new interpreter", async () => {
    await toolbar(workbench, "Run All");
    return /False/.test(await outputText(workbench));
  });
  await workbench.until("the numbers to begin anew", async () =>
    /\[1\]/.test(await workbench.page.locator(".notebookOverlay .execution-count-label").first().innerText()),
  );
}

async function loseSession(workbench: Workbench): Promise<void> {
  const { trees } = workbench;
  await trees.openContainer("Backend.AI");
  await workbench.until("the question", async () => {
    await trees.clickInline("python-", "Destroy Session"); // not heard while the view that just opened asks for its sessions
    const dialog = workbench.page.locator(".monaco-dialog-box");
    return dialog.waitFor({ timeout: 3_000 }).then(
      () => true,
      () => false,
    );
  });
  await workbench.answerDialog("Destroy");
  await trees.waitForNoItem("python-");
  await toolbar(workbench, "Run All");
  await outputs(workbench, /Session python-\w+ is gone, and the variables/);
  await workbench.screenshot("notebook-6-gone");
}

async function chooseAnother(workbench: Workbench): Promise<void> {
  await toolbar(workbench, "Choose Session of Notebook");
  await workbench.page.locator(".quick-input-widget:visible", { hasText: "Start a New Session" }).waitFor();
  await workbench.screenshot("notebook-7-choose");
  await workbench.quickInput.choose("Start a New Session");
  await workbench.until("the kernel's name", async () => /python-/.test(await kernelName(workbench)));
  await toolbar(workbench, "Run All");
  await outputs(workbench, /False/);
  await workbench.screenshot("notebook-8-another");
}

async function writeNotebook(workbench: Workbench, name: string, sources: readonly string[]): Promise<void> {
  const content = {
    cells: sources.map((source) => ({
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: { language_info: { name: "python" } },
    nbformat: 4,
    nbformat_minor: 2,
  };
  await writeFile(path.join(workbench.workspace, name), JSON.stringify(content));
}

/** Clicks a button of the notebook's toolbar, by its name or its tooltip. */
async function toolbar({ page }: Workbench, name: string): Promise<void> {
  await page
    .locator(".notebook-toolbar-container:visible .action-item")
    .filter({ hasText: new RegExp(`^${name}`) })
    .or(page.locator(`.notebook-toolbar-container:visible .action-item:has([aria-label^="${name}"])`))
    .first()
    .click();
}

async function kernelName({ page }: Workbench): Promise<string> {
  return page.locator(".notebook-toolbar-container:visible .notebook-toolbar-right").first().innerText();
}

/** Waits for outputs; they sit in the page in any order. */
async function outputs(workbench: Workbench, ...expected: readonly RegExp[]): Promise<void> {
  let shown = "";
  await workbench.until(
    `${expected.join(", ")} in the notebook`,
    async () => {
      shown = await outputText(workbench);
      return expected.every((text) => text.test(shown));
    },
    { describe: () => Promise.resolve(shown) },
  );
}

/** What the outputs on show say: they are in a frame of a frame, which stays when another notebook comes to the front. */
async function outputText({ page }: Workbench): Promise<string> {
  const texts = page.frames().map(async (frame) => {
    const outer = await frame.parentFrame()?.frameElement();
    const isShown = outer !== undefined && (await outer.isVisible());
    return isShown && (await frame.locator("#container").count()) > 0
      ? frame.locator("#container").innerText()
      : "";
  });
  const settled = await Promise.allSettled(texts); // frames come and go
  return settled.flatMap((text) => (text.status === "fulfilled" ? [text.value] : [])).join("\n");
}
