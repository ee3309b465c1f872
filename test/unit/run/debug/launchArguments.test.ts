import assert from "node:assert/strict";
import { consoleOf, launchArguments } from "../../../../src/run/debug/launchArguments.js";

const folders = { local: "/here", remote: "/home/work" };

const of = (configuration: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  launchArguments({ configuration, folders, remotePath: "a/b.py", platform: "linux" });

describe("the arguments of a launch", () => {
  it("are of the session: program, folder, and which of its folders is which here", () => {
    const args = of({ program: "/here/a/b.py", cwd: "data", session: "mine" });
    assert.equal(args["program"], "/home/work/a/b.py");
    assert.equal(args["cwd"], "/home/work/data");
    assert.deepEqual(args["pathMappings"], [{ localRoot: "/here", remoteRoot: "/home/work" }]);
    assert.equal(args["session"], undefined, "that is for us");
    assert.equal(of({})["cwd"], "/home/work", "as a run does");
    assert.equal(of({ cwd: "/tmp" })["cwd"], "/tmp");
  });

  it("leave to a person what is a matter of taste, and pass on what only debugpy knows", () => {
    assert.equal(of({})["justMyCode"], true);
    const args = of({
      justMyCode: false,
      django: true,
      pathMappings: [{ localRoot: "/x", remoteRoot: "/y" }],
    });
    assert.equal(args["justMyCode"], false);
    assert.equal(args["django"], true);
    assert.equal((args["pathMappings"] as unknown[]).length, 2);
  });

  it("let no child process wait for a debugger unless it is asked for", () => {
    assert.equal(of({})["subProcess"], false);
    assert.equal(of({ subProcess: true })["subProcess"], true);
  });

  it("know two consoles, and take the terminal for any other", () => {
    assert.equal(consoleOf({ console: "internalConsole" }), "internalConsole");
    assert.equal(consoleOf({ console: "externalTerminal" }), "integratedTerminal");
  });

  it("tell debugpy how paths are written here", () => {
    const windows = launchArguments({ configuration: {}, folders, remotePath: "b.py", platform: "win32" });
    assert.equal(windows["clientOS"], "windows");
    assert.equal(of({})["clientOS"], "unix");
  });
});
