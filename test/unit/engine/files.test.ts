import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, mkdir, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { Parser } from "tar";
import { partName } from "../../../src/engine/files/disposition.js";
import { modeText } from "../../../src/engine/files/listing.js";
import { readParts } from "../../../src/engine/files/multipart.js";
import { OutsidePathError, resolveWorkPath } from "../../../src/engine/files/workPath.js";
import type { Session } from "../../../src/engine/sessions/session.js";
import { type Answer, multipart } from "./support/client.js";
import { engines } from "./support/engines.js";

/** The tars of a `multipart/mixed` answer. */
function tarsOf(answer: Answer): Buffer[] {
  const boundary = /boundary=(\w+)/.exec(String(answer.headers["content-type"]))?.[1] ?? "";
  const tars: Buffer[] = [];
  for (let at = 0; ;) {
    const head = answer.bytes.indexOf("\r\n\r\n", at);
    if (head < 0) {
      return tars;
    }
    const length = Number(/Content-Length: (\d+)/.exec(answer.bytes.toString("latin1", at, head))?.[1]);
    assert.ok(answer.bytes.toString("latin1", at).startsWith(`--${boundary}\r\n`));
    tars.push(answer.bytes.subarray(head + 4, head + 4 + length));
    at = head + 4 + length + 2;
  }
}

async function entriesOf(tar: Buffer): Promise<Record<string, string>> {
  const entries: Record<string, string> = {};
  const parser = new Parser({
    onReadEntry: (entry) => {
      const chunks: Buffer[] = [];
      entry.on("data", (chunk) => chunks.push(chunk));
      entry.on("end", () => {
        entries[entry.path] = Buffer.concat(chunks).toString("utf8");
      });
    },
  });
  await new Promise<void>((resolve, reject) => {
    parser.on("end", resolve);
    parser.on("error", reject);
    Readable.from([tar]).pipe(parser);
  });
  return entries;
}

const names = (answer: Answer): string[] =>
  (JSON.parse(String(answer.at("files"))) as { filename: string }[]).map(({ filename }) => filename).sort();

