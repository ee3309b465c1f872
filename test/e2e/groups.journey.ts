/** Somebody in two groups: asked once, told when the server has it otherwise, and moved to the other without a reconnection. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { startEngine } from "../../scripts/support/engineProcess.js";
import type { Journey, Workbench } from "../host/index.js";
import { startWebFront } from "../support/webFront.js";

const person = { email: "ada@example.com", password: `correct horse ${randomUUID()}` };
let address = "";

export const journey: Journey = {
  settings: { "backendai.run.connection": "ssh" },
  async prepare() {
    const engine = await startEngine(["--email", person.email], [], {
      BACKENDAI_ENGINE_PASSWORD: person.password,
    });
    const front = await startWebFront(engine.env.BACKEND_ENDPOINT, { hasSecondGroup: true });
    address = front.url;
    return {
      secrets: () => {
        assert.ok(front.cookies.size > 0, "the cookie is known");
        return { password: person.password, ...Object.fromEntries(front.cookies) };
      },
      stop: async () => {
        await front.stop();
        await engine.stop();
      },
    };
  },

  async run(workbench) {
    const { notifications, quickInput, trees } = workbench;
    await trees.openContainer("Backend.AI");
    await trees.clickWelcome("Add Server…");
    await quickInput.waitFor("Address of the server");
    await quickInput.answer(`${address}/summary`); // what the browser shows
    await quickInput.waitFor("A name for it");
    await quickInput.answer("Lab");
    await quickInput.waitFor("Enter takes that one");
    await workbench.screenshot("groups-1-other-path");
    await workbench.page.keyboard.press("Enter");
    await quickInput.waitFor("A name for it");
    await workbench.page.keyboard.press("Enter");
    await quickInput.waitFor("E-mail address");
    await quickInput.answer(person.email);
    await quickInput.waitFor("Password of");
    await quickInput.answer("wrong");
    await quickInput.waitFor("password is wrong");
    await quickInput.answer(person.email);
    await quickInput.waitFor("Password of");
    await quickInput.answer(person.password);
    await quickInput.waitFor("Group (project) that new sessions are started for");
    await workbench.screenshot("groups-2-question");
    await quickInput.choose("vision");
    await workbench.statusBarText("sessions for vision");

    await start(workbench);
    const message = await notifications.waitFor("The group (project)");
    assert.match(message, /Invalid group\. Choose one of your groups/);
    await workbench.screenshot("groups-3-refused");
    await notifications.click("The group (project)", "Choose Group");
    await quickInput.waitFor("Group (project) that new sessions are started for");
    await quickInput.choose("default");
    await workbench.statusBarText("sessions for default");
    await start(workbench);
    await trees.waitForItem("python-");
    await workbench.clickStatusBar("Lab");
    await quickInput.waitFor("Where should sessions run");
    await workbench.screenshot("groups-4-servers");
    assert.match(await quickInput.text(), /Choose Group…\s*default/);
    await quickInput.dismiss();
    await runBySsh(workbench);
    await exportBundle(workbench);
  },
};

/** By the cookie to the session, and by the key that it hands out to its sshd: none of the two may be anywhere in the end. */
async function runBySsh(workbench: Workbench): Promise<void> {
  const { editors, terminals } = workbench;
  await workbench.openFile("hello.py");
  await editors.clickTitleAction("Run Current File");
  await terminals.waitForText(/exit code 0/);
}

/** Into the workspace, where it is searched like all that the window leaves. */
async function exportBundle(workbench: Workbench): Promise<void> {
  const { notifications, page, quickInput } = workbench;
  await workbench.runCommand("Backend.AI: Export Support Bundle…");
  await quickInput.choose("Without the Addresses of Servers");
  await quickInput.waitFor("Save Support Bundle");
  await page.keyboard.press("Enter");
  await notifications.waitFor("is saved. Look through it");
}

async function start(workbench: Workbench): Promise<void> {
  const { quickInput } = workbench;
  await workbench.runCommand("Backend.AI: Start Session…");
  await quickInput.choose("python:");
  await quickInput.choose("As the Image Needs");
  await quickInput.choose("Start python-");
}
