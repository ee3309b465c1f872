import { codeServerIsAvailable } from "./server/install.js";

/** The kinds of VS Code that tests can run in. */
export type HostKind = "desktop" | "code-server";

/** How long the download site may take to answer before it counts as out of reach. */
const answerMs = 5_000;

/**
 * Chooses which VS Code the tests run in. `VSCODE_TEST_HOST` says so: `desktop` (downloaded by VS Code's test tool),
 * `code-server` (from npm, in a headless browser), or `auto`, the default: desktop where there is a display and the
 * download answers, code-server otherwise.
 */
export async function chooseHost(): Promise<HostKind> {
  const wanted = process.env["VSCODE_TEST_HOST"] ?? "auto";
  if (wanted === "desktop" || wanted === "code-server") {
    return wanted;
  }
  if (wanted !== "auto") {
    throw new Error(`VSCODE_TEST_HOST must be desktop, code-server or auto, not ${wanted}.`);
  }
  if (!codeServerIsAvailable()) {
    return "desktop";
  }
  return hasDisplay() && (await desktopCanBeDownloaded()) ? "desktop" : "code-server";
}

/** Whether a window can be shown here. */
export function hasDisplay(): boolean {
  return process.platform !== "linux" || Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]);
}

async function desktopCanBeDownloaded(): Promise<boolean> {
  try {
    const { fetchStableVersions } = await import("@vscode/test-electron/out/download.js");
    return (await fetchStableVersions(true, answerMs)).length > 0;
  } catch {
    return false;
  }
}
