/**
 * The life of sessions: one waits and is told why, runs, is renamed, interrupted, kept from being ended, ends by itself in the view
 * when somebody else destroys it; and many end at once.
 */
import assert from "node:assert/strict";
import { BackendAIClient } from "../../src/api/index.js";
import { startEngine } from "../../scripts/support/engineProcess.js";
import type { Journey, Workbench } from "../host/index.js";

const view = "Sessions";

let keys: Readonly<Record<string, string>> = {};

export const journey: Journey = {
  async prepare() {
    const server = ["--api", "v8.20240915", "--manager", "24.09.6"];
    const engine = await startEngine([...server, "--concurrency", "2", "--idle-timeout", "240"]);
    keys = { ...engine.env };
    return engine;
  },

  async run(workbench) {
    const client = await BackendAIClient.connect({
      endpoint: keys["BACKEND_ENDPOINT"] ?? "",
      credentials: {
        type: "keypair",
        accessKey: keys["BACKEND_ACCESS_KEY"] ?? "",
        secretKey: keys["BACKEND_SECRET_KEY"] ?? "",
      },
    });
    try {
      await waits(workbench, client);
      await isRenamed(workbench);
      await isInterrupted(workbench, client);
      await isKept(workbench);
      await endsFromOutside(workbench, client);
      await endMany(workbench, client);
    } finally {
      await client.close();
    }
  },
};

/** Chooses an entry of a row's menu by the keyboard: a click that comes with the menu is not taken. */
async function chooseEntry({ trees, page }: Workbench, label: string, entry: string): Promise<void> {
  await trees.item(label, view).click({ button: "right" });
  await page.locator(".context-view .action-menu-item", { hasText: entry }).first().hover();
  await page.keyboard.press("Enter");
}

async function waits(workbench: Workbench, client: BackendAIClient): Promise<void> {
  const { trees, quickInput, notifications, page } = workbench;
  const input = page.locator(".quick-input-widget:visible .quick-input-filter input").first();
  await trees.openContainer("Backend.AI");
  const first = await client.sessions.create({ image: "python", name: "first-1" });
  await client.sessions.create({ image: "python", name: "second-1" });
  await trees.waitForItem("first-1", view);
  await trees.clickViewAction(view, "Start Session");
  await quickInput.choose("python:");
  await quickInput.choose("As the Image Needs");
  await quickInput.choose("Name");
  await quickInput.answer("third-1");
  await quickInput.waitFor("Start third-1");
  await workbench.screenshot("lifecycle-1-options");
  await quickInput.choose("Start third-1");
  await notifications.waitFor("Only 2 of your sessions may run at once");
  await workbench.screenshot("lifecycle-2-waits");
  await trees.waitForItem("third-1", view);
  await trees.clickInline("third-1", "Why Is It Waiting?", view);
  assert.match(await workbench.dialogText(), /third-1 does not run yet[^]*Only 2 of your sessions/);
  await workbench.screenshot("lifecycle-3-why");
  await workbench.answerDialog("Destroy Another…");
  await quickInput.waitFor("Sessions to destroy");
  await workbench.screenshot("lifecycle-4-another");
  // The dialog before it gives the keyboard back to the row when it closes, so that the list may not have it.
  await workbench.until("the list to close", async () => {
    await input.press("Escape", { timeout: 2000 }).catch(() => undefined);
    return !(await input.isVisible());
  });
  await client.sessions.destroy(first.id);
  await workbench.until("it to run", async () =>
    (await trees.item("third-1", view).getAttribute("aria-label"))?.includes("running"),
  );
  await workbench.screenshot("lifecycle-4b-runs");
}

async function isRenamed(workbench: Workbench): Promise<void> {
  const { trees, quickInput, page, until } = workbench;
  await chooseEntry(workbench, "third-1", "Rename Session");
  await quickInput.waitFor("Rename Session third-1");
  const input = page.locator(".quick-input-widget:visible .quick-input-box input");
  await input.fill("x");
  await until("a short name to be refused", async () =>
    (await quickInput.text()).includes("4 to 64 characters"),
  );
  await input.fill("second-1");
  await until("a taken name to be refused", async () =>
    (await quickInput.text()).includes("Another session is named second-1"),
  );
  await workbench.screenshot("lifecycle-5-rename");
  await quickInput.answer("renamed-1");
  await trees.waitForItem("renamed-1", view);
  await trees.waitForNoItem("third-1", view);
}

async function isInterrupted(workbench: Workbench, client: BackendAIClient): Promise<void> {
  const { items } = await client.sessions.page({ status: "RUNNING" });
  const { id } = items.find(({ name }) => name === "renamed-1")!;
  let output = "";
  const running = (async () => {
    const code = "import time\nprint('begun', flush=True)\ntime.sleep(600)";
    for await (const event of client.runs.start(id, { mode: "query", code })) {
      output += event.type === "output" ? event.text : "";
    }
  })();
  await workbench.until("the program to begin", () => Promise.resolve(output.includes("begun")));
  await chooseEntry(workbench, "renamed-1", "Interrupt Program");
  await running;
  assert.match(output, /KeyboardInterrupt/);
  await workbench.notifications.waitFor("that runs in renamed-1 was interrupted");
  await workbench.notifications.clear();
}

/** Its server ends it after four minutes without use, which is less than the ten of the warning. */
async function isKept(workbench: Workbench): Promise<void> {
  const { notifications, until } = workbench;
  const text = await until(
    "a warning",
    async () => (await notifications.texts()).find((message) => message.includes("renamed-1 will be ended")),
    { deadlineMs: 90_000 },
  );
  assert.match(text, /in \d+ min: nobody uses it/);
  await workbench.screenshot("lifecycle-6-idle");
  await notifications.click("renamed-1 will be ended", "Keep Working");
  await notifications.waitFor("Session renamed-1 stays until");
  await workbench.screenshot("lifecycle-7-kept");
  await notifications.clear();
}

async function endsFromOutside({ trees }: Workbench, client: BackendAIClient): Promise<void> {
  const { items } = await client.sessions.page({ status: "RUNNING" });
  await client.sessions.destroy(items.find(({ name }) => name === "renamed-1")!.id);
  await trees.waitForNoItem("renamed-1", view);
}

async function endMany(workbench: Workbench, client: BackendAIClient): Promise<void> {
  const { trees, page } = workbench;
  const names = ["many-1", "many-2", "many-3", "many-4"];
  for (const name of names) {
    await client.sessions.create({ image: "shell", name, enqueueOnly: true });
  }
  for (const name of names) {
    await trees.waitForItem(name, view);
  }
  await trees.click("many-1", view);
  for (const name of names.slice(1)) {
    await trees.item(name, view).click({ modifiers: ["Control"] });
  }
  await trees.item("many-4", view).click({ button: "right" });
  await page.locator(".context-view .action-menu-item", { hasText: "Destroy Session" }).first().hover();
  await workbench.screenshot("lifecycle-8-menu");
  await page.keyboard.press("Enter");
  assert.match(await workbench.dialogText(), /Destroy 4 sessions\?[^]*many-[1-4], many-/);
  await workbench.screenshot("lifecycle-9-many");
  await workbench.answerDialog("Destroy");
  for (const name of names) {
    await trees.waitForNoItem(name, view);
  }
  await workbench.screenshot("lifecycle-10-gone");
}
