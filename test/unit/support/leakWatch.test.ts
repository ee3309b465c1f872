import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { LeakWatch } from "../../host/leaks/leakWatch.js";
import { type LocalServer, startLocalServer } from "../../support/localServer.js";
import { temporaryFolders } from "../../support/temporaryFolder.js";
import { until } from "../../support/until.js";

/** What an engine makes for itself, and hands to nobody. */
const engineKey = "Zq9engine+key/of-the-window";

describe("what a window leaves behind", () => {
  const folder = temporaryFolders();
  let profile: string;
  let watch: LeakWatch;
  let server: LocalServer | undefined;
  let child: ChildProcess | undefined;

  beforeEach(async function () {
    if (process.platform !== "linux") {
      this.skip(); // processes are looked at by /proc
    }
    profile = await folder();
    watch = LeakWatch.start(profile, {
      BACKEND_SECRET_KEY: "Zq9environment-key",
      BACKEND_ACCESS_KEY: "AKIA",
    });
  });
  afterEach(async () => {
    watch?.stop();
    child?.kill("SIGKILL");
    await server?.stop();
    server = undefined;
  });

  it("holds no key of its environment, and none that only its journey knows", async () => {
    const file = path.join(profile, "settings.json");
    await writeFile(file, '{ "key": "Zq9environment-key", "password": "correct horse" }');
    watch.keep("the browser", Buffer.from("user:Zq9environment-key").toString("base64"));
    watch.stop();
    assert.deepEqual(await watch.find([profile], { password: "correct horse" }), [
      `${file}: BACKEND_SECRET_KEY as they are`,
      `${file}: password as they are`,
      "the browser: BACKEND_SECRET_KEY within base64",
    ]);
  });

  it("holds no key that an engine of its own was given, wherever that process was started", async () => {
    const variables = { VSCODE_TEST_PROFILE: profile, BACKENDAI_ENGINE_SECRET_KEY: engineKey };
    const shell = `${process.execPath} -e 'setInterval(() => 0, 1000)' & wait`; // no child of this process
    child = spawn("sh", ["-c", shell], {
      env: { ...process.env, ...variables },
      stdio: "ignore",
      detached: true,
    });
    await until("its key to be known", () => watch.size === 2);
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await once(child, "exit");
    await writeFile(path.join(profile, "log.txt"), `GET /?k=${encodeURIComponent(engineKey)}`);
    watch.stop();
    assert.deepEqual(await watch.find([profile]), [
      `${path.join(profile, "log.txt")}: BACKENDAI_ENGINE_SECRET_KEY in URLs`,
    ]);
  });

  it("holds no key of a session; where the session itself has it is no leak", async () => {
    server = await startLocalServer();
    const [image] = await server.client.images.list();
    const { id } = await server.client.sessions.create({ image: image?.reference ?? "", name: "leaks-1" });
    await until("its key to be known", () => watch.size > 1);
    watch.stop();
    assert.deepEqual(await watch.find([profile]), []);
    const [key] = await sessionKeys(server, id);
    await writeFile(path.join(profile, "note.json"), JSON.stringify({ text: key }));
    assert.deepEqual(await watch.find([profile]), [
      `${path.join(profile, "note.json")}: the ssh key of leaks-1-${id.slice(0, 8)} as they are`,
    ]);
  });
});

async function sessionKeys({ client }: LocalServer, id: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const file of client.files.download(id, ["id_container"])) {
    if (file.type === "file") {
      keys.push(file.bytes.toString());
    }
  }
  return keys;
}
