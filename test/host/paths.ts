import path from "node:path";
import { fileURLToPath } from "node:url";

/** The extension under development: the folder that holds `package.json`. */
export const extensionRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** VS Code builds are kept here. `VSCODE_TEST_CACHE` shares one copy between checkouts. */
export const cacheRoot = path.resolve(
  process.env["VSCODE_TEST_CACHE"] ?? path.join(extensionRoot, ".vscode-test"),
);

/** Logs, screenshots and summaries. `VSCODE_TEST_RESULTS` keeps parallel runs apart. */
export const resultsRoot = path.resolve(
  process.env["VSCODE_TEST_RESULTS"] ?? path.join(extensionRoot, "test-results"),
);

/** What a window opens; always as a copy, see `openSamples`. */
export const samplesRoot = path.join(extensionRoot, "samples");

/** The bundled module whose `run()` the extension host calls. */
export const testEntry = path.join(extensionRoot, "dist/test/integration/index.cjs");

/** An extension for `npm start` only: brings our view into sight without product code for it. */
export const openerRoot = path.join(extensionRoot, "test/host/opener");
