import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { announcement, heard, openShellCommand } from "../../../src/terminal/links/shellScript.js";
import { temporaryFolders } from "../../support/temporaryFolder.js";
import { hasTmux } from "./support/hasTmux.js";

/** Runs a command on a terminal, reads what it prints only after a second, answers the announcement and prints all that came. */
const lateReader = String.raw`
import os, pty, sys, time
command, end, answer = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp("sh", ["sh", "-c", command])
seen = b""
heard = False
while True:
    time.sleep(1)
    try:
        part = os.read(terminal, 65536)
    except OSError:
        part = b""
    seen += part
    if not heard and end.encode() in seen:
        heard = True
        os.write(terminal, answer.encode())
    elif not part or b"\x1b[?1049h" in part:
        break
sys.stdout.buffer.write(seen)
`;

describe("the script that opens a shell", function () {
  this.timeout(20_000);
  let folder: string;

  before(async function () {
    if (!hasTmux()) {
      console.log("      skipped: this computer has no tmux");
      this.skip();
    }
    folder = await newFolder();
  });

  after(async () => {
    if (folder !== undefined) {
      await promisify(execFile)("tmux", ["kill-server"], { env: own() }).catch(() => undefined);
    }
  });

  const newFolder = temporaryFolders(); // gone after the server in them

  for (const kind of ["new", "tmux"]) {
    it(`announces itself before tmux draws, also to one who reads late: ${kind}`, async () => {
      const { stdout } = await promisify(execFile)(
        "python3",
        ["-c", lateReader, openShellCommand({ name: "late" }), announcement.end, heard],
        { env: own(), timeout: 15_000 },
      );
      assert.ok(
        stdout.startsWith(`${announcement.start}${kind} ${announcement.end}`),
        JSON.stringify(stdout.slice(0, 200)),
      );
      assert.ok(stdout.includes("\x1b[?1049h"), "tmux has drawn");
    });
  }

  /** A tmux server of the test's own, with nothing of the one that the tests may run in. */
  function own(): NodeJS.ProcessEnv {
    return { ...process.env, TMUX: undefined, TMUX_TMPDIR: folder, TERM: "xterm-256color", HOME: folder };
  }
});
