/** Pictures of runs, terminals, the view of sessions, how one is started, and the search. */
import type { Journey, Workbench } from "../host/index.js";
import { keepImage, pictureWindow } from "../host/index.js";

export const journey: Journey = {
  ...pictureWindow,
  file: "hello.py",
  async run(workbench) {
    await run(workbench);
    await terminal(workbench);
    await sessions(workbench);
    await start(workbench);
    await search(workbench);
  },
};

async function run(workbench: Workbench): Promise<void> {
  const { editors, terminals, trees } = workbench;
  await trees.openContainer("Backend.AI");
  await trees.clickWelcome("Start Local Engine");
  await workbench.statusBarText("Local engine");
  await editors.clickTitleAction("Run Current File");
  await terminals.waitForText(/exit code 0/);
  await trees.expand("Files");
  await trees.waitForItem("hello.py");
  await keepImage(workbench, "run");
}

/** What a person does in a session; the files are searched below. */
const commands = [
  "mkdir -p project/models && cd project",
  `printf 'learning_rate = 0.1\\nepochs = 20\\n' > train.py`,
  `printf 'def step(weights, learning_rate):\\n    return weights * (1 - learning_rate)\\n' > models/net.py`,
  "clear",
  "ls -R",
  "wc -l *.py models/*.py",
];

async function terminal(workbench: Workbench): Promise<void> {
  const { terminals, trees } = workbench;
  await trees.clickInline("python-", "Open Terminal");
  await terminals.plainPrompt();
  await terminals.type(commands.map((command) => `${command}\n`).join(""));
  await terminals.waitForText(/total\n\$ ?$/);
  await trees.chooseFromMenu("Files", "Refresh");
  await trees.waitForItem("project");
  await trees.expand("project");
  await trees.waitForItem("train.py");
  await keepImage(workbench, "terminal");
}

async function search(workbench: Workbench): Promise<void> {
  const { editors, quickInput, trees, page } = workbench;
  await workbench.runCommand("View: Toggle Panel Visibility");
  await workbench.runCommand("View: Close All Editors");
  await trees.chooseFromMenu("python-", "Find in Session");
  await quickInput.waitFor("Match Whole Word");
  await page.keyboard.type("learning_rate");
  await page.keyboard.press("Enter");
  await trees.waitForItem("net.py", "Search");
  await trees.collapseView("Sessions");
  await trees.click("def step", "Search");
  await editors.waitForText("net.py", "learning_rate");
  await keepImage(workbench, "search");
}

async function sessions(workbench: Workbench): Promise<void> {
  const { editors, terminals, trees } = workbench;
  for (const [file, session] of [
    ["primes.js", "nodejs-"],
    ["mandelbrot.c", "c-"],
  ] as const) {
    await workbench.openFile(file);
    await editors.clickTitleAction("Run Current File");
    await terminals.waitForText(/exit code 0/);
    await trees.openContainer("Backend.AI");
    await trees.waitForItem(session);
  }
  await trees.expand("Files");
  await trees.waitForItem("project");
  await trees.expand("project");
  await trees.waitForItem("train.py");
  await keepImage(workbench, "sessions");
}

async function start(workbench: Workbench): Promise<void> {
  const { quickInput, trees } = workbench;
  await trees.clickViewAction("Sessions", "Start Session");
  await quickInput.waitFor("python:");
  await keepImage(workbench, "start");
  await quickInput.dismiss();
}
