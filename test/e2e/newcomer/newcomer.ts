/**
 * Somebody who has VS Code, a program and this extension, and nothing else: no account, no server, nothing in the environment. Each
 * step leaves a picture (`docs/journeys/newcomer`).
 */
import assert from "node:assert/strict";
import {
  countClicks,
  type Journey,
  type Language,
  pictureSteps,
  pictureWindow,
  type Workbench,
} from "../../host/index.js";

/** Longest way from the window to the first run, through the view. */
const clickLimit = 3;

/** The journey in a language; words are looked up where it says what the extension says. */
export function newcomer(language: Language): Journey {
  return {
    language,
    ...pictureWindow,
    file: "hello.py",
    async run(workbench) {
      const step = pictureSteps(`newcomer/${language}`);
      await seesWindow(workbench);
      await step(workbench, "window");
      const clicks = await countClicks(workbench.page);
      await opensView(workbench);
      await step(workbench, "welcome");
      await startsEngine(workbench);
      await step(workbench, "engine");
      await runsFile(workbench, async () => {
        const count = await clicks.count();
        assert.ok(count <= clickLimit, `${count} clicks to the first run`);
      });
      await step(workbench, "run");
      await opensTerminal(workbench);
      await step(workbench, "terminal");
      await listsFiles(workbench);
      await step(workbench, "files");
      await opensFile(workbench);
      await step(workbench, "file");
    },
  };
}

async function seesWindow({ editors, page, words }: Workbench): Promise<void> {
  await editors.text("hello.py");
  const language = await page.evaluate("globalThis._VSCODE_NLS_LANGUAGE ?? 'en'");
  assert.equal(language, words.language, "what vscode.env.language says to extensions");
}

async function opensView({ trees, words }: Workbench): Promise<void> {
  await trees.openContainer("Backend.AI");
  await trees.waitForWelcome(words.welcomeButton("backendai.account.connectLocal"));
}

async function startsEngine(workbench: Workbench): Promise<void> {
  const { trees, words } = workbench;
  await trees.clickWelcome(words.welcomeButton("backendai.account.connectLocal"));
  const status = await workbench.statusBarText(words.text("Local engine"));
  assert.equal(/[가-힣]/.test(status), words.language === "ko", status);
  await trees.waitForWelcome(words.welcomeButton("backendai.sessions.start"));
}

async function runsFile(workbench: Workbench, onStart: () => Promise<void>): Promise<void> {
  const { editors, terminals, trees, words } = workbench;
  await editors.clickTitleAction(words.command("backendai.run.file"));
  await onStart();
  const text = await terminals.waitForText(words.pattern("exit code {0}"));
  assert.match(text, /Hello from a Backend\.AI session!/);
  await trees.waitForItem("python-");
}

async function opensTerminal({ terminals, trees, words }: Workbench): Promise<void> {
  await trees.clickInline("python-", words.command("backendai.terminal.open"));
  await terminals.plainPrompt();
  await terminals.type("echo 'steps: 7' > notes.txt\nls *.py *.txt\n");
  await terminals.waitForText(/hello\.py +notes\.txt/);
}

async function listsFiles({ trees, words }: Workbench): Promise<void> {
  await trees.expand(words.text("Files"));
  await trees.waitForItem("notes.txt");
}

async function opensFile({ editors, trees }: Workbench): Promise<void> {
  await trees.click("notes.txt");
  await editors.waitForText("notes.txt", "steps: 7");
}
