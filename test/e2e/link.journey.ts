/** Links to a session: copied from its row, opened after a question, refused where they are for somebody else or mean harm. */
import assert from "node:assert/strict";
import type { Journey, Workbench } from "../host/index.js";

const open = "Backend.AI: Open Link to Session…";

export const journey: Journey = {
  async run(workbench) {
    const { terminals, trees, page } = workbench;
    await trees.openContainer("Backend.AI");
    await workbench.runCommand("Backend.AI: Start Local Engine");
    await workbench.statusBarText("Local engine");
    await workbench.openFile("hello.py");
    await workbench.editors.clickTitleAction("Run Current File");
    await terminals.waitForText(/exit code 0/);
    await trees.openContainer("Backend.AI");
    await trees.chooseFromMenu("python-", "Copy Link to Session");
    const link = await workbench.until("the link on the clipboard", async () => {
      const text = await page.evaluate<string>("navigator.clipboard.readText()");
      return text.includes("/open?session=") && text;
    });
    assert.match(link, /^[\w-]+:\/\/backendai\.backendai-sessions\/open\?session=[\w-]+&server=local$/);
    await opens(workbench, link);
    await refuses(workbench, link);
  },
};

async function opens(workbench: Workbench, link: string): Promise<void> {
  const { editors, terminals } = workbench;
  await paste(workbench, `${link}&file=/home/work/hello.py&action=terminal`);
  const asked = await workbench.until("the question with its details", async () => {
    const text = await workbench.dialogText();
    return text.includes("A link asked for this") && text; // they are drawn a moment after the question
  });
  assert.match(asked, /Open session python-[0-9a-f]{4} on Local engine\?/);
  assert.match(asked, /A terminal opens[^]*\/home\/work\/hello\.py opens[^]*A link asked for this/);
  assert.doesNotMatch(asked, /connects|leaves/);
  await workbench.screenshot("link-1-question");
  await workbench.answerDialog("Open");
  await editors.text("hello.py");
  await workbench.until("the terminal of the session", async () =>
    (await terminals.names()).some((name) => name.includes("python-")),
  );
  await terminals.waitForText(/[$#] ?$/m);
  await workbench.screenshot("link-2-opened");
}

async function refuses(workbench: Workbench, link: string): Promise<void> {
  const { notifications } = workbench;
  for (const [text, words] of [
    [link.replace("local", "cluster.example"), "Its server cluster.example is none of yours"],
    [`${link}&run=x`, "the parameter “run”, which means nothing here"],
    [
      "https://evil.example/open?session=a",
      "It has to begin as vscode://backendai.backendai-sessions/open does",
    ],
  ] as const) {
    await paste(workbench, text);
    await notifications.waitFor(words);
  }
  await workbench.screenshot("link-3-refused");
  await notifications.clear();
  await paste(workbench, link.replace(/session=[\w-]+/, "session=gone"));
  await workbench.answerDialog("Open");
  await notifications.waitFor("There is no session gone on Local engine");
  await notifications.clear();
  await paste(workbench, link);
  await workbench.answerDialog("Cancel");
  assert.deepEqual(await notifications.texts(), []);
}

async function paste({ quickInput }: Workbench, link: string): Promise<void> {
  await quickInput.runCommand(open);
  await quickInput.waitFor("Link to a session");
  await quickInput.answer(link);
}
