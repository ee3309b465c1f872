/** Opens VS Code of a server in a headless browser. */
import { setTimeout as delay } from "node:timers/promises";
import { chromium, type Browser, type Page } from "playwright-core";
import { ensureSystemPackages } from "../../../scripts/support/systemPackages.js";
import type { RunningServer } from "../server/codeServer.js";
import { pageAddress, type PageContent } from "./address.js";

/** Starts every message of the tests, so that it can be told from VS Code's own output. */
const testOutputMark = "[test] ";

/** Of the page, in CSS pixels. */
export interface WindowSize {
  readonly width: number;
  readonly height: number;
}

/** How long the browser may take to say what it keeps, in milliseconds. */
const stateDeadlineMs = 10_000;

const defaultSize: WindowSize = { width: 1400, height: 900 };

/** What to open, and who hears about it. */
export interface WindowOptions extends PageContent {
  readonly server: RunningServer;
  /** Default 1400 × 900. */
  readonly size?: WindowSize | undefined;
  /** Receives everything the page and the extension host print. */
  readonly log: (line: string) => void;
  /** Receives what the tests print. */
  readonly onTestOutput?: (line: string) => void;
}

/** An open window. Whoever opened it closes it, after the server was stopped or before: both work. */
export interface OpenWindow {
  readonly page: Page;
  /** Resolves when the extension host says that `run()` is over; says nothing about the result. */
  readonly testsFinished: Promise<void>;
  /** Resolves with the reason when page or browser die. */
  readonly crashed: Promise<string>;
  /** Resolves with what VS Code has kept in the browser, its state and its settings, as JSON. */
  readonly close: () => Promise<string>;
}

/** Opens a window; installs the browser first where it is missing and that can be done. */
export async function openWindow(options: WindowOptions): Promise<OpenWindow> {
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    headless: true,
    handleSIGINT: false, // the caller stops the server first, then the browser
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: ["--disable-gpu", "--disable-quic", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
  });
  try {
    return await openPage(browser, options);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function openPage(browser: Browser, options: WindowOptions): Promise<OpenWindow> {
  const { server, size = defaultSize } = options;
  const context = await browser.newContext({ viewport: size });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  const page = await context.newPage();
  reportPage(page, options);
  const crashed = new Promise<string>((resolve) => {
    page.once("crash", () => {
      resolve("the page crashed");
    });
    browser.once("disconnected", () => {
      resolve("the browser exited");
    });
  });
  // These two names are how VS Code tells its own automation that tests print and end.
  const testsFinished = new Promise<void>((resolve) => {
    void page.exposeFunction("codeAutomationExit", () => {
      resolve();
    });
  });
  await page.exposeFunction("codeAutomationLog", (_level: unknown, [text]: readonly unknown[]) => {
    if (typeof text === "string" && text.startsWith(testOutputMark)) {
      options.onTestOutput?.(text.slice(testOutputMark.length));
    }
  });
  await page.goto(pageAddress(server, options));
  return { page, testsFinished, crashed, close: () => leave(page, browser) };
}

/** Leaving the page lets VS Code end its extensions in good order, and keep its state; closing the browser alone would not. */
async function leave(page: Page, browser: Browser): Promise<string> {
  await page.goto("about:blank", { timeout: 3_000 }).catch(() => undefined);
  try {
    return browser.isConnected() ? await keptState(page) : "";
  } finally {
    await browser.close().catch(() => undefined);
  }
}

/** A page that hangs must not hold its caller. */
async function keptState(page: Page): Promise<string> {
  const timer = new AbortController();
  const late = delay(stateDeadlineMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error("The browser did not say what it keeps.");
  });
  late.catch(() => undefined); // when the state came first
  try {
    return JSON.stringify(await Promise.race([page.context().storageState({ indexedDB: true }), late]));
  } finally {
    timer.abort();
  }
}

function reportPage(page: Page, { server, log }: WindowOptions): void {
  page.on("console", (message) => {
    log(`[console ${message.type()}] ${message.text()}`);
  });
  page.on("pageerror", (error) => {
    log(`[page error] ${error.message}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (/^(https?|wss?):/.test(url) && new URL(url).host !== server.authority) {
      log(`[refused request] ${url}`);
    }
  });
}

async function findBrowser(): Promise<string> {
  const wanted = process.env["VSCODE_TEST_BROWSER"];
  if (wanted !== undefined) {
    return wanted;
  }
  const { chromium: found } = await ensureSystemPackages(["chromium"]);
  return found;
}
