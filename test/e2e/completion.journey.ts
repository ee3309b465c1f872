/** Completion from what a session holds: columns of a table, members, how a function is called, and the switch beside the language. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Journey, Workbench } from "../host/index.js";
import { installForTests } from "../support/pythonPackage.js";

const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-pandas-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
/** Where packages are, by its name: properties of a person's own classes are not read. */
const packages = path.join(folder, "site-packages");
const whyNot = await installForTests("pandas", packages);

const code = `# %% Load
import sys
sys.path.append(${JSON.stringify(packages)})
import pandas as pd
sales = pd.DataFrame({"price": [2.5, 4.0], "quantity": [10, 3]})
print(sales.shape)

# %% Look
`;

export const journey: Journey = {
  skip: whyNot,
  async run(workbench) {
    await load(workbench);
    await completeColumns(workbench);
    await completeMembers(workbench);
    await lookAtCall(workbench);
    await lookAtStatus(workbench);
  },
};

async function load(workbench: Workbench): Promise<void> {
  const { editors, terminals } = workbench;
  await workbench.openFile("hello.py");
  await editors.replace(code);
  await editors.press("ControlOrMeta+Home");
  await editors.clickCodeLens("Run Cell");
  await terminals.waitForText(/\(2, 2\)/);
  await editors.press("ControlOrMeta+End");
}

/** Columns are offered once the quote is typed; choosing one leaves the text as it is meant to be. */
async function completeColumns(workbench: Workbench): Promise<void> {
  const { editors, page } = workbench;
  await editors.type('sales["');
  await waitForSuggestion(workbench, "quantity");
  assert.ok((await editors.suggestions()).includes("price"));
  await workbench.screenshot("completion-1-columns");
  await page.keyboard.type("qu");
  await page.keyboard.press("Enter");
  await editors.waitForText("hello.py", 'sales["quantity"]');
  await editors.press("End");
  await editors.press("Enter");
}

async function completeMembers(workbench: Workbench): Promise<void> {
  const { editors, page } = workbench;
  await editors.type("sales.quan");
  await waitForSuggestion(workbench, "quantity");
  await page.keyboard.press("Control+Space"); // with what is known of it beside
  await workbench.screenshot("completion-2-members");
  await page.keyboard.press("Escape");
  await editors.press("End");
  await editors.press("Enter");
}

async function lookAtCall(workbench: Workbench): Promise<void> {
  const { editors, page } = workbench;
  await editors.type("pd.concat(");
  const hint = page.locator(".parameter-hints-widget.visible");
  await hint.getByText("objs").first().waitFor();
  await workbench.screenshot("completion-3-call");
  await page.keyboard.press("Escape");
}

async function lookAtStatus(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  await page.locator(".statusbar-item[id='status.languageStatus']").hover();
  await page.getByText("Completed from").first().waitFor();
  await workbench.screenshot("completion-4-status");
}

/** The list asks again while one types: what a session knows comes with the next key where it was late. */
async function waitForSuggestion({ editors, page, until }: Workbench, label: string): Promise<void> {
  await until(
    `${label} to be offered`,
    async () => {
      if (await page.locator(".suggest-widget.visible .monaco-list-row").first().isVisible()) {
        return (await editors.suggestions()).includes(label);
      }
      await page.keyboard.press("Control+Space");
      return false;
    },
    {
      describe: async () =>
        page
          .locator(".suggest-widget")
          .innerText()
          .catch(() => "no list"),
    },
  );
}
