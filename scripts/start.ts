/**
 * `npm start`: a local engine, and VS Code with this extension connected to it and the samples open. Uses the VS Code
 * of this computer where there is one, else one in the browser. Ctrl+C, or closing VS Code, ends everything.
 *
 *     npm start -- --browser       in the browser even if there is a VS Code
 *     npm start -- --port 8080     the port of the browser's VS Code; default: a free one
 */
import { parseArgs } from "node:util";
import { interruption } from "../test/host/interruption.js";
import { openSamples } from "../test/host/samples.js";
import { openBrowserEditor } from "./support/browserEditor.js";
import { findDesktopEditor, openDesktopEditor } from "./support/desktopEditor.js";
import { Endings } from "./support/endings.js";
import { startEngine } from "./support/engineProcess.js";
import type { OpenEditor } from "./support/openEditor.js";

const { values: options } = parseArgs({
  options: { browser: { type: "boolean", default: false }, port: { type: "string", default: "0" } },
});

const endings = new Endings();
const stop = new AbortController();
const interrupted = interruption();
const work = start();
try {
  const reason = await Promise.race([work, interrupted]);
  console.log(`\nEnding everything (${reason}) …`);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  stop.abort();
  await endings.end();
  // Interrupted in the middle of a start, it ends what it is about to add, and then itself.
  await work.catch(() => undefined);
}

/** Starts all and resolves with the reason why it is over. */
async function start(): Promise<string> {
  const engine = await startEngine();
  await endings.add(engine.stop);
  console.log(`The local engine serves at ${engine.env.BACKEND_ENDPOINT}`);
  const samples = await openSamples();
  await endings.add(samples.remove);
  const program = options.browser ? undefined : findDesktopEditor();
  const workspace = { folder: samples.folder, env: engine.env };
  const editor = program === undefined ? await inBrowser(workspace) : await onDesktop(program, workspace);
  console.log("Ctrl+C ends everything.");
  return Promise.race([
    editor.exited.then(() => "VS Code ended"),
    engine.exited.then((code) => `the local engine ended with ${String(code)}`),
  ]);
}

interface Workspace {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

async function onDesktop(program: string, workspace: Workspace): Promise<OpenEditor> {
  console.log(`Opening a VS Code window (${program}); your own settings stay untouched.`);
  const editor = await openDesktopEditor(program, workspace);
  await endings.add(editor.stop);
  return editor;
}

async function inBrowser(workspace: Workspace): Promise<OpenEditor> {
  const editor = await openBrowserEditor({ ...workspace, port: Number(options.port), signal: stop.signal });
  await endings.add(editor.stop);
  const { port } = new URL(editor.address);
  console.log(`VS Code runs in the browser${editor.shown ? ", which should open by itself" : ". Open this address"}:

  ${editor.address}
${editor.password === undefined ? "" : `  password: ${editor.password}\n`}`);
  if (!editor.shown) {
    console.log(`From another computer, first: ssh -L ${port}:127.0.0.1:${port} <this computer>`);
  }
  return editor;
}
