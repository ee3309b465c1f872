import assert from "node:assert/strict";
import { PathMap } from "../../../../src/run/problems/pathMap.js";

describe("places in a session as documents of the window", () => {
  const root = "file:///c%3A/ws/project";
  const map = new PathMap(
    [
      { remotePath: "src/a.py", uri: `${root}/src/a.py` },
      { remotePath: "./Main.java", uri: `${root}/Main.java` },
      { remotePath: "x/same.py", uri: `${root}/x/same.py` },
      { remotePath: "y/same.py", uri: `${root}/y/same.py` },
      { remotePath: "Untitled-1.py", uri: "untitled:Untitled-1" },
    ],
    root,
  );

  it("knows what the run sent, however it is named", () => {
    const names = ["/home/work/src/a.py", "~/src/a.py", "./src/a.py", "src/a.py", "a.py"];
    for (const name of [...names, "/tmp/e/sessions/python-1-6f2c3ab2/work/src/a.py"]) {
      assert.equal(map.localUri(name), `${root}/src/a.py`, name);
      assert.ok(map.isSent(name), name);
    }
    assert.equal(map.localUri("/home/work/Untitled-1.py"), "untitled:Untitled-1");
  });

  it("guesses no file by a bare name that two have", () => {
    assert.equal(map.localUri("same.py"), `${root}/same.py`);
    assert.equal(map.isSent("same.py"), false);
  });

  it("takes other files below the home for those of the folder, but not installed packages", () => {
    assert.equal(map.localUri("/home/work/데이터 1.csv"), `${root}/${encodeURIComponent("데이터 1.csv")}`);
    for (const name of [
      "/home/work/.local/lib/python3.11/x.py",
      "/home/work/node_modules/a/b.js",
      "/home/work/v/lib/site-packages/a.py",
      "/usr/lib/python3.11/a.py",
      "../a.py",
      "/home/work/",
      "",
      "<frozen importlib>/..",
    ]) {
      assert.equal(map.localUri(name), undefined, name);
    }
    assert.equal(new PathMap([{ remotePath: "a.py", uri: "file:///a.py" }]).localUri("b.py"), undefined);
  });

  it("tells the place of a document in the session", () => {
    assert.equal(map.remotePath(`${root}/src/a.py`), "src/a.py");
    assert.equal(map.remotePath("untitled:Untitled-1"), "Untitled-1.py");
    assert.equal(map.remotePath(`${root}/a%20b.py`), "a b.py");
    assert.equal(map.remotePath("file:///elsewhere/a.py"), undefined);
    assert.equal(map.remotePath(`${root}/%ff`), undefined);
  });
});
