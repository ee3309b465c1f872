/** A server whose certificate nobody knows: what it is, how it can be trusted, and how loud that stays. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { startEngine } from "../../scripts/support/engineProcess.js";
import type { Journey } from "../host/index.js";
import { startWebFront } from "../support/webFront.js";
import { loopbackCertificate } from "../unit/api/support/loopbackCertificate.js";

const person = { email: "ada@example.com", password: `correct horse ${randomUUID()}` };
let address = "";

export const journey: Journey = {
  async prepare() {
    const engine = await startEngine(["--email", person.email], [], {
      BACKENDAI_ENGINE_PASSWORD: person.password,
    });
    const front = await startWebFront(engine.env.BACKEND_ENDPOINT, { tls: loopbackCertificate });
    address = front.url;
    return {
      secrets: () => ({ password: person.password, ...Object.fromEntries(front.cookies) }),
      stop: async () => {
        await front.stop();
        await engine.stop();
      },
    };
  },

  async run(workbench) {
    const { quickInput, trees } = workbench;
    await trees.openContainer("Backend.AI");
    await trees.clickWelcome("Add Server…");
    await quickInput.waitFor("Address of the server");
    await quickInput.answer(address);
    await quickInput.waitFor("A name for it");
    await quickInput.answer("Own");
    await quickInput.waitFor("is signed by itself");
    await workbench.screenshot("certificate-1-question");
    await quickInput.choose("Accept Any Certificate");
    assert.match(await workbench.dialogText(), /Accept any certificate of 127\.0\.0\.1/);
    await workbench.screenshot("certificate-2-dialog");
    await workbench.answerDialog("Accept Any Certificate");
    await quickInput.waitFor("E-mail address");
    await quickInput.answer(person.email);
    await quickInput.waitFor("Password of");
    await quickInput.answer(person.password);
    assert.match(await workbench.statusBarText("unverified"), /Own/);
    await workbench.screenshot("certificate-3-unverified");
  },
};