describe("engine files", () => {
  const start = engines();

  it("writes, lists and sends files", async () => {
    const { client } = await start();
    const id = await client.create("files-1");
    assert.equal(
      (await client.upload(id, { "a.txt": "hello", "sub/b.txt": "b", "é中.txt": "u" })).status,
      204,
    );
    const list = await client.send("GET", `/session/${id}/files?path=.`);
    assert.deepEqual(names(list), ["a.txt", "id_container", "sub", "é中.txt"]);
    assert.equal(list.at("errors"), "");
    assert.match(String(list.at("files")), /"mode":"drwxr-xr-x"/);
    const download = await client.send("POST", `/session/${id}/download?files=a.txt&files=sub`);
    assert.equal(download.status, 200);
    const [file, tree] = await Promise.all(tarsOf(download).map(entriesOf));
    assert.deepEqual(file, { "a.txt": "hello" });
    assert.deepEqual(tree, { "sub/": "", "sub/b.txt": "b" });
    const single = await client.send("POST", `/session/${id}/download_single?file=/home/work/a.txt`);
    assert.deepEqual([single.text, single.headers["content-type"]], ["hello", "application/octet-stream"]);
  });

  it("answers a missing directory and a file with errors, a path outside with 500", async () => {
    const { client } = await start("23.09");
    const id = await client.create("files-2");
    await client.upload(id, { "a.txt": "x" });
    const list = (asked: string): Promise<Answer> =>
      client.send("GET", `/session/${id}/files`, { body: { path: asked } });
    assert.match(String((await list("nosuch")).at("errors")), /FileNotFoundError: .*'nosuch'\n$/);
    assert.match(String((await list("a.txt")).at("errors")), /NotADirectoryError/);
    assert.equal((await list("/home/work")).at("abspath"), "/home/work");
    for (const outside of ["/etc", "../"]) {
      const answer = await list(outside);
      assert.equal(answer.status, 500);
      assert.equal(
        answer.at("agent-details.exception"),
        "PermissionError('You cannot list files outside /home/work')",
      );
    }
    const bodyless = await client.send("GET", `/session/${id}/files`);
    assert.deepEqual(
      [bodyless.status, bodyless.at("msg")],
      [400, "Expecting value: line 1 column 1 (char 0)"],
    );
  });

  it("keeps the limits of servers", async () => {
    const { client } = await start();
    const id = await client.create("files-3");
    const largest = Buffer.alloc(1024 * 1024 - 1);
    assert.equal((await client.upload(id, { "largest.bin": largest })).status, 204);
    const tooLarge = await client.upload(id, { "large.bin": Buffer.alloc(1024 * 1024) });
    assert.deepEqual([tooLarge.status, tooLarge.at("msg")], [400, "Too large file"]);
    assert.equal((await client.send("POST", `/session/${id}/download?files=largest.bin`)).status, 500);
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`many/${index}.txt`, "x"]));
    const tooMany = await client.upload(id, many);
    assert.deepEqual([tooMany.status, tooMany.at("msg")], [400, "Too many files"]);
    assert.equal((await client.send("GET", `/session/${id}/files?path=many`)).at("files"), "");
    const six = Array.from({ length: 6 }, (_, index) => `files=many/${index}.txt`).join("&");
    const refused = await client.send("POST", `/session/${id}/download?${six}`);
    assert.deepEqual([refused.status, refused.at("msg")], [400, "Too many files (maximum 5 files allowed)"]);
    assert.equal((await client.send("POST", `/session/${id}/upload`, { body: {} })).status, 500);
  });

  it("takes download parameters where each era looks for them", async () => {
    const statuses = async (release: string, extended = false): Promise<number[]> => {
      const { client } = await start(release);
      const id = await client.create("down-1");
      const name = extended ? "/home/work/a.txt" : "a.txt";
      assert.equal((await client.upload(id, { [name]: "x" }, extended)).status, 204);
      const url = `${client.prefix}/${id}/download`;
      const body = { files: ["a.txt"] };
      const answers = [
        await client.send("GET", `${url}?files=a.txt`),
        await client.send("GET", url, { body }),
        await client.send("POST", url, { body }),
        await client.send("POST", `${url}?files=a.txt`),
      ];
      return answers.map(({ status }) => status);
    };
    assert.deepEqual(await statuses("19.09"), [200, 200, 405, 405]);
    assert.deepEqual(await statuses("23.09"), [200, 200, 405, 405]);
    assert.deepEqual(await statuses("24.03", true), [400, 400, 200, 200]);
    assert.deepEqual(await statuses("24.09", true), [400, 400, 200, 200]);
    assert.deepEqual(await statuses("26.8"), [405, 405, 400, 200]);
  });

  it("outlives an upload of too many files whose last one is cut off", async () => {
    const { client } = await start("23.09"); // writes what comes before the limit
    const id = await client.create("files-4");
    const many = Object.fromEntries(Array.from({ length: 22 }, (_, index) => [`${index}.txt`, "x"]));
    const { type, body } = multipart(many);
    const cut = { type, body: body.subarray(0, body.lastIndexOf("\r\n--", -20)) };
    const lost: unknown[] = [];
    const onLost = (reason: unknown): number => lost.push(reason);
    process.on("unhandledRejection", onLost);
    const answer = await client.send("POST", `/session/${id}/upload`, { raw: cut });
    assert.deepEqual([answer.status, answer.at("msg")], [400, "Too many files"]);
    const listed = names(await client.send("GET", `/session/${id}/files`, { body: { path: "." } }));
    const uploaded = Array.from({ length: 20 }, (_, index) => `${index}.txt`);
    assert.deepEqual(listed, [...uploaded, "id_container"].sort());
    process.off("unhandledRejection", onLost);
    assert.deepEqual(lost, []);
  });

  it("reads no more of an upload than its reader takes, and lets the rest pass", async () => {
    const part = Buffer.from('--b\r\nContent-Disposition: form-data; filename="a"\r\n\r\nx\r\n');
    const chunk = Buffer.concat(Array.from({ length: 100 }, () => part));
    let left = 1000;
    const request = new Readable({
      read() {
        left -= 1;
        this.push(left > 0 ? chunk : null);
      },
    });
    for await (const { content } of readParts(request, "b")) {
      assert.equal(content?.toString(), "x");
      await new Promise((resolve) => setImmediate(resolve)); // what would read ahead has its turn
      break;
    }
    assert.ok(left > 900, `${left} of 1000 chunks were left`);
    await once(request, "end");
  });

  it("ends an upload whose client has gone in the middle of a file", async () => {
    const request = new Readable({ read: () => undefined });
    request.push('--b\r\nContent-Disposition: form-data; filename="a"\r\n\r\nhalf a fi');
    const parts = readParts(request, "b");
    const first = parts.next();
    request.destroy(new Error("aborted"));
    await assert.rejects(first);
  });

  it("takes uploads into one new directory at the same time", async () => {
    const { client } = await start("23.09");
    const id = await client.create("files-5");
    const uploads = Array.from({ length: 200 }, (_, index) =>
      client.upload(id, { [`new-${index >> 3}/sub/deep/${index}.txt`]: "x" }),
    );
    assert.deepEqual([...new Set((await Promise.all(uploads)).map(({ status }) => status))], [204]);
  });

  it("writes through no link that leads out, also when nothing is there yet", async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), "engine-links-"));
    const { client, engine } = await start("23.09", { dataDir });
    const id = await client.create("links");
    const [folder = ""] = await readdir(path.join(dataDir, "sessions"));
    const work = path.join(dataDir, "sessions", folder, "work");
    await symlink(path.join(dataDir, "planted"), path.join(work, "a.txt"));
    await symlink(path.join(dataDir, "planted-dir"), path.join(work, "sub"));
    await writeFile(path.join(work, "real.txt"), "old");
    await symlink("real.txt", path.join(work, "inner.txt"));
    assert.equal((await client.upload(id, { "a.txt": "x" })).status, 500);
    assert.equal((await client.upload(id, { "sub/b.txt": "x" })).status, 500);
    assert.equal((await client.upload(id, { "inner.txt": "new" })).status, 204);
    assert.equal(await readFile(path.join(work, "real.txt"), "utf8"), "new");
    assert.deepEqual((await readdir(dataDir)).sort(), ["folders", "sessions"]);
    await engine.close();
    await rm(dataDir, { recursive: true });
  });

  it("treats upload names as each era does", async () => {
    const outcome = async (release: string, name: string, extended: boolean): Promise<string> => {
      const { client } = await start(release);
      const id = await client.create("up-1");
      const { status } = await client.upload(id, { [name]: "x" }, extended);
      const listed = await client.send("GET", `/session/${id}/files?path=.`, { body: { path: "." } });
      return `${status} ${names(listed).join(",")}`;
    };
    assert.equal(await outcome("24.09", "a.txt", false), "500 id_container");
    assert.equal(await outcome("24.09", "/home/work/a.txt", false), "500 id_container");
    assert.equal(await outcome("24.09", "/home/work/a.txt", true), "204 a.txt,id_container");
    assert.equal(await outcome("24.09", "/home/work/../x.txt", true), "500 id_container");
    assert.equal(await outcome("23.09", "/home/work/a.txt", false), "204 home,id_container");
    assert.equal(await outcome("23.09", "../x.txt", false), "500 id_container");
    assert.equal(await outcome("26.8", "../x.txt", false), "204 id_container");
    assert.equal(await outcome("26.8", "/home/work/a.txt", false), "204 home,id_container");
    assert.equal(await outcome("26.8", "/home/work/a.txt", true), "500 id_container");
  });

  it("sends single files as tar up to 22.09 and raw later", async () => {
    const single = async (release: string): Promise<Answer> => {
      const { client } = await start(release);
      const id = await client.create("single-1");
      await client.upload(id, { "a.txt": "raw" });
      return client.send("GET", `${client.prefix}/${id}/download_single?file=a.txt`);
    };
    assert.deepEqual(await entriesOf((await single("20.09")).bytes), { "a.txt": "raw" });
    assert.equal((await single("23.09")).text, "raw");
    assert.equal((await single("19.03")).status, 404);
  });

  it("names the files of uploads without a name", async () => {
    const raw = {
      type: "multipart/form-data; boundary=x",
      body: '--x\r\nContent-Disposition: form-data; name="src"\r\n\r\nnameless\r\n--x--\r\n',
    };
    const { client } = await start();
    const id = await client.create("nameless");
    assert.equal((await client.send("POST", `/session/${id}/upload`, { raw })).status, 204);
    const listed = names(await client.send("GET", `/session/${id}/files`));
    assert.match(listed.join(), /^id_container,upload-[0-9a-f]{16}$/);
    const older = await start("23.09");
    const other = await older.client.create("nameless");
    const refused = await older.client.send("POST", `/session/${other}/upload`, { raw });
    assert.match(String(refused.at("agent-details.exception")), /^TypeError/);
  });
});

