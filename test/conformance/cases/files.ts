import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import {
  ApiError,
  FileTooLargeError,
  ForbiddenError,
  NotADirectoryError,
  NotFoundError,
  type Progress,
  ServerDefectError,
  ServerError,
  UnsafePathError,
} from "../../../src/api/index.js";
import { limits } from "../../../src/wire/limits.js";
import { serverRulesFor } from "../../../src/wire/serverRules.js";
import { isReleaseAtLeast } from "../../../src/wire/version.js";
import { collect, rejection } from "../assertions.js";
import { caseGroup } from "../conformanceCase.js";
import type { CaseContext } from "../context.js";
import { query } from "../playing.js";
import { caseName } from "../targets.js";

const oddNames = [
  "with space.txt",
  "nfc-\u00e9.txt",
  "nfd-e\u0301.txt",
  "it's.txt",
  'say "hi".txt',
  "#hash.txt",
  "100%.txt",
  "%41.txt",
  "a&b=c;d.txt",
  "plus+plus.txt",
  "[x]{y}(z).txt",
  "-rf.txt",
  ".hidden",
  "한글 🎉.txt",
  "back\\slash.txt",
  "no-extension",
];

/** A folder of a session that is removed when the case is over. */
function remoteFolder(context: CaseContext, id: string): string {
  const folder = caseName();
  const code = `import glob, os, shutil
shutil.rmtree('${folder}', ignore_errors=True)
for file in glob.glob('${folder}-*'): os.remove(file)`;
  context.onEnd(async () => query(context, id, code).catch(leaveWhereNothingRuns));
  return folder;
}

/** A folder that can't be removed is nobody else's, and ends with its session. */
function leaveWhereNothingRuns(error: unknown): void {
  if (!(error instanceof ServerDefectError)) {
    throw error;
  }
}

/** A multipart body with one file under a name that the client would refuse. */
function uploadOf(name: string): { body: string; contentType: string } {
  return {
    contentType: "multipart/form-data; boundary=edge",
    body:
      `--edge\r\nContent-Disposition: form-data; name="src"; filename="${name}"\r\n` +
      "Content-Type: application/octet-stream\r\n\r\nescaped\r\n--edge--\r\n",
  };
}

/** How servers that no longer explain failures of the agent call them. */
function fileError(context: CaseContext, explained: typeof ApiError): typeof ApiError {
  return isReleaseAtLeast(context.dialect.manager, "26.1") ? ServerError : explained;
}

