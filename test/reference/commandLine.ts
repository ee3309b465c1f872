import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import type { ReferenceClient } from "./clients.js";
import { type ClientUser, commandMs } from "./support/clientUser.js";
import { sessionId, watchAllSessions } from "./support/sessionWatch.js";

const session = "from-shell";

const program = 'import sys\nprint("from a file:", 6 * 7)\nsys.exit(3)\n';

/** What people do with `backend.ai`. */
export function describeCommandLine(client: ReferenceClient, userOf: () => ClientUser): void {
  const { words } = client;

  describe("on the command line", function () {
    this.timeout(5 * commandMs); // each command has its own deadline
    let user: ClientUser;
    let created: string;

    before(async () => {
      user = userOf();
      created = await user.command([...words.create, "-t", session, "python"]);
    });

    it("starts a session, and lists it", async () => {
      assert.match(created, /is created and ready/);
      const row = rowOf(session, await user.command(["ps"]));
      assert.ok(row.includes(sessionId(created)), `${row} has not the id of ${created}`);
      assert.match(row, /\blocal\/python:3/);
      assert.match(row, /\bRUNNING\b/);
    });

    it("runs a snippet", async () => {
      const output = await user.command(["run", "-t", session, "-c", 'print("sum", 40 + 2)', "python"]);
      assert.match(output, /Reusing session from-shell/);
      assert.match(output, /^sum 42$/m);
      assert.match(output, /Execution finished\. \(exit code = 0\)/);
    });

    it("shows the traceback of a snippet, and the exit code that servers of its time give it", async () => {
      const output = await user.command(["run", "-t", session, "-c", "1 / 0", "python"]);
      assert.match(output, /ZeroDivisionError/);
      assert.match(output, new RegExp(`Execution finished\\. \\(exit code = ${client.errorExitCode}\\)`));
    });

    it("uploads and runs a file, and tells how it ended", async () => {
      await writeFile(user.file("program.py"), program);
      const args = ["-t", session, "--exec", "python program.py", "python", "program.py"];
      const output = await user.command(["run", ...args]);
      assert.match(output, /^from a file: 42$/m);
      assert.match(output, /Execution finished\. \(exit code = 3\)/);
    });

    it("uploads a file, lists it, and downloads the same bytes", async () => {
      const bytes = randomBytes(3000);
      await writeFile(user.file("sent.bin"), bytes);
      await mkdir(user.file("received"));
      await user.command([...words.session, "upload", session, "sent.bin"]);
      assert.match(
        rowOf("sent.bin", await user.command([...words.session, "ls", session])),
        /2\.9 KiB .*-rw-r--r--/,
      );
      await user.command([...words.session, "download", "--dest", "received", session, "sent.bin"]);
      assert.deepEqual(await readFile(user.file("received/sent.bin")), bytes);
    });

    it("shows the log of what was printed", async () => {
      await user.command(["run", "-t", session, "-c", 'print("for the", "log")', "python"]);
      const log = await user.command([...words.session, "logs", session]);
      assert.match(log, /^for the log$/m);
    });

    if (client.rename === "done") {
      it("renames a session", async () => {
        const before = await user.command([...words.create, "-t", "old-name", "python"]);
        await user.command([...words.session, "rename", "old-name", "new-name"]);
        const listed = await user.command(["ps"]);
        assert.ok(rowOf("new-name", listed).includes(sessionId(before)), listed);
        assert.doesNotMatch(listed, /old-name/);
        await user.command(["rm", "new-name"]);
      });
    } else if (client.rename === "refused") {
      it("is refused when it renames a session, as by servers of its time", async () => {
        const { code, output } = await user.tryCommand([...words.session, "rename", session, "new-name"]);
        assert.notEqual(code, 0, output);
        assert.match(output, /400 Bad Request/);
        assert.ok(rowOf(session, await user.command(["ps"])));
      });
    }

    it("watches the life of a session to its end, after which it is not listed", async () => {
      const watch = await watchAllSessions(user, words.create);
      try {
        const started = await user.command([...words.create, "-t", "short-life", "python"]);
        await watch.until("kernel_started", "short-life");
        assert.match(await user.command(["rm", "short-life"]), /Done\./);
        await watch.until(`${client.tellsOf}_terminated`, "short-life");
        assert.deepEqual(watch.idsOf("short-life"), client.tellsOf === "session" ? [sessionId(started)] : []);
      } finally {
        await watch.end();
      }
      assert.doesNotMatch(await user.command(["ps"]), /short-life/);
    });

    it("is refused with a wrong secret key", async () => {
      const stranger = user.withSecret("0".repeat(40));
      const { code, output } = await stranger.tryCommand([...words.create, "-t", "never-made", "python"]);
      assert.notEqual(code, 0, output);
      assert.match(output, /401 Unauthorized/);
      assert.doesNotMatch(await user.command(["ps"]), /never-made/);
    });
  });
}

/** The line of a table that begins with a name. */
function rowOf(name: string, table: string): string {
  const row = table.split(/[\r\n]+/).find((line) => line.startsWith(`${name} `));
  assert.ok(row !== undefined, `${name} is not in:\n${table}`);
  return row;
}
