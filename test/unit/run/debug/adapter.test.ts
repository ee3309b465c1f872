import assert from "node:assert/strict";
import {
  DebugpyInstallError,
  NoDebugpyError,
  NoPythonError,
} from "../../../../src/run/debug/adapter/debugErrors.js";
import { failureIn, installDebugpy } from "../../../../src/run/debug/adapter/installDebugpy.js";
import { startAdapter } from "../../../../src/run/debug/adapter/startAdapter.js";
import type { SessionSsh } from "../../../../src/tunnel/sessionSsh.js";
import type { SshConnection } from "../../../../src/tunnel/sshConnection.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";
import { SessionPrograms } from "../../terminal/support/sessionProgram.js";
import { freshSsh } from "../../tunnel/support/freshSsh.js";

const { signal } = new AbortController();

describe("debugpy in a session that may not have it", () => {
  let server: LocalServer;
  let ssh: SessionSsh;
  let programs: SessionPrograms;
  let connection: SshConnection;

  before(async () => {
    server = await startLocalServer();
    const { id } = await server.client.sessions.create({ image: "python" });
    ssh = freshSsh(server.client, id);
    programs = new SessionPrograms(server.client, id);
    connection = (await ssh.acquire()).connection;
  });

  after(async () => {
    programs.dispose();
    ssh.dispose();
    await server.stop();
  });

  const start = (python: string): Promise<unknown> =>
    startAdapter({ connection, python, sessionName: "mine", signal });

  /** A Python that has nothing but itself. */
  const bare = async (): Promise<string> =>
    (
      await programs.run(
        `cd; printf '#!/bin/sh\\nexec python3 -I -S "$@"\\n' > bare; chmod +x bare; printf %s "$PWD/bare"`,
      )
    ).trim();

  it("says by name that there is no Python, and no debugpy", async () => {
    await assert.rejects(start("python-of-nowhere"), (error) => {
      assert.ok(error instanceof NoPythonError);
      assert.match(error.message, /^Session mine has no python-of-nowhere/);
      return true;
    });
    await assert.rejects(start(await bare()), NoDebugpyError);
  });

  it("says that an interpreter is none", async () => {
    await assert.rejects(start("false"), {
      code: "DEBUGPY_START",
      message: /false of session mine does not run/,
    });
  });

  it("is given up by a signal", async () => {
    const given = AbortSignal.abort();
    await assert.rejects(
      startAdapter({ connection, python: "python3", sessionName: "mine", signal: given }),
      {
        name: "AbortError",
      },
    );
  });

  it("can't be installed where Python has no pip, which is said", async () => {
    await assert.rejects(installDebugpy({ connection, python: await bare(), signal }), (error) => {
      assert.ok(error instanceof DebugpyInstallError);
      assert.match(error.message, /has no pip/);
      return true;
    });
  });

  it("can't be installed from an index out of reach, which is said", async () => {
    const python = (
      await programs.run(
        `cd; printf '#!/bin/sh\\nexport PIP_INDEX_URL=http://127.0.0.1:9/ PIP_FIND_LINKS= PIP_CONFIG_FILE=/dev/null\\nexec python3 "$@"\\n' > far; chmod +x far; printf %s "$PWD/far"`,
      )
    ).trim();
    const lines: string[] = [];
    await assert.rejects(
      installDebugpy({ connection, python, signal, onProgress: (line) => lines.push(line) }),
      /the package index can't be reached from the session/,
    );
    assert.ok(lines.length > 0, "who waits sees what pip says");
  });

  it("has what pip complains of in the message", () => {
    const said = "Collecting debugpy\nERROR: Could not install packages due to an OSError: disk full\n";
    assert.match(
      failureIn(said, "python3"),
      /: ERROR: Could not install packages due to an OSError: disk full$/,
    );
    assert.equal(failureIn("", "python3"), "debugpy could not be installed.");
  });
});