export const files = caseGroup("F", "Files", [
  {
    covers: ["upload", "download", "list_files", "list_files(path)"],
    title: "gives back the bytes that were uploaded, from folders that the upload made",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const content = Buffer.concat([
        Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
        randomBytes(70_000),
      ]);
      await client.files.upload(id, [
        { path: `${folder}/deep/er/bytes.bin`, content },
        { path: `${folder}/empty`, content: Buffer.alloc(0) },
      ]);
      const [bytes, empty] = await collect(
        client.files.download(id, [`${folder}/deep/er/bytes.bin`, `${folder}/empty`]),
      );
      assert.equal(bytes?.path, `${folder}/deep/er/bytes.bin`);
      assert.ok(content.equals(bytes?.bytes ?? Buffer.alloc(0)));
      assert.deepEqual([empty?.path, empty?.bytes.length], [`${folder}/empty`, 0]);
      const { entries } = await client.files.list(id, folder);
      const shown = entries.map(({ name, type, size }) => [name, type, type === "file" ? size : 0]);
      assert.deepEqual(shown.toSorted(), [
        ["deep", "directory", 0],
        ["empty", "file", 0],
      ]);
    },
  },
  {
    covers: ["upload", "download", "list_files"],
    title: "keeps odd names as they are",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const paths = oddNames.map((name) => `${folder}/${name}`);
      await client.files.upload(
        id,
        paths.map((file) => ({ path: file, content: Buffer.from(file) })),
      );
      const { entries } = await client.files.list(id, folder);
      assert.deepEqual(entries.map(({ name }) => name).toSorted(), oddNames.toSorted());
      const back = await collect(client.files.download(id, paths));
      assert.deepEqual(
        back.map((file) => [file.path, file.bytes.toString()]),
        paths.map((file) => [file, file]),
      );
    },
  },
  {
    covers: ["upload", "download_single"],
    title: "shares files with the code of the session, both ways",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      await client.files.upload(id, [{ path: `${folder}/in.txt`, content: Buffer.from("grüße") }]);
      const code = `t = open('${folder}/in.txt', encoding='utf-8').read()\nopen('${folder}-out.txt', 'w', encoding='utf-8').write(t.upper())`;
      assert.match((await query(context, id, code)).notices, /finished:0/);
      assert.equal((await client.files.downloadSingle(id, `${folder}-out.txt`)).toString(), "GRÜSSE");
    },
  },
  {
    covers: ["upload"],
    title: "overwrites a file, and leaves its neighbours alone",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const put = async (name: string, text: string): Promise<void> =>
        client.files.upload(id, [{ path: `${folder}/${name}`, content: Buffer.from(text) }]);
      await put("a", "a long first version");
      await put("b", "b");
      await put("a", "short");
      const read = async (name: string): Promise<string> =>
        (await client.files.downloadSingle(id, `${folder}/${name}`)).toString();
      assert.deepEqual([await read("a"), await read("b")], ["short", "b"]);
    },
  },
  {
    covers: ["list_files", "list_files(path)"],
    title: "lists the home directory by default: types, sizes, modes and times",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      await client.files.upload(id, [{ path: `${folder}/.five`, content: Buffer.from("12345") }]);
      const home = await client.files.list(id);
      assert.equal(home.entries.find(({ name }) => name === folder)?.type, "directory");
      const [file] = (await client.files.list(id, `/home/work/${folder}`)).entries;
      assert.deepEqual([file?.name, file?.type, file?.size], [".five", "file", 5]);
      assert.match(file?.mode ?? "", /^-rw/);
      assert.ok(Math.abs(Date.now() - (file?.mtimeMs ?? 0)) < 120_000);
    },
  },
  {
    covers: ["list_files"],
    title: "lists an empty directory, and links",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const code = `import os\nos.makedirs('${folder}/empty')\nos.symlink('nowhere', '${folder}/dangling')`;
      await query(context, id, code);
      assert.deepEqual((await client.files.list(id, `${folder}/empty`)).entries, []);
      const { entries } = await client.files.list(id, folder);
      assert.equal(entries.find(({ name }) => name === "dangling")?.type, "symlink");
    },
  },
  {
    covers: ["list_files"],
    title: "tells a missing directory from a file and from what is not its business",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      await client.files.upload(id, [{ path: `${folder}/file`, content: Buffer.from("x") }]);
      await rejection(client.files.list(id, `${folder}/nothing`), NotFoundError);
      await rejection(client.files.list(id, `${folder}/file`), NotADirectoryError);
      await rejection(client.files.list(id, "/etc"), fileError(context, ForbiddenError));
      await rejection(client.files.list(id, "../.."), fileError(context, ForbiddenError));
    },
  },
  {
    covers: ["download", "download_single"],
    title: "tells a missing file",
    run: async (context) => {
      const id = await context.python();
      const expected = fileError(context, NotFoundError);
      await rejection(collect(context.client.files.download(id, ["not-there.txt"])), expected);
      await rejection(context.client.files.downloadSingle(id, "not-there.txt"), expected);
    },
  },
  {
    covers: ["download"],
    title: "gives whole folders",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      await client.files.upload(
        id,
        ["tree/a.txt", "tree/sub/b.txt"].map((file) => ({
          path: `${folder}/${file}`,
          content: Buffer.from(file),
        })),
      );
      const back = await collect(client.files.download(id, [`${folder}/tree`]));
      const found = back.filter(({ type }) => type === "file").map((file) => file.path);
      assert.deepEqual(found.toSorted(), [`${folder}/tree/a.txt`, `${folder}/tree/sub/b.txt`]);
    },
  },
  {
    covers: ["upload", "download"],
    title: "takes more files than one request carries",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const paths = Array.from({ length: 45 }, (_, index) => `${folder}/${index}.txt`);
      await client.files.upload(
        id,
        paths.map((file) => ({ path: file, content: Buffer.from(file) })),
      );
      assert.equal((await client.files.list(id, folder)).entries.length, paths.length);
      const back = await collect(client.files.download(id, paths.slice(0, 12)));
      assert.deepEqual(
        back.map((file) => file.bytes.toString()),
        paths.slice(0, 12),
      );
    },
  },
  {
    covers: ["upload"],
    title: "refuses the 21st file of one request, having written the others, or nothing since 26.1",
    run: async (context) => {
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const absolute = context.dialect.files.uploadNames === "absolute";
      const parts = Array.from({ length: limits.uploadFiles + 1 }, (_, index) => {
        const name = absolute
          ? `filename*=UTF-8''%2Fhome%2Fwork%2F${folder}%2F${index}`
          : `filename="${folder}/${index}"`;
        return `--edge\r\nContent-Disposition: form-data; name="src"; ${name}\r\n\r\nx\r\n`;
      });
      const answer = await context.raw({
        method: "POST",
        path: `${context.dialect.prefix}/${id}/upload`,
        contentType: "multipart/form-data; boundary=edge",
        body: `${parts.join("")}--edge--\r\n`,
      });
      assert.equal(answer.status, 400, answer.body);
      const listed = context.client.files.list(id, folder);
      if (serverRulesFor(context.dialect.manager).files.tooManyUploads === "nothing") {
        await rejection(listed, NotFoundError);
      } else {
        assert.equal((await listed).entries.length, limits.uploadFiles);
      }
    },
  },
  {
    covers: ["upload"],
    title: "takes a file of a byte less than 1 MiB, and the client keeps larger ones back",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const content = randomBytes(limits.uploadFileBytes - 1);
      await client.files.upload(id, [{ path: `${folder}/big`, content }]);
      const sum = `import hashlib; print(hashlib.sha256(open('${folder}/big', 'rb').read()).hexdigest())`;
      const { stdout } = await query(context, id, sum);
      assert.equal(stdout.trim(), createHash("sha256").update(content).digest("hex"));
      const tooBig = { path: `${folder}/too-big`, content: Buffer.alloc(limits.uploadFileBytes) };
      const small = { path: `${folder}/small`, content: Buffer.from("x") };
      await rejection(client.files.upload(id, [small, tooBig]), FileTooLargeError);
      const names = (await client.files.list(id, folder)).entries.map(({ name }) => name);
      assert.deepEqual(names, ["big"]);
    },
  },
  {
    covers: ["upload"],
    title: "refuses a file of 1 MiB itself",
    run: async (context) => {
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const { contentType, body } = uploadOf(`${folder}/big`);
      const answer = await context.raw({
        method: "POST",
        path: `${context.dialect.prefix}/${id}/upload`,
        contentType,
        body: body.replace("escaped", "x".repeat(limits.uploadFileBytes)),
      });
      assert.equal(answer.status, 400, answer.body);
    },
  },
  {
    covers: ["download"],
    title: "refuses to give more than 1 MiB at once",
    run: async (context) => {
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const code = `import os\nos.makedirs('${folder}')\nopen('${folder}/big', 'wb').write(bytes(2 ** 21))`;
      await query(context, id, code);
      const download = collect(context.client.files.download(id, [`${folder}/big`]));
      const error = await rejection(download, Error);
      const isNamed = error instanceof FileTooLargeError;
      assert.ok(isNamed || (context.dialect.errors.errorCode && error instanceof ServerError), String(error));
    },
  },
  {
    covers: ["download"],
    title: "refuses six files at once",
    unless: ({ files: { download } }) =>
      download === "get" ? "a request carries one file, as only one name of its query counts" : undefined,
    run: async (context) => {
      const id = await context.python();
      const names = ["1", "2", "3", "4", "5", "6"];
      const query = names.map((name) => `files=${name}`).join("&");
      const answer = await context.raw({
        method: "POST",
        path: `${context.dialect.prefix}/${id}/download?${query}`,
        body: JSON.stringify({ files: names }),
      });
      assert.ok([400, 500].includes(answer.status), String(answer.status));
    },
  },
  {
    covers: ["upload", "download"],
    title: "is not asked for paths outside of the home directory",
    run: async ({ client, python }) => {
      const id = await python();
      const content = Buffer.from("x");
      for (const file of ["../escape.txt", "/etc/escape", "a/../../escape", "", ".", "nul\0l"]) {
        await rejection(client.files.upload(id, [{ path: file, content }]), UnsafePathError);
        await rejection(collect(client.files.download(id, [file])), UnsafePathError);
      }
    },
  },
  {
    covers: ["upload"],
    title: "writes nothing outside of the home directory",
    defects: ["uploadsVanish"],
    run: async (context) => {
      const { id } = await context.ownPython();
      const name = caseName();
      const answer = await context.raw({
        method: "POST",
        path: `${context.dialect.prefix}/${id}/upload`,
        ...uploadOf(`../../${name}`),
      });
      assert.ok(answer.status === 500 || answer.status === 204, String(answer.status));
      const code = `import os; print([os.path.exists(os.path.join(up, '${name}')) for up in ['..', '../..', '/tmp']])`;
      assert.equal((await query(context, id, code)).stdout.trim(), "[False, False, False]");
    },
  },
  {
    covers: ["download", "download(dest)"],
    title: "gives nothing through a link that leads out, and the client writes through none",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const local = await context.folder();
      await query(
        context,
        id,
        `import os\nos.makedirs('${folder}')\nos.symlink('/etc/passwd', '${folder}/link')`,
      );
      const error = await rejection(client.files.downloadTo(id, [`${folder}/link`], local), Error);
      assert.ok(error instanceof UnsafePathError || error instanceof ApiError, String(error));
      await rejection(readFile(path.join(local, folder, "link")), Error);
    },
  },
  {
    covers: ["upload", "upload(basedir)", "download(dest)"],
    title: "keeps paths relative to a base on the way up, and below a destination on the way down",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const base = await context.folder();
      await mkdir(path.join(base, folder, "inner"), { recursive: true });
      const locals = [path.join(base, folder, "one.txt"), path.join(base, folder, "inner", "two ü.txt")];
      await Promise.all(locals.map(async (file) => writeFile(file, path.basename(file))));
      await client.files.uploadFrom(id, locals, base);
      const outside = client.files.uploadFrom(id, [locals[0] ?? "", path.join(base, "..", "x")], base);
      await rejection(outside, UnsafePathError);
      const destination = await context.folder();
      const written = await client.files.downloadTo(id, [folder], destination);
      assert.ok(written.every((file) => file.startsWith(destination)));
      for (const file of locals) {
        const copy = path.join(destination, path.relative(base, file));
        assert.equal(await readFile(copy, "utf8"), path.basename(file));
      }
    },
  },
  {
    covers: ["upload", "upload(show_progress)", "download", "download(show_progress)"],
    title: "reports progress, and takes content from a stream",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const up: Progress[] = [];
      const size = 300_000;
      const content = (): Readable => Readable.from([Buffer.alloc(100_000, 1), Buffer.alloc(200_000, 2)]);
      await client.files.upload(id, [{ path: `${folder}/s`, size, content }], {
        onProgress: (progress) => up.push(progress),
      });
      assert.deepEqual(up.at(-1), { file: `${folder}/s`, transferredBytes: size, totalBytes: size });
      const down: Progress[] = [];
      const [file] = await collect(
        client.files.download(id, [`${folder}/s`], { onProgress: (progress) => down.push(progress) }),
      );
      assert.equal(file?.bytes.length, size);
      assert.ok((down.at(-1)?.transferredBytes ?? 0) >= size);
      assert.equal(down.at(-1)?.file, `${folder}/s`);
    },
  },
  {
    covers: ["upload", "download"],
    title: "carries several transfers at once",
    run: async (context) => {
      const { client } = context;
      const id = await context.python();
      const folder = remoteFolder(context, id);
      const contents = Array.from({ length: 6 }, () => randomBytes(200_000));
      await Promise.all(
        contents.map(async (content, index) =>
          client.files.upload(id, [{ path: `${folder}/${index}`, content }]),
        ),
      );
      const back = await Promise.all(
        contents.map(async (_, index) => client.files.downloadSingle(id, `${folder}/${index}`)),
      );
      assert.ok(back.every((bytes, index) => bytes.equals(contents[index] ?? Buffer.alloc(0))));
    },
  },
  {
    covers: ["upload"],
    title: "refuses an upload that is no form",
    run: async (context) => {
      const answer = await context.raw({
        method: "POST",
        path: `${context.dialect.prefix}/${await context.python()}/upload`,
        body: "{}",
      });
      assert.ok(answer.status >= 400, String(answer.status));
    },
  },
]);
