import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { hasDisplay } from "../../test/host/choice.js";
import { extensionRoot, openerRoot, resultsRoot } from "../../test/host/paths.js";
import { startCodeServer } from "../../test/host/server/codeServer.js";
import { ensureCodeServer } from "../../test/host/server/install.js";
import { pageAddress } from "../../test/host/window/address.js";
import type { OpenEditor } from "./openEditor.js";

/** A person may leave the page closed over lunch; the server must still be there. */
const idleTimeoutSeconds = 24 * 60 * 60;

/** VS Code that is shown by any browser. */
export interface BrowserEditor extends OpenEditor {
  readonly address: string;
  /** What the page asks for; `undefined` where it asks for nothing. */
  readonly password: string | undefined;
  /** Whether the address was handed to the user's browser. */
  readonly shown: boolean;
}

/** Starts VS Code's server, and the user's browser on it where there is a display. */
export async function openBrowserEditor(options: {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly signal: AbortSignal;
}): Promise<BrowserEditor> {
  await mkdir(resultsRoot, { recursive: true });
  const shown = hasDisplay();
  // A computer without a display is likely to have other users, and whoever opens the page can do what its owner can.
  const password = shown ? undefined : randomBytes(9).toString("base64url");
  const server = await startCodeServer({
    codeServer: await ensureCodeServer(options),
    logFile: path.join(resultsRoot, "start.log"),
    env: options.env,
    port: options.port,
    password,
    idleTimeoutSeconds,
    // Not as development extensions: the page takes those only under automation, which hides notifications.
    linkedExtensions: [extensionRoot, openerRoot],
    automation: false,
  });
  const address = pageAddress(server, { folder: options.folder });
  if (shown) {
    showInBrowser(address);
  }
  return {
    address,
    password,
    shown,
    exited: server.exited,
    stop: async () => {
      await server.stop();
      await server.profile.remove();
    },
  };
}

function showInBrowser(address: string): void {
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  spawn(opener, [address], { stdio: "ignore", detached: true })
    .on("error", () => undefined) // the address is printed anyway
    .unref();
}
