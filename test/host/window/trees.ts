import type { Locator, Page } from "playwright-core";
import { until } from "./until.js";

/** The side bar: view containers, views and their trees, the Explorer included. */
export class Trees {
  constructor(private readonly page: Page) {}

  /** Brings a view container into sight by its title in the activity bar; a visible one stays. */
  async openContainer(title: string): Promise<void> {
    const button = this.page
      .locator(`.activitybar .action-item:has(.action-label[aria-label^="${title}"])`)
      .first();
    await button.waitFor();
    if (!/\bchecked\b/.test((await button.getAttribute("class")) ?? "")) {
      await button.click();
    }
    await this.page.locator(".part.sidebar .composite.title", { hasText: new RegExp(title, "i") }).waitFor();
  }

  /** Unfolds a view that sits collapsed in its container. */
  async expandView(name: string): Promise<void> {
    await this.setViewExpanded(name, "true");
  }

  /** Folds a view, which leaves its place to the others of its container. */
  async collapseView(name: string): Promise<void> {
    await this.setViewExpanded(name, "false");
  }

  /** Clicks a button in the title of a view, or of the container where the view stands alone in it. */
  async clickViewAction(view: string, title: string): Promise<void> {
    // A view alone in its container has no header on show.
    const alone = this.page.locator(".part.sidebar > .composite.title");
    const header = this.viewHeader(view);
    await header.waitFor({ state: "attached" });
    const scope = (await header.isVisible()) ? header : alone;
    await scope.hover();
    await scope.locator(`.action-label[aria-label^="${title}"]`).first().click();
  }

  /** The row with this label (or with this text in label or description); `view` narrows the search. */
  item(label: string, view?: string): Locator {
    const scope = view === undefined ? this.page.locator(".part.sidebar") : this.view(view);
    const rows = scope.locator(".monaco-list-row");
    const exact = rows.filter({ has: this.page.locator(".label-name").getByText(label, { exact: true }) });
    return exact.or(rows.filter({ hasText: label })).first();
  }

  async click(label: string, view?: string): Promise<void> {
    await this.item(label, view).click();
  }

  async doubleClick(label: string, view?: string): Promise<void> {
    await this.item(label, view).dblclick();
  }

  /** Unfolds a row; one that is open stays open. */
  async expand(label: string, view?: string): Promise<void> {
    await this.setExpanded(this.item(label, view), "true");
  }

  async collapse(label: string, view?: string): Promise<void> {
    await this.setExpanded(this.item(label, view), "false");
  }

  /** Clicks an inline button of a row, by tooltip; such buttons show while the pointer is on the row. */
  async clickInline(label: string, button: string, view?: string): Promise<void> {
    const row = this.item(label, view);
    await row.hover();
    await row.locator(`.actions .action-label[aria-label^="${button}"]`).first().click();
  }

  /** Chooses an entry of a row's context menu. */
  async chooseFromMenu(label: string, entry: string, view?: string): Promise<void> {
    await this.item(label, view).click({ button: "right" });
    const found = this.page.locator(".context-view .action-menu-item", { hasText: entry }).first();
    // VS Code takes no notice of a click that comes within 100 ms of the menu; on a busy computer that is later than it seems.
    for (let attempt = 1; ; attempt += 1) {
      await found.click();
      try {
        await found.waitFor({ state: "hidden", timeout: 2_000 });
        return;
      } catch (error) {
        if (attempt === 3) {
          throw error;
        }
      }
    }
  }

  /** Label and description of the rows on show, top to bottom. */
  async labels(view?: string): Promise<string[]> {
    const scope = view === undefined ? this.page.locator(".part.sidebar") : this.view(view);
    const rows = await scope.locator(".monaco-list-row").all();
    return Promise.all(rows.map(rowText));
  }

  /** Waits for a row with `text` in its label or description. */
  async waitForItem(text: string, view?: string): Promise<void> {
    await until(
      `a tree item ${JSON.stringify(text)}`,
      async () => (await this.labels(view)).some((row) => row.includes(text)),
      {
        describe: async () => (await this.labels(view)).join("\n"),
      },
    );
  }

  /** Waits until no row has `text` any more. */
  async waitForNoItem(text: string, view?: string): Promise<void> {
    await until(
      `no tree item ${JSON.stringify(text)}`,
      async () => !(await this.labels(view)).some((row) => row.includes(text)),
      {
        describe: async () => (await this.labels(view)).join("\n"),
      },
    );
  }

  /** What a view without rows says: its welcome text. */
  async welcomeText(): Promise<string> {
    return (await this.page.locator(".part.sidebar .welcome-view-content:visible").allInnerTexts()).join(
      "\n",
    );
  }

  /** Waits until a welcome text has `text`, and returns all that is on show. */
  async waitForWelcome(text: string): Promise<string> {
    return until(
      `a welcome text with ${JSON.stringify(text)}`,
      async () => {
        const shown = await this.welcomeText();
        return shown.includes(text) && shown;
      },
      { describe: () => this.welcomeText() },
    );
  }

  /** Clicks a button or link in a view's welcome text. */
  async clickWelcome(label: string): Promise<void> {
    await this.page
      .locator(".part.sidebar .welcome-view-content")
      .locator("a, .monaco-button")
      .filter({ hasText: label })
      .first()
      .click();
  }

  private viewHeader(name: string): Locator {
    return this.page.locator(`.part.sidebar .pane-header[aria-label^="${name}" i]`).first();
  }

  private async setViewExpanded(name: string, expanded: "true" | "false"): Promise<void> {
    const header = this.viewHeader(name);
    await header.waitFor();
    if ((await header.getAttribute("aria-expanded")) !== expanded) {
      await header.click();
    }
  }

  private view(name: string): Locator {
    return this.page
      .locator(".part.sidebar .pane")
      .filter({ has: this.page.locator(`.pane-header[aria-label^="${name}" i]`) });
  }

  private async setExpanded(row: Locator, expanded: "true" | "false"): Promise<void> {
    await until(`a row to be ${expanded === "true" ? "unfolded" : "folded"}`, async () => {
      const state = await row.getAttribute("aria-expanded");
      if (state !== expanded && state !== null) {
        await row.locator(".monaco-tl-twistie").click();
      }
      return (await row.getAttribute("aria-expanded")) === expanded;
    });
  }
}

/** A row can vanish while it is read: then it says nothing. */
async function rowText(row: Locator): Promise<string> {
  const parts = await row.locator(".label-name, .label-description").allInnerTexts();
  return parts.map((part) => part.replaceAll("\u00a0", " ").trim()).join(" ");
}
