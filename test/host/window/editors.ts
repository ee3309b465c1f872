import type { Locator, Page } from "playwright-core";
import { until } from "./until.js";

/** The editor area. */
export class Editors {
  constructor(private readonly page: Page) {}

  /** Waits until the tab with this name is the active one. */
  async waitForTab(name: string): Promise<void> {
    await this.tab(name).and(this.page.locator(".active")).first().waitFor();
  }

  /** The names of the open tabs. */
  async tabs(): Promise<string[]> {
    return (await this.page.locator(".tabs-container .tab .label-name").allInnerTexts()).map((name) =>
      name.trim(),
    );
  }

  /** Waits for an editor tab to be active and returns the lines that its editor shows. */
  async text(tabName: string): Promise<string> {
    await this.waitForTab(tabName);
    const lines = this.active().locator(".view-lines").first();
    await lines.locator(".view-line").first().waitFor();
    return await visibleText(lines);
  }

  /** Waits until the active editor shows `expected`. */
  async waitForText(tabName: string, expected: string): Promise<string> {
    let shown = "";
    return until(
      `${JSON.stringify(expected)} in ${tabName}`,
      async () => {
        shown = await this.text(tabName);
        return shown.includes(expected) && shown;
      },
      { describe: () => Promise.resolve(shown) },
    );
  }

  /** Types at the cursor of the active editor. */
  async type(text: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.type(text);
  }

  /** Replaces the whole text of the active editor as a paste would: no indentation or bracket is added. */
  async replace(text: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.insertText(text);
  }

  /** Presses keys in the active editor, such as `ControlOrMeta+s` or `Shift+Enter`. */
  async press(keys: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.press(keys);
  }

  /** Selects whole lines of the active editor, counted from 1. */
  async selectLines(first: number, last: number): Promise<void> {
    await this.press("ControlOrMeta+Home");
    await this.repeat("ArrowDown", first - 1);
    await this.page.keyboard.press("Home");
    await this.repeat("Shift+ArrowDown", last - first);
    await this.page.keyboard.press("Shift+End");
  }

  /** Clicks a button at the right of the tabs, by tooltip. */
  async clickTitleAction(title: string): Promise<void> {
    await this.page
      .locator(`.editor-group-container.active .title .action-label[aria-label^="${title}"]`)
      .first()
      .click();
  }

  /** The labels of the suggestions on show; waits for them. */
  async suggestions(): Promise<string[]> {
    const rows = this.page.locator(".suggest-widget.visible .monaco-list-row");
    await rows.first().waitFor();
    return (await rows.locator(".label-name").allInnerTexts()).map((label) => label.trim());
  }

  /** The text of a code lens or inline decoration is text of its own: clicks it. */
  async clickCodeLens(text: string): Promise<void> {
    await this.active().locator(".codelens-decoration a", { hasText: text }).first().click();
  }

  private tab(name: string): Locator {
    return this.page.locator(".tabs-container .tab", { hasText: name });
  }

  private active(): Locator {
    return this.page.locator(".editor-group-container.active .editor-instance").first();
  }

  private async focus(): Promise<void> {
    const input = this.active().locator(".native-edit-context, textarea.inputarea").first();
    await input.focus();
  }

  private async repeat(keys: string, times: number): Promise<void> {
    for (let count = 0; count < times; count++) {
      await this.page.keyboard.press(keys);
    }
  }
}

/** Lines sit in the page in any order; their position tells it. */
async function visibleText(lines: Locator): Promise<string> {
  const rows = await lines.locator(".view-line").all();
  const placed: { top: number; text: string }[] = [];
  for (const row of rows) {
    const top = Number.parseFloat(
      /top:\s*([\d.]+)px/.exec((await row.getAttribute("style")) ?? "")?.[1] ?? "0",
    );
    placed.push({ top, text: (await row.textContent()) ?? "" });
  }
  placed.sort((one, other) => one.top - other.top);
  return placed.map(({ text }) => text.replaceAll("\u00a0", " ").trimEnd()).join("\n");
}
