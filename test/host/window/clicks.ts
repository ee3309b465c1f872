import type { Page } from "playwright-core";

/** Counts a person's clicks in the window from this moment on; frames of webviews are not counted. */
export async function countClicks(page: Page): Promise<{ readonly count: () => Promise<number> }> {
  await page.evaluate(`
    globalThis.clicksOfPerson = 0;
    globalThis.addEventListener("pointerdown", () => { globalThis.clicksOfPerson += 1; }, true);
  `);
  return { count: async () => Number(await page.evaluate("globalThis.clicksOfPerson")) };
}
