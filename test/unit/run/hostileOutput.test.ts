import assert from "node:assert/strict";
import { silentLogger } from "../../../src/base/logger.js";
import { JobExecution } from "../../../src/run/carriers/jobExecution.js";
import { FileRun } from "../../../src/run/fileRun.js";
import { SessionJobs } from "../../../src/run/jobs/sessionJobs.js";
import { footLine, headLine, remark } from "../../../src/run/screen/runScreen.js";
import { openServerTarget, type ServerTarget } from "../../support/serverTarget.js";
import { until } from "../../support/until.js";
import { HeadlessScreen } from "../terminal/support/headlessScreen.js";
import { openTerminal } from "../terminal/support/openTerminal.js";
import { freshSsh } from "../tunnel/support/freshSsh.js";
import { runsOf, type TestPlace } from "./support/openRun.js";

const copy = "\\x1b]52;c;aGFja2Vk\\x07";
const paste = "\\x1b]52;c;?\\x07";

describe("Output that reaches beyond its screen", function () {
  this.timeout(60_000);
  let target: ServerTarget;
  let place: TestPlace;

  before(async () => {
    target = await openServerTarget(process.env);
    const name = `hostile-${process.pid}`;
    const { id } = await target.client.sessions.create({ image: target.pythonImage, name });
    place = { client: target.client, session: { id, name }, ssh: freshSsh(target.client, id) };
  });

  after(async () => {
    place?.ssh.dispose();
    await target?.client.sessions.destroy(place.session.id, { forced: true }).catch(() => undefined);
    await target?.end();
  });

  for (const carrier of ["api", "ssh"] as const) {
    it(`does not reach the clipboard from a run by ${carrier}`, async () => {
      let printed = "";
      const { end } = runsOf(
        carrier,
        () => place,
      )({
        code: `import sys, time\nfor piece in "one ${copy}${paste}two":\n    sys.stdout.write(piece); sys.stdout.flush()\nprint()`,
        print: (text) => (printed += text),
      });
      assert.equal((await end).kind, "finished");
      assert.match(printed, /one /);
      assert.match(printed, /two/);
      assert.doesNotMatch(printed, /52;c/);
    });
  }

  it("does not type the screen's answers into a program that asks for a line", async () => {
    const screen = new HeadlessScreen();
    const opened = runsOf(
      "api",
      () => place,
    )({
      code: `import time\nprint("\\x1b[c\\x1b[6n\\x1b[?2004$p", flush=True)\ntime.sleep(1)\nprint("got", repr(input("name? ")))`,
      print: (text) => screen.write(text),
    });
    screen.input = (data) => opened.run.input(data);
    await screen.shows(/name\?/);
    opened.run.input("Ada\r");
    await opened.end;
    await screen.shows(/got 'Ada'/);
  });

  it("does not ask the screen again when a run that goes on is followed from its beginning", async () => {
    const jobs = new SessionJobs(place.ssh);
    const id = `replayed-${process.pid}`;
    const reader =
      "import sys, select, os\nprint('\\x1b[6n\\x1b[c\\x1b]11;?\\x07asked', flush=True)\nos.system('stty raw -echo')\nopen('ready', 'w').close()\nr = select.select([0], [], [], 6)[0]\nos.system('stty sane')\nprint('got', repr(os.read(0, 100)) if r else 'nothing')";
    const job = { id, kind: "terminal", rows: 24, cols: 80, note: "{}" } as const;
    await jobs.start(job, `python3 -c "${reader.replaceAll('"', '\\"')}"`);
    await until("its questions", async () => (await jobs.status(id)).sizes.out > 10);
    const screen = new HeadlessScreen();
    const answered: string[] = [];
    const run = new FileRun({
      commandLine: "python3",
      where: "test",
      prepare: () =>
        Promise.resolve(
          new JobExecution({ jobs, id, logger: silentLogger, expectSession: () => Promise.resolve() }),
        ),
      print: (text) => screen.write(text),
      describe: String,
    });
    screen.input = (data) => {
      answered.push(data);
      run.input(data);
    };
    const outcome = await run.start();
    assert.equal(outcome.kind, "finished");
    await screen.shows(/got nothing/);
    assert.deepEqual(answered, []);
  });

  it("may be copied to the clipboard in a terminal, which never tells what is there", async () => {
    const terminal = openTerminal(place.client, place.session.id, { preference: "pty" });
    try {
      terminal.type(`printf 'a${copy}b${paste}c\\n'; printf 'at %s\\n' end\r`);
      await terminal.screen.shows(/at end/);
      assert.ok(terminal.screen.raw.includes("\x1b]52;c;aGFja2Vk\x07"));
      assert.ok(!terminal.screen.raw.includes("\x1b]52;c;?\x07"));
    } finally {
      terminal.dispose();
    }
  });

  it("takes no orders from words of servers and sessions", () => {
    const orders = "a\x1b]52;c;?\x07b\x9b6n\rc\nd";
    for (const text of [
      headLine(orders, orders),
      remark(orders),
      footLine({ kind: "failed", summary: orders }, 1, { atLineStart: true }),
    ]) {
      assert.doesNotMatch(text, /\x1b\]|\x9b|\x07|\rc/);
    }
  });
});
