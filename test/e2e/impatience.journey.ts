/** Somebody who clicks twice, gives up half-way and goes elsewhere while a server still thinks: nothing is left over. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { startEngine } from "../../scripts/support/engineProcess.js";
import type { Journey, Workbench } from "../host/index.js";

let keys: Readonly<Record<string, string>> = {};
let silent = "";

export const journey: Journey = {
  async prepare() {
    const engine = await startEngine();
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on("error", () => undefined));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    silent = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    keys = { ...engine.env };
    return {
      env: { ...engine.env },
      settings: { "backendai.servers": [{ name: "Silent", endpoint: silent }] },
      stop: async () => {
        for (const socket of sockets) {
          socket.destroy();
        }
        server.close();
        await engine.stop();
      },
    };
  },

  async run(workbench) {
    const { notifications, quickInput, trees } = workbench;
    await trees.openContainer("Backend.AI");
    await workbench.statusBarText("manager"); // the environment's server, by looking

    // Each question closed, one after the other; and the command given twice.
    await quickInput.runCommand("Backend.AI: Sign In…");
    await quickInput.waitFor("How do you sign in?");
    await quickInput.runCommand("Backend.AI: Sign In…");
    await quickInput.waitFor("How do you sign in?");
    await quickInput.choose("Keypair");
    await quickInput.waitFor("Access key");
    await quickInput.dismiss();
    await quickInput.runCommand("Backend.AI: Sign In…");
    await quickInput.choose("Keypair");
    await quickInput.waitFor("Access key");
    await quickInput.answer("AKIAIMPATIENT");
    await quickInput.waitFor("Secret key of");
    await quickInput.dismiss();
    await quiet(workbench);

    // A proof that takes for ever, and another choice meanwhile.
    await signInToSilent(workbench);
    await workbench.until(
      "the proof to be under way",
      async () => (await notifications.texts()).some((text) => text.includes("Signing in to Silent")),
      { describe: async () => (await notifications.texts()).join("\n") },
    );
    await workbench.screenshot("impatience-1-silent");
    await quickInput.runCommand("Backend.AI: Keep the Server of the Environment…");
    const host = new URL(keys["BACKEND_ENDPOINT"] ?? "").host;
    await workbench.until("the old proof to end and the new server to be kept", async () => {
      await quickInput.runCommand("Backend.AI: Choose Server…");
      await quickInput.waitFor("Where should sessions run");
      const text = await quickInput.text();
      await quickInput.dismiss();
      return text.includes(`${host} · ${keys["BACKEND_ACCESS_KEY"] ?? ""}`);
    });
    await quiet(workbench);
    assert.match(await workbench.statusBarText(host), /connected to/);
    await workbench.screenshot("impatience-2-kept");
  },
};

async function signInToSilent({ quickInput }: Workbench): Promise<void> {
  await quickInput.runCommand("Backend.AI: Sign In…");
  await quickInput.choose("Keypair");
  await quickInput.waitFor("Access key");
  await quickInput.answer("AKIAIMPATIENT");
  await quickInput.waitFor("Secret key of");
  await quickInput.answer("some-secret");
}

/** Who closes a question is told nothing. */
async function quiet(workbench: Workbench): Promise<void> {
  const texts = async (): Promise<string> => (await workbench.notifications.texts()).join("\n");
  await workbench.until("nothing to be said", async () => (await texts()) === "", { describe: texts });
}