describe("engine paths", () => {
  let base = "";
  before(async () => {
    base = await realpath(await mkdtemp(path.join(tmpdir(), "engine-paths-")));
    await mkdir(path.join(base, "work/sub"), { recursive: true });
    await mkdir(path.join(base, "folder"));
    await writeFile(path.join(base, "secret"), "no");
    await symlink(base, path.join(base, "work/up"));
    await symlink(path.join(base, "folder"), path.join(base, "work/mounted"));
    await symlink("sub", path.join(base, "work/inner"));
    await symlink(path.join(base, "nothing"), path.join(base, "work/dangling"));
  });
  after(async () => rm(base, { recursive: true }));

  const resolve = async (asked: string): Promise<string> => {
    const session = { workDir: path.join(base, "work"), mountedDirs: [path.join(base, "folder")] };
    return path.relative(session.workDir, await resolveWorkPath(session as unknown as Session, asked));
  };

  it("resolves what stays inside", async () => {
    assert.equal(await resolve("."), "");
    assert.equal(await resolve(""), "");
    assert.equal(await resolve("/home/work"), "");
    assert.equal(await resolve("/home/work/sub/../a"), "a");
    assert.equal(await resolve("new/deep/file"), "new/deep/file");
    assert.equal(await resolve("inner/x"), "inner/x");
    assert.equal(await resolve("mounted/data.csv"), "mounted/data.csv");
    assert.equal(await resolve(path.join(base, "work/sub")), "sub");
    assert.equal(await resolve("a..b"), "a..b");
  });

  it("refuses what leads out, links included", async () => {
    for (const asked of [
      "..",
      "../secret",
      "sub/../../secret",
      "/etc/passwd",
      "/home/work/../secret",
      "/home/workshop/x",
      "up/secret",
      "up/new/file",
      "dangling",
      "dangling/file",
      "a\0b",
    ]) {
      await assert.rejects(resolve(asked), OutsidePathError, asked);
    }
    assert.deepEqual((await readdir(base)).sort(), ["folder", "secret", "work"]);
  });

  it("writes modes as ls does", () => {
    assert.equal(modeText({ mode: 0o100644 }), "-rw-r--r--");
    assert.equal(modeText({ mode: 0o041777 }), "drwxrwxrwt");
    assert.equal(modeText({ mode: 0o104755 }), "-rwsr-xr-x");
    assert.equal(modeText({ mode: 0o102640 }), "-rw-r-S---");
    assert.equal(modeText({ mode: 0o120777 }), "lrwxrwxrwx");
    assert.equal(modeText({ mode: 0 }), "?---------");
  });

  it("reads the names in a content disposition", () => {
    const rows: readonly (readonly [string, ReturnType<typeof partName>])[] = [
      ['form-data; name="src"; filename="a b.txt"', { name: "a b.txt", form: "quoted" }],
      ['form-data; name="src"; filename="say \\"hi\\".txt"', { name: 'say "hi".txt', form: "quoted" }],
      ['form-data; name="src"; filename="100%.txt"', { name: "100%.txt", form: "quoted" }],
      ["form-data; filename=plain.txt", { name: "plain.txt", form: "quoted" }],
      ["form-data; filename*=UTF-8''%2Fhome%2F%C3%A9; x=y", { name: "/home/é", form: "extended" }],
      ["form-data; filename=\"old\"; filename*=utf-8''new", { name: "new", form: "extended" }],
      ['form-data; name="src"', undefined],
    ];
    for (const [header, expected] of rows) {
      assert.deepEqual(partName(header), expected, header);
    }
  });
});
