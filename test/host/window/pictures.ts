/** Pictures of the window that are kept in the repository, for people to see what to expect. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { extensionRoot } from "../paths.js";
import { toPalettePng } from "./palettePng.js";
import type { Workbench } from "./workbench.js";

/** Largest picture that is kept, in bytes: pages show several of them. */
const pictureLimitBytes = 120_000;

/** What a window has whose pictures are kept: always the same look, and nothing in it of the computer that they are made on. */
export const pictureWindow = {
  size: { width: 1280, height: 800 },
  linked: true,
  settings: {
    "editor.minimap.enabled": false,
    "remote.autoForwardPorts": false,
    "workbench.layoutControl.enabled": false,
  },
} as const;

/** Of a VS Code in the browser alone. */
const browserOnly = ["status.workbench.keyboardLayout", "status.forwardedPorts", "status.host"];

/**
 * Takes the pictures of a journey's steps in order, as evidence; with `UPDATE_PICTURES=1` they also replace those in
 * `docs/journeys/<folder>`, as `01-<name>.png` and so on.
 */
export function pictureSteps(folder: string): (workbench: Workbench, name: string) => Promise<void> {
  let count = 0;
  return async (workbench, name) => {
    count += 1;
    const file = `${String(count).padStart(2, "0")}-${name}`;
    await settle(workbench);
    const picture = await workbench.screenshot(`${folder.replaceAll("/", "-")}-${file}`);
    await keepPicture(picture, path.join("docs/journeys", folder, `${file}.png`));
  };
}

/** Takes a picture of a surface; with `UPDATE_PICTURES=1` it replaces that of the README, `docs/images/<name>.png`. */
export async function keepImage(workbench: Workbench, name: string): Promise<void> {
  await settle(workbench);
  const picture = await workbench.screenshot(`image-${name}`);
  await keepPicture(picture, path.join("docs/images", `${name}.png`));
}

/** Keeps a picture of the window in the repository where that is wanted; refuses one that is too large. */
async function keepPicture(picture: string, file: string): Promise<void> {
  if (process.env["UPDATE_PICTURES"] !== "1") {
    return;
  }
  const target = path.join(extensionRoot, file);
  const content = toPalettePng(await readFile(picture));
  if (content.length > pictureLimitBytes) {
    throw new Error(`${file} would have ${content.length} bytes; ${pictureLimitBytes} are allowed.`);
  }
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, content);
}

/** Takes the pointer away from what it would explain, and waits until nothing is on its way. */
async function settle({ page, until }: Workbench): Promise<void> {
  await page.addStyleTag({
    content: `${browserOnly.map((id) => `[id="${id}"]`).join(", ")} { display: none !important; }
      .monaco-scrollable-element > .scrollbar { visibility: hidden !important; }`,
  });
  await page.mouse.move(1, 1);
  await page.locator(".workbench-hover-container").waitFor({ state: "hidden" });
  await until(
    "progress to end",
    async () => (await page.locator(".monaco-progress-container.active:visible").count()) === 0,
  );
}
