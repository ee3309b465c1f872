import assert from "node:assert/strict";
import { runCommand, tryCommand } from "../../cluster/support/runCommand.js";
import { cleanUp, step } from "../../cluster/support/step.js";
import { waitUntil } from "../../cluster/support/waiting.js";

/** A command that prints its number and never ends. */
const endless = ["sh", "-c", "echo $$; exec sleep 60"];

describe("steps of a cluster's start", function () {
  this.timeout(30_000);

  it("give up a command at its deadline, with all that it started", async () => {
    const { ok, stdout, stderr } = await tryCommand(["sh", "-c", "sleep 60 & echo $!; wait"], { seconds: 1 });
    assert.equal(ok, false);
    assert.match(stderr, /given up after 1 s/);
    assert.throws(() => process.kill(Number(stdout), 0), { code: "ESRCH" });
  });

  it("do not wait for what holds the pipes of a command that has ended", async () => {
    const startedAt = performance.now();
    const { ok, stdout } = await tryCommand(["setsid", "sh", "-c", "sleep 60 & echo $!"]);
    process.kill(Number(stdout), "SIGKILL");
    assert.ok(ok);
    assert.ok(performance.now() - startedAt < 20_000);
  });

  it("name what they were at when they are given up", async () => {
    const work = step("The start", 1, async () => {
      await step("The daemon", 20, async () => {
        await runCommand(endless);
      });
    });
    await assert.rejects(work, {
      message: /^The start: given up after 1 s, at: The daemon › sh -c .*sleep 60\.$/,
    });
  });

  it("give up waiting for an answer that never comes", async () => {
    const silence = new Promise<boolean>(() => undefined);
    await assert.rejects(
      waitUntil("The daemon", 1, async () => silence),
      { message: "The daemon: not within 1 s." },
    );
    const work = step("The start", 1, async () => waitUntil("The daemon", 60, async () => silence));
    await assert.rejects(work, { message: "The start: given up after 1 s, at: waiting for The daemon." });
  });

  it("start nothing any more once they are given up, but clean up", async () => {
    let cleaned = "";
    const work = step("The start", 1, async () => {
      try {
        await runCommand(endless);
      } finally {
        await assert.rejects(runCommand(["echo", "more"]), { message: /^The start: given up/ });
        await cleanUp("The end", 10, async () => {
          cleaned = await runCommand(["echo", "clean"]);
        });
      }
    });
    await assert.rejects(work, { message: /^The start: given up/ });
    assert.equal(cleaned, "clean\n");
  });
});
