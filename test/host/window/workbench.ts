import { mkdir, readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import type { Words } from "../language/words.js";
import { Editors } from "./editors.js";
import { Notifications } from "./notifications.js";
import { QuickInput } from "./quickInput.js";
import { Terminals } from "./terminals.js";
import { Trees } from "./trees.js";
import { patienceMs, until } from "./until.js";

/** What belongs to one window. */
interface Surroundings {
  /** The folder that is open, a copy of the samples. */
  readonly workspace: string;
  /** Where VS Code keeps what it remembers. */
  readonly userData: string;
  /** The folder for pictures. */
  readonly screenshots: string;
  /** What the extension says in the window's language. */
  readonly words: Words;
}

/** What a user does in a VS Code window. Every wait has a deadline; nothing sleeps. */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly trees: Trees;
  readonly editors: Editors;
  readonly terminals: Terminals;
  readonly notifications: Notifications;

  readonly workspace: string;
  readonly words: Words;
  readonly #userData: string;
  readonly #screenshots: string;

  constructor(
    readonly page: Page,
    { workspace, userData, screenshots, words }: Surroundings,
  ) {
    this.workspace = workspace;
    this.#userData = userData;
    this.words = words;
    this.#screenshots = screenshots;
    page.setDefaultTimeout(patienceMs);
    this.quickInput = new QuickInput(page);
    this.trees = new Trees(page);
    this.editors = new Editors(page);
    this.terminals = new Terminals(page);
    this.notifications = new Notifications(page);
  }

  /** Waits until VS Code has restored its layout and can take commands. */
  async ready(): Promise<void> {
    // A browser that has little to compute with draws late, so what is asked with each drawing would be late, too.
    const patient = { timeout: 60_000, polling: 100 };
    await this.page.locator(".monaco-workbench .part.statusbar").waitFor(patient);
    await this.page.waitForFunction("Boolean(globalThis.driver)", undefined, patient);
    await this.page.evaluate("globalThis.driver.whenWorkbenchRestored()");
  }

  /** Runs a command by its full title, through the command palette. */
  async runCommand(title: string): Promise<void> {
    await this.quickInput.runCommand(title);
  }

  /** Opens a text file of the workspace from the Explorer, folder by folder, and waits until its text shows. */
  async openFile(relativePath: string): Promise<void> {
    await this.trees.openContainer("Explorer");
    const steps = relativePath.split("/");
    for (const folder of steps.slice(0, -1)) {
      await this.trees.expand(folder);
    }
    const name = steps.at(-1) ?? relativePath;
    await this.trees.doubleClick(name);
    await this.editors.text(name);
  }

  /** Opens a file of the workspace by its name. The Explorer shows one that was just written only once its watcher is up. */
  async goToFile(name: string): Promise<void> {
    await this.page.keyboard.press("ControlOrMeta+p");
    await this.quickInput.fill(name);
    await this.quickInput.choose(name);
    await this.editors.waitForTab(name);
  }

  /** The text of the status bar item whose text or tooltip has `name`; waits for the item. */
  async statusBarText(name: string): Promise<string> {
    return until(
      `a status bar item ${JSON.stringify(name)}`,
      async () => (await this.statusBarTexts()).find((text) => text.includes(name)),
      {
        describe: async () => (await this.statusBarTexts()).join("\n"),
      },
    );
  }

  /** Clicks the status bar item whose text or tooltip has `name`. */
  async clickStatusBar(name: string): Promise<void> {
    const items = this.page.locator(".part.statusbar .statusbar-item");
    await items
      .filter({ hasText: name })
      .or(this.page.locator(`.statusbar-item[aria-label*="${name}"]`))
      .first()
      .click();
  }

  /** Chooses a button of a modal dialog. */
  async answerDialog(button: string): Promise<void> {
    const dialog = this.page.locator(".monaco-dialog-box");
    await dialog.locator(".monaco-button", { hasText: button }).first().click();
    await dialog.waitFor({ state: "hidden" });
  }

  /** What a modal dialog says; waits for it. */
  async dialogText(): Promise<string> {
    return this.page.locator(".monaco-dialog-box .dialog-message-container").innerText();
  }

  /**
   * Waits until VS Code keeps a copy of unsaved text: one is written about a second after the text changed. Before, a
   * browser that leaves against VS Code's question loses the text.
   * @param bytes The copy has at least as many; it begins with a line about the file.
   */
  async unsavedText(bytes: number): Promise<void> {
    const copies = path.join(this.#userData, "User/Backups");
    await until(`a copy of ${String(bytes)} bytes of unsaved text`, async () => {
      const names = await readdir(copies, { recursive: true }).catch(() => []);
      const sizes = await Promise.all(
        names.map((name) =>
          stat(path.join(copies, name)).then(
            (found) => (found.isFile() ? found.size : 0),
            () => 0, // it was replaced meanwhile
          ),
        ),
      );
      return sizes.some((size) => size >= bytes);
    });
  }

  /** Takes a picture of the window: `<name>.png` in `test-results/journeys/`. */
  async screenshot(name: string): Promise<string> {
    await mkdir(this.#screenshots, { recursive: true });
    const file = path.join(this.#screenshots, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Repeats a probe until it has something; for what no part of the window covers. */
  readonly until = until;

  private async statusBarTexts(): Promise<string[]> {
    const items = await this.page.locator(".part.statusbar .statusbar-item").all();
    // An item can go while it is read: then it says nothing.
    const timeout = 1000;
    return Promise.all(
      items.map(async (item) => {
        const text = await item.innerText({ timeout }).catch(() => "");
        const label = await item.getAttribute("aria-label", { timeout }).catch(() => "");
        return `${text} ${label ?? ""}`.trim();
      }),
    );
  }
}
