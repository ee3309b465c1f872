/** A person adds servers of their own: signs in with a keypair, with a password, wrongly first, and out again. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { startEngine } from "../../scripts/support/engineProcess.js";
import type { Journey } from "../host/index.js";

const wrongKey = `not-the-secret-${randomUUID()}`;
let keys: Readonly<Record<string, string>> = {};

export const journey: Journey = {
  async prepare() {
    const engine = await startEngine();
    keys = { ...engine.env };
    return {
      secrets: () => ({ "secret key": engine.env.BACKEND_SECRET_KEY, "wrong secret key": wrongKey }),
      stop: engine.stop,
    };
  },

  async run(workbench) {
    const { notifications, quickInput, trees } = workbench;
    const { BACKEND_ENDPOINT = "", BACKEND_ACCESS_KEY = "", BACKEND_SECRET_KEY = "" } = keys;
    await trees.openContainer("Backend.AI");
    await workbench.screenshot("accounts-1-welcome");
    await trees.clickWelcome("Add Server…");
    await quickInput.waitFor("Address of the server");
    await quickInput.answer("nothing here at all://");
    await quickInput.waitFor("is no http or https address");
    await workbench.screenshot("accounts-2-wrong-address");
    await quickInput.answer(BACKEND_ENDPOINT);
    await quickInput.waitFor("A name for it");
    await quickInput.answer("Campus");
    await quickInput.waitFor("How do you sign in?");
    await workbench.screenshot("accounts-3-ways");
    await quickInput.choose("Keypair");
    await quickInput.waitFor("Access key");
    await quickInput.answer(BACKEND_ACCESS_KEY);
    await quickInput.waitFor("Secret key of");
    await quickInput.answer(wrongKey);
    await quickInput.waitFor("How do you sign in?");
    await quickInput.choose("Keypair");
    await quickInput.waitFor("refused the keys");
    await workbench.screenshot("accounts-4-refused");
    await quickInput.answer(BACKEND_ACCESS_KEY);
    await quickInput.waitFor("Secret key of");
    await quickInput.answer(BACKEND_SECRET_KEY);
    await workbench.statusBarText("Campus");
    await trees.clickWelcome("Start a Session");
    await quickInput.choose("python:");
    await quickInput.choose("As the Image Needs");
    await quickInput.choose("Start python-");
    await trees.waitForItem("python-");
    await workbench.screenshot("accounts-5-signed-in");

    await workbench.clickStatusBar("Campus");
    await quickInput.waitFor("Where should sessions run");
    assert.ok((await quickInput.text()).includes(BACKEND_ACCESS_KEY), "it says as whom");
    await workbench.screenshot("accounts-6-servers");
    await quickInput.choose("Sign Out of Campus");
    await workbench.until("the sessions to go", async () => /Choose Server/.test(await trees.welcomeText()));
    await quickInput.runCommand("Backend.AI: Choose Server");
    await quickInput.waitFor("not signed in");
    await quickInput.choose("Campus");
    await quickInput.waitFor("How do you sign in?");
    await quickInput.choose("E-mail and Password");
    await quickInput.waitFor("E-mail address");
    await quickInput.answer("user@local.engine");
    await quickInput.waitFor("Password of");
    await quickInput.answer("wrong");
    await quickInput.waitFor("How do you sign in?");
    await quickInput.dismiss();
    const texts = async (): Promise<string> => (await notifications.texts()).join("\n");
    const isQuiet = async (): Promise<boolean> => (await texts()) === "";
    await workbench.until("nothing to be said to who closes the question", isQuiet, { describe: texts });
  },
};
