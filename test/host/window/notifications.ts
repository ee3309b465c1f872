import type { Locator, Page } from "playwright-core";
import { until } from "./until.js";

/** How long the notification centre may take to show, in milliseconds. */
const openingMs = 2_000;

/** How long a button of a message that is on show may take to be clicked, in milliseconds. */
const clickMs = 3_000;

/**
 * Messages to the user. A window under automation shows no toasts, so this looks into the notification centre, where
 * every message stays until it is answered.
 */
export class Notifications {
  constructor(private readonly page: Page) {}

  /** The messages that wait, newest first. */
  async texts(): Promise<string[]> {
    await this.open();
    if (await this.hasOldRows()) {
      return [];
    }
    const texts = await this.rows().locator(".notification-list-item-message").allInnerTexts();
    return texts.map((text) => text.trim());
  }

  /** Waits for a message that has `text` and returns all of it. */
  async waitFor(text: string): Promise<string> {
    return until(
      `a message with ${JSON.stringify(text)}`,
      async () => (await this.texts()).find((message) => message.includes(text)),
      {
        describe: async () => (await this.texts()).join("\n"),
      },
    );
  }

  /**
   * Clicks a button of the message that has `text`; buttons show on the message that the pointer is on.
   * @param other What another message with the same text has beside it.
   */
  async click(text: string, button: string, other?: string): Promise<void> {
    await this.waitFor(text);
    const named = this.rows().filter({ hasText: text });
    const row = (other === undefined ? named : named.filter({ hasNotText: other })).first();
    await until(`a click on ${button}`, async () => {
      await this.open();
      try {
        await row.hover({ timeout: clickMs });
        const buttons = row.locator(".monaco-button, .monaco-text-button").filter({ hasText: button });
        await buttons.first().click({ timeout: clickMs });
        return true;
      } catch {
        return false; // the centre was just drawn anew, with old rows
      }
    });
  }

  /** Clears all messages and closes the centre. */
  async clear(): Promise<void> {
    await this.open();
    await this.page.locator(".notifications-center .codicon-notifications-clear-all").first().click();
    await this.page.locator(".notifications-center.visible").waitFor({ state: "hidden" });
  }

  /** Rows of messages that are gone, below a title that says that there are none. */
  private async hasOldRows(): Promise<boolean> {
    const centre = this.page.locator(".notifications-center.visible");
    return (await centre.getByText(/^no new notifications$/i).isVisible()) && (await this.rows().count()) > 0;
  }

  private rows(): Locator {
    return this.page.locator(".notifications-center .monaco-list-row");
  }

  /**
   * The centre hides itself when it is empty, so that it must be opened for every look; also while it opens, when a progress
   * in it ends. One that is on show while progresses begin and end at once may keep rows of messages that are gone, below a title
   * that says that there are none: it is opened afresh.
   */
  private async open(): Promise<void> {
    const centre = this.page.locator(".notifications-center.visible");
    await until("the notification centre", async () => {
      if (await this.hasOldRows()) {
        await this.page.locator(".statusbar-item[id='status.notifications']").click();
      }
      if (!(await centre.isVisible())) {
        await this.page.locator(".statusbar-item[id='status.notifications']").click();
        await centre.waitFor({ timeout: openingMs }).catch(() => undefined);
      }
      return centre.isVisible();
    });
  }
}
