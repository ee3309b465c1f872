/**
 * Ports of a session of the local engine: one is forwarded by the palette to a program that runs in a terminal, used byte for
 * byte, and closed from the tree; a program that starts to listen later is offered.
 */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Journey, Workbench } from "../host/index.js";

export const journey: Journey = {
  async run(workbench) {
    await workbench.trees.openContainer("Backend.AI");
    await workbench.trees.clickWelcome("Start Local Engine");
    await workbench.statusBarText("Local engine");
    await workbench.runCommand("Backend.AI: Open Terminal");
    const { home, name } = await openShell(workbench);
    const port = await serve(workbench, "www");
    await forward(workbench, name, port);
    const local = await rowOf(workbench, name, port);
    await carriesBytes(local, path.join(home, "www"));
    await offersPorts(workbench, name);
    await closes(workbench, local);
  },
};

/** The session's own directory on this computer, and its name. */
async function openShell({
  terminals,
}: Workbench): Promise<{ readonly home: string; readonly name: string }> {
  await terminals.waitForText(/[$#%>] ?$/m);
  await terminals.type("PS1='ready> '; cd; mkdir www other; echo home=$PWD=\n");
  const text = await terminals.waitForText(/^home=(.+)=$/m);
  const [name = ""] = await terminals.names();
  return { home: /^home=(.+)=$/m.exec(text)?.[1] ?? "", name: /[a-z]+-[0-9a-f]{4}/.exec(name)?.[0] ?? name };
}

/** Starts an HTTP server behind the prompt; the port that it chose. */
async function serve({ terminals }: Workbench, folder: string): Promise<number> {
  await terminals.type(
    `clear; python3 -u -m http.server 0 --bind 127.0.0.1 --directory ${folder} 2>/dev/null | sed -u "s/^/${folder}: /" &\n`,
  );
  const serving = new RegExp(`${folder}: Serving HTTP on 127\\.0\\.0\\.1 port (\\d+)`);
  return Number(serving.exec(await terminals.waitForText(serving))?.[1]);
}

async function forward(workbench: Workbench, name: string, port: number): Promise<void> {
  const { quickInput, notifications } = workbench;
  await workbench.runCommand("Backend.AI: Forward a Port…");
  await quickInput.waitFor(`Port of ${name} to forward`);
  await quickInput.answer("no port");
  await quickInput.waitFor("A port is a number from 1 to 65535");
  await workbench.screenshot("ports-1-question");
  await quickInput.answer(String(port));
  await notifications.waitFor(`leads to port ${String(port)} of ${name}`);
  await workbench.screenshot("ports-2-address");
}

/** The port of this computer that the row under the session names. */
async function rowOf({ trees }: Workbench, name: string, port: number): Promise<number> {
  await trees.openContainer("Backend.AI");
  await trees.expand(name);
  await trees.waitForItem(`→ port ${String(port)}`);
  const rows = await trees.labels();
  const index = rows.findIndex((row) => row.includes(`→ port ${String(port)}`));
  const above = rows.slice(0, index).findLast((row) => row.startsWith("python-"));
  assert.ok(above?.startsWith(name), `it stands under its session: ${rows.join(", ")}`);
  return Number(/localhost:(\d+)/.exec(rows[index] ?? "")?.[1]);
}

async function carriesBytes(local: number, folder: string): Promise<void> {
  const bytes = randomBytes(5 * 1024 * 1024);
  await writeFile(path.join(folder, "bytes.bin"), bytes);
  const answers = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const response = await fetch(`http://127.0.0.1:${String(local)}/bytes.bin`);
      return Buffer.from(await response.arrayBuffer());
    }),
  );
  assert.deepEqual(answers.map(sha256), new Array(4).fill(sha256(bytes)));
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function offersPorts(workbench: Workbench, name: string): Promise<void> {
  const { notifications } = workbench;
  await notifications.clear();
  const port = await serve(workbench, "other");
  await notifications.waitFor(`A program in ${name} listens on port ${String(port)}`);
  await workbench.screenshot("ports-3-offer");
}

async function closes(workbench: Workbench, local: number): Promise<void> {
  const { trees } = workbench;
  await trees.item(`localhost:${String(local)}`).hover();
  await workbench.screenshot("ports-4-row");
  await trees.clickInline(`localhost:${String(local)}`, "Close Port");
  await trees.waitForNoItem(`localhost:${String(local)}`);
  await assert.rejects(fetch(`http://127.0.0.1:${String(local)}/`));
  await workbench.runCommand("Backend.AI: Close Port");
  await workbench.notifications.waitFor("No port is forwarded.");
  await workbench.screenshot("ports-5-closed");
}
