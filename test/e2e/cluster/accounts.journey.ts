/**
 * A real cluster by both of its doors: e-mail and password at its web server, a keypair at its manager. By each a session is
 * started and watched until it runs; its end comes from elsewhere.
 */
import assert from "node:assert/strict";
import { BackendAIClient } from "../../../src/api/index.js";
import type { Journey, Workbench } from "../../host/index.js";

/** Containers take their time to start, and to end. */
const deadlineMs = 120_000;

type Variables = Readonly<Record<string, string>>;

export const journey: Journey = {
  async run(workbench, env) {
    await workbench.trees.openContainer("Backend.AI");
    await workbench.statusBarText("manager");
    await signInWithPassword(workbench, env);
    await liveOfSession(workbench, env, "web");
    await keepEnvironment(workbench, env);
    await liveOfSession(workbench, env, "keypair");
    await signOut(workbench, env);
  },
};

async function signInWithPassword(workbench: Workbench, env: Variables): Promise<void> {
  const { quickInput } = workbench;
  const { BACKEND_WEB_ENDPOINT = "", BACKEND_WEB_USER = "", BACKEND_WEB_PASSWORD = "" } = env;
  await workbench.runCommand("Backend.AI: Add Server…");
  await quickInput.waitFor("Address of the server");
  await quickInput.answer(`${BACKEND_WEB_ENDPOINT}/summary`);
  await quickInput.waitFor("A name for it");
  await quickInput.answer("Campus");
  await quickInput.waitFor("Enter takes that one");
  await workbench.screenshot("accounts-1-other-path");
  await quickInput.answer(BACKEND_WEB_ENDPOINT);
  await quickInput.waitFor("A name for it");
  await quickInput.answer("Campus");
  await quickInput.waitFor("E-mail address");
  await quickInput.answer(BACKEND_WEB_USER);
  await quickInput.waitFor("Password of");
  await quickInput.answer("wrong");
  await quickInput.waitFor("password is wrong");
  await workbench.screenshot("accounts-2-wrong-password");
  await quickInput.answer(BACKEND_WEB_USER);
  await quickInput.waitFor("Password of");
  await quickInput.answer(BACKEND_WEB_PASSWORD);
  await chooseGroupIfAsked(workbench);
  await workbench.statusBarText("connected to Campus");
}

/** Somebody who is in several groups is asked for one. */
async function chooseGroupIfAsked(workbench: Workbench): Promise<void> {
  const { quickInput } = workbench;
  const isAsked = await workbench.until("a connection or a question", async () => {
    if ((await quickInput.text()).includes("Group (project)")) {
      return "asked";
    }
    return (await quickInput.text()) === "" ? "connected" : undefined;
  });
  if (isAsked === "asked") {
    await quickInput.choose("default");
  }
}

async function keepEnvironment(workbench: Workbench, env: Variables): Promise<void> {
  await workbench.runCommand("Backend.AI: Keep the Server of the Environment…");
  await workbench.statusBarText(`connected to ${new URL(env["BACKEND_ENDPOINT"] ?? "").host}`);
  await workbench.clickStatusBar("connected to");
  await workbench.quickInput.waitFor("Where should sessions run");
  const text = await workbench.quickInput.text();
  assert.ok(text.includes(env["BACKEND_ACCESS_KEY"] ?? "?"), text);
  assert.ok(text.includes(env["BACKEND_WEB_USER"] ?? "?"), text);
  await workbench.screenshot("accounts-4-servers");
  await workbench.quickInput.dismiss();
}

/** Starts a session, sees it wait and run, and sees it go when somebody else ends it. */
async function liveOfSession(workbench: Workbench, env: Variables, door: string): Promise<void> {
  const { quickInput, trees } = workbench;
  await workbench.runCommand("Backend.AI: Start Session…");
  await quickInput.choose("python");
  await quickInput.choose("As the Image Needs");
  await quickInput.waitFor("Enter starts");
  const name = /Start (python-\w+)/.exec(await quickInput.text())?.[1] ?? assert.fail("it has a name");
  await quickInput.choose(`Start ${name}`);
  const client = await outsider(env);
  try {
    const seen = new Set<string>();
    const id = await workbench.until(
      "the session to run",
      async () => {
        const rows = (await trees.labels()).filter((row) => row.includes(name));
        rows.forEach((row) => seen.add(row));
        const { items } = await client.sessions.page({ status: "RUNNING" });
        return items.find((session) => session.name === name)?.id;
      },
      { deadlineMs, describe: () => Promise.resolve([...seen].join("\n")) },
    );
    const waited = [...seen].filter((row) => /pending|scheduled|prepar|pulling|creating|queue/i.test(row));
    assert.ok(waited.length > 0, `it was seen only as ${[...seen].join("; ")}`);
    await workbench.until(
      "the row to say so",
      async () =>
        (await trees.labels()).some(
          (row) => row.includes(name) && !/pending|scheduled|prepar|creating/i.test(row),
        ),
      { deadlineMs, describe: async () => (await trees.labels()).join("\n") },
    );
    await workbench.screenshot(`accounts-3-running-${door}`);
    // What started it waits for its first word as well.
    await workbench.until("the start to be over", async () => {
      const texts = await workbench.notifications.texts();
      return !texts.some((text) => text.includes("Starting"));
    });
    await client.sessions.destroy(id);
    await workbench.until(
      "the row to go, as an event tells of its end",
      async () => !(await trees.labels()).some((row) => row.includes(name) && !/terminat|ended/i.test(row)),
      { deadlineMs, describe: async () => (await trees.labels()).join("\n") },
    );
  } finally {
    await client.close();
  }
}

async function signOut(workbench: Workbench, env: Variables): Promise<void> {
  const { quickInput } = workbench;
  await workbench.clickStatusBar("connected to");
  await quickInput.waitFor("Where should sessions run");
  await quickInput.choose(`Sign Out of ${new URL(env["BACKEND_ENDPOINT"] ?? "").host}`);
  await workbench.statusBarText("not connected");
}

async function outsider(env: Variables): Promise<BackendAIClient> {
  const { BACKEND_ENDPOINT = "", BACKEND_ACCESS_KEY = "", BACKEND_SECRET_KEY = "" } = env;
  return BackendAIClient.connect({
    endpoint: BACKEND_ENDPOINT,
    credentials: { type: "keypair", accessKey: BACKEND_ACCESS_KEY, secretKey: BACKEND_SECRET_KEY },
  });
}
