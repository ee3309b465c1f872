import type { Locator, Page } from "playwright-core";
import { until } from "./until.js";

/** How long the palette may take to show a command, in milliseconds, and how often it is opened. */
const paletteMs = 8_000;
const paletteAttempts = 3;

/** How long the box may take to close after an Escape, in milliseconds, before it is pressed again. */
const escapeMs = 1_000;

/** The box at the top of the window: command palette, quick picks, input boxes. */
export class QuickInput {
  private readonly widget: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator(".quick-input-widget:visible");
  }

  /**
   * Runs a command by its full title, such as `Terminal: Create New Terminal`, through the palette. What opens at the same moment
   * takes the keyboard from the palette, which closes then: it is opened again.
   */
  async runCommand(title: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.page.keyboard.press("F1");
        await this.input().fill(`>${title}`, { timeout: paletteMs });
        await this.row(title).click({ timeout: paletteMs });
        return;
      } catch (error) {
        if (attempt === paletteAttempts) {
          throw error;
        }
      }
    }
  }

  /** Chooses the entry with this label; waits for a picker whose entries load or that is still to open. */
  async choose(label: string): Promise<void> {
    await this.row(label).click();
  }

  /** Ticks entries of a picker that takes several, and confirms. */
  async chooseAll(labels: readonly string[]): Promise<void> {
    for (const label of labels) {
      await this.row(label).click();
    }
    await this.page.keyboard.press("Enter");
  }

  /** Types into an input box or into a picker's filter; what is chosen is left to the next step. */
  async fill(text: string): Promise<void> {
    await this.input().fill(text);
  }

  /** Types into an input box or into a picker's filter, and confirms. */
  async answer(text: string): Promise<void> {
    await this.input().fill(text);
    await this.page.keyboard.press("Enter");
  }

  /** Waits for an input or picker whose title, placeholder or prompt has `text`, so that an answer is not given to the one before. */
  async waitFor(text: string): Promise<void> {
    await until(`a question with ${JSON.stringify(text)}`, async () => (await this.text()).includes(text), {
      describe: () => this.text(),
    });
  }

  /** Everything the box says: title, placeholder, prompt, entries. Empty when it is closed. */
  async text(): Promise<string> {
    if (!(await this.widget.isVisible())) {
      return "";
    }
    const placeholder =
      (await this.input()
        .getAttribute("placeholder")
        .catch(() => "")) ?? "";
    return `${await this.widget.innerText().catch(() => "")}\n${placeholder}`
      .replaceAll("\u00a0", " ")
      .trim();
  }

  /** The labels of the entries on show. */
  async labels(): Promise<string[]> {
    const labels = await this.widget
      .locator(".monaco-list-row .monaco-icon-label .label-name")
      .allInnerTexts();
    return labels.map((label) => label.replaceAll("\u00a0", " ").trim());
  }

  /** Clicks a button in the box's title or in its entry `label`, by tooltip. */
  async clickButton(tooltip: string, label?: string): Promise<void> {
    const scope = label === undefined ? this.widget : this.row(label);
    await scope.locator(`.action-label[aria-label*="${tooltip}"]`).first().click();
  }

  /** Closes the box. The workbench takes an Escape for its toasts first, if some are on show: it is pressed until the box is gone. */
  async dismiss(): Promise<void> {
    await until("the box to close", async () => {
      await this.page.keyboard.press("Escape");
      return this.widget.waitFor({ state: "hidden", timeout: escapeMs }).then(
        () => true,
        () => false,
      );
    });
  }

  private input(): Locator {
    return this.widget.locator(".quick-input-box input, .quick-input-filter input").first();
  }

  /** An entry whose label is exactly this, else one that has it somewhere. */
  private row(label: string): Locator {
    const rows = this.widget.locator(".quick-input-list .monaco-list-row");
    const exact = rows.filter({ has: this.page.locator(".label-name").getByText(label, { exact: true }) });
    return exact.or(rows.filter({ hasText: label })).first();
  }
}
