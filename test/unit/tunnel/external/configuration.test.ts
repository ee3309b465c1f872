import assert from "node:assert/strict";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { ConfigurationError } from "../../../../src/base/errors.js";
import {
  hostBlock,
  hostNameFor,
  hostsOf,
  includeLine,
  proxyCommandOf,
} from "../../../../src/tunnel/external/config/hostBlock.js";
import { LiveConfigs } from "../../../../src/tunnel/external/config/liveConfigs.js";
import { UserSshConfig } from "../../../../src/tunnel/external/config/userSshConfig.js";
import { PrivateDirectory } from "../../../../src/tunnel/external/privateDirectory.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";

describe("hosts of an ssh configuration", () => {
  const block = (host: string, sessionId: string): string =>
    hostBlock({
      host,
      sessionId,
      proxyCommand: "false",
      publicKeyFile: "/t/id.pub",
      agentSocket: "/t/agent",
      knownHostsFile: "/t/known",
      hostKey: Buffer.from("\0\0\0\x07ssh-rsa", "latin1"),
    });

  it("are named after sessions in characters that need no quoting, and never alike", () => {
    const free = (): boolean => false;
    assert.equal(hostNameFor("My Session_1!", "id", free), "backendai-my-session-1");
    assert.equal(hostNameFor("파이썬", "id", free), "backendai-session");
    assert.match(
      hostNameFor("a", "id", () => true),
      /^backendai-a-[0-9a-f]{8}$/,
    );
  });

  it("are found again with their sessions", () => {
    const text = [block("backendai-a", "1"), block("backendai-b", "2-3")].join("\n");
    assert.deepEqual(
      [...hostsOf(text)],
      [
        ["backendai-a", "1"],
        ["backendai-b", "2-3"],
      ],
    );
  });

  it("quote paths for ssh and for the shell of each system", () => {
    assert.equal(
      proxyCommandOf(["/a b/node", "/it's/100%"], "linux"),
      "env ELECTRON_RUN_AS_NODE=1 NODE_OPTIONS= '/a b/node' '/it'\\''s/100%%'",
    );
    assert.equal(
      proxyCommandOf(["C:\\a b\\Code.exe", "C:\\x"], "win32"),
      'cmd.exe /d /s /c "set ELECTRON_RUN_AS_NODE=1&& set NODE_OPTIONS=&& "C:\\a b\\Code.exe" "C:\\x""',
    );
    assert.throws(() => proxyCommandOf(["a\nb"], "linux"), ConfigurationError);
    assert.throws(() => includeLine('/a"b/*.conf'), ConfigurationError);
  });
});

describe("UserSshConfig", () => {
  const folder = temporaryFolders();
  const line = 'Include "/x y/*.conf"';

  it("makes the file, and its folder, for the user alone", async () => {
    const config = new UserSshConfig(path.join(await folder(), ".ssh", "config"));
    assert.equal(await config.has(line), false);
    await config.add(line);
    assert.equal(await config.has(line), true);
    assert.equal((await stat(config.file)).mode & 0o777, 0o600);
    assert.equal((await stat(path.dirname(config.file))).mode & 0o777, 0o700);
  });

  it("adds one line before what is there, through a link, and keeps the mode", async () => {
    const dir = await folder();
    await mkdir(path.join(dir, "dotfiles"));
    const real = path.join(dir, "dotfiles", "config");
    await writeFile(real, "Host a\n  User b\n", { mode: 0o640 });
    await symlink(real, path.join(dir, "config"));
    const config = new UserSshConfig(path.join(dir, "config"));
    await config.add(line);
    assert.match(await readFile(real, "utf8"), /^#.*\nInclude .*\n\nHost a\n {2}User b\n$/);
    assert.equal((await stat(real)).mode & 0o777, 0o640);
    assert.deepEqual((await readdir(dir)).sort(), ["config", "dotfiles"]);
    assert.deepEqual(await readdir(path.join(dir, "dotfiles")), ["config"]);
  });

  it("does not count a line that stands inside a block, where it holds for one host", async () => {
    const file = path.join(await folder(), "config");
    await writeFile(file, `Host a\n  ${line}\n`);
    assert.equal(await new UserSshConfig(file).has(line), false);
  });

  it("rejects a file that can't be written with ConfigurationError, and leaves it", async () => {
    const dir = await folder();
    await assert.rejects(new UserSshConfig(dir).add(line), ConfigurationError);
  });
});

describe("LiveConfigs", () => {
  const folder = temporaryFolders();

  it("forgets windows that ended without a word, and their directories", async () => {
    const place = await folder();
    const directory = await PrivateDirectory.create();
    await directory.write("config", "Host backendai-a\n  HostKeyAlias backendai-1\n");
    await new LiveConfigs(place).add(directory.path);
    assert.equal((await readdir(place)).length, 1);
    const next = new LiveConfigs(place);
    assert.deepEqual([...(await next.hostsOfOthers())], []);
    assert.deepEqual(await readdir(place), []);
    await assert.rejects(stat(directory.path));
  });

  it("never removes a directory that is not one of ours", async () => {
    const [place, precious] = [await folder(), await folder()];
    await writeFile(path.join(place, "x.conf"), `Include "${precious}/config"\n`);
    await new LiveConfigs(place).hostsOfOthers();
    assert.ok((await stat(precious)).isDirectory());
  });

  it("writes no file into a directory that is gone", async () => {
    const directory = await PrivateDirectory.create();
    directory.dispose();
    await assert.rejects(directory.write("a/b", ""), { name: "AbortError" });
    await assert.rejects(stat(directory.path));
  });
});
