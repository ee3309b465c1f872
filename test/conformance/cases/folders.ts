import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import {
  ApiError,
  ConfigurationError,
  ConflictError,
  type Folder,
  ForbiddenError,
  NotFoundError,
  UnsafePathError,
} from "../../../src/api/index.js";
import { isReleaseAtLeast } from "../../../src/wire/version.js";
import { collect, rejection } from "../assertions.js";
import { caseGroup } from "../conformanceCase.js";
import type { CaseContext } from "../context.js";
import { query } from "../playing.js";
import { caseName } from "../targets.js";

/** A folder that is removed when the case is over, also from the trash. */
async function newFolder(context: CaseContext): Promise<Folder> {
  const folder = await context.client.folders.create(caseName());
  context.onEnd(async () => removeFolder(context, folder));
  return folder;
}

async function removeFolder({ client, dialect }: CaseContext, folder: Folder): Promise<void> {
  const ignoreMissing = (error: unknown): void => {
    if (!(error instanceof ApiError)) {
      throw error;
    }
  };
  await client.folders.delete(folder).catch(ignoreMissing);
  if (dialect.can.folderTrash) {
    await client.folders.deleteForever(folder).catch(ignoreMissing);
  }
}

function bytesOf(content: Buffer | string): { size: number; open: (start: number, end: number) => Readable } {
  const bytes = Buffer.from(content);
  return { size: bytes.length, open: (start, end) => Readable.from([bytes.subarray(start, end)]) };
}

/** Newest servers no longer say what is wrong with a file. */
function fileError(context: CaseContext, explained: typeof ApiError): typeof ApiError {
  return isReleaseAtLeast(context.dialect.manager, "26.1") ? ApiError : explained;
}

async function namesIn({ client }: CaseContext, folder: Folder, path = ""): Promise<string[]> {
  return (await client.folders.files.list(folder, path)).map(({ name }) => name).toSorted();
}

export const folders = caseGroup("V", "Virtual folders", [
  {
    covers: ["virtual folders"],
    title: "makes a folder, lists it, knows it, and removes it",
    run: async (context) => {
      const { client, dialect } = context;
      const folder = await newFolder(context);
      const listed = (await client.folders.list()).find(({ id }) => id === folder.id);
      assert.equal(listed?.name, folder.name);
      assert.equal(listed.isOwner, true);
      assert.match(listed.permission ?? "", /^(?:ro|rw|wd)$/);
      assert.ok(
        listed.createdAt !== undefined && Math.abs(Date.now() - listed.createdAt.getTime()) < 3_600_000,
      );
      const details = await client.folders.info(folder);
      assert.deepEqual([details.name, details.files], [folder.name, 0]);
      await client.folders.delete(folder);
      assert.ok(!(await client.folders.list()).some(({ id }) => id === folder.id));
      if (dialect.folders.deletion === "at-once") {
        await rejection(client.folders.info(folder), NotFoundError);
      }
    },
  },
  {
    covers: ["virtual folders"],
    title: "renames a folder, and refuses a name that is taken",
    run: async (context) => {
      const { client } = context;
      const folder = await newFolder(context);
      const other = await newFolder(context);
      await rejection(client.folders.rename(folder, other.name), ConflictError);
      await rejection(client.folders.create(other.name), ConflictError);
      const renamed = await client.folders.rename(folder, caseName());
      context.onEnd(async () => removeFolder(context, renamed));
      assert.equal((await client.folders.info(renamed)).id, folder.id);
      await rejection(client.folders.create("a/b"), ConfigurationError);
      await rejection(client.folders.create(".ssh"), ApiError);
    },
  },
  {
    covers: ["trash of virtual folders"],
    title: "keeps deleted folders in a trash until they are restored or removed for good",
    lacks: { feature: "folderTrash", refused: async ({ client }) => client.folders.trash() },
    run: async (context) => {
      const { client } = context;
      const folder = await newFolder(context);
      await client.folders.files.upload(folder, "kept.txt", bytesOf("kept"));
      await client.folders.delete(folder);
      assert.ok((await client.folders.trash()).some(({ id }) => id === folder.id));
      await rejection(client.folders.create(folder.name), ConflictError);
      await client.folders.restore(folder);
      assert.equal((await client.folders.files.bytes(folder, "kept.txt", 10)).toString(), "kept");
      await client.folders.delete(folder);
      await rejection(client.folders.purge(folder), ForbiddenError);
      await client.folders.deleteForever(folder);
      await context.until(async () => !(await client.folders.trash()).some(({ id }) => id === folder.id));
      await rejection(client.folders.info(folder), NotFoundError);
    },
  },
  {
    covers: ["virtual folders"],
    title: "gives back what was uploaded, from directories that the upload made, also nothing at all",
    run: async (context) => {
      const { files } = context.client.folders;
      const folder = await newFolder(context);
      const content = randomBytes(3_000_000);
      const seen: number[] = [];
      await files.upload(folder, "deep/er/bytes.bin", bytesOf(content), {
        onProgress: ({ transferredBytes }) => seen.push(transferredBytes),
      });
      await files.upload(folder, "empty", bytesOf(""));
      assert.equal(seen.at(-1), content.length);
      assert.ok(content.equals(await files.bytes(folder, "deep/er/bytes.bin", 4_000_000)));
      assert.equal((await files.bytes(folder, "empty", 1)).length, 0);
      const [entry] = await files.list(folder, "deep/er");
      assert.deepEqual([entry?.name, entry?.type, entry?.size], ["bytes.bin", "file", content.length]);
      assert.ok(Math.abs(Date.now() - (entry?.mtimeMs ?? 0)) < 3_600_000);
      const shown = (await files.list(folder)).filter(({ name }) => !name.startsWith("."));
      assert.deepEqual(shown.map(({ name, type }) => [name, type]).toSorted(), [
        ["deep", "directory"],
        ["empty", "file"],
      ]);
    },
  },
  {
    covers: ["virtual folders"],
    title: "replaces a file by an upload of its name",
    run: async (context) => {
      const { files } = context.client.folders;
      const folder = await newFolder(context);
      await files.upload(folder, "a.txt", bytesOf("a longer first content"));
      await files.upload(folder, "a.txt", bytesOf("second"));
      assert.equal((await files.bytes(folder, "a.txt", 100)).toString(), "second");
    },
  },
  {
    covers: ["virtual folders"],
    title: "keeps odd names of files in folders",
    run: async (context) => {
      const { files } = context.client.folders;
      const folder = await newFolder(context);
      const names = [
        "with space.txt",
        "nfd-e\u0301.txt",
        "it's.txt",
        'say "hi".txt',
        "#%41?&+;.txt",
        "한글 🎉.txt",
        "-rf",
      ];
      for (const name of names) {
        await files.upload(folder, name, bytesOf(name));
      }
      assert.deepEqual(
        (await namesIn(context, folder)).filter((name) => name !== ".upload"),
        names.toSorted(),
      );
      for (const name of names) {
        assert.equal((await files.bytes(folder, name, 100)).toString(), name);
      }
    },
  },
  {
    covers: ["virtual folders"],
    title: "reads a file from any byte on, and ends at once when its reader leaves",
    run: async (context) => {
      const { files } = context.client.folders;
      const folder = await newFolder(context);
      const content = randomBytes(2_000_000);
      await files.upload(folder, "long.bin", bytesOf(content));
      const rest = Buffer.concat(await collect(files.read(folder, "long.bin", { start: 1_234_567 })));
      assert.ok(content.subarray(1_234_567).equals(rest));
      for await (const piece of files.read(folder, "long.bin")) {
        assert.ok(content.subarray(0, piece.length).equals(piece));
        break;
      }
      assert.equal((await files.list(folder))[0]?.size, content.length);
    },
  },
  {
    covers: ["virtual folders"],
    title: "takes files of many pieces",
    run: async (context) => {
      const { files } = context.client.folders;
      const folder = await newFolder(context);
      const block = randomBytes(1024 * 1024);
      const blocks = 34; // two whole pieces of 16 MiB and a part of one
      const size = blocks * block.length;
      await files.upload(folder, "large.bin", {
        size,
        open: (start, end) => Readable.from(cyclic(block, start, end)),
      });
      const [sent, read] = [createHash("sha256"), createHash("sha256")];
      for (let n = 0; n < blocks; n++) {
        sent.update(block);
      }
      for await (const piece of files.read(folder, "large.bin")) {
        read.update(piece);
      }
      assert.equal(read.digest("hex"), sent.digest("hex"));
    },
  },
  {
    covers: ["virtual folders"],
    title: "makes directories, and refuses one that is there",
    run: async (context) => {
      const { files } = context.client.folders;
      const folder = await newFolder(context);
      await files.mkdir(folder, "a/b/c");
      await files.mkdir(folder, "a/b", { existOk: true });
      assert.deepEqual(await namesIn(context, folder, "a/b"), ["c"]);
      if (context.dialect.folders.directoryOptions) {
        await rejection(files.mkdir(folder, "a/b"), fileError(context, ConflictError));
      }
    },
  },
  {
    covers: ["virtual folders"],
    title: "renames files and directories",
    lacks: {
      feature: "folderFileRename",
      refused: async (context) => context.client.folders.files.rename(await newFolder(context), "a", "b"),
    },
    run: async (context) => {
      const { files } = context.client.folders;
      const folder = await newFolder(context);
      await files.upload(folder, "in/old.txt", bytesOf("moved"));
      await files.rename(folder, "in/old.txt", "new.txt");
      await files.rename(folder, "in", "within");
      assert.equal((await files.bytes(folder, "within/new.txt", 10)).toString(), "moved");
      await rejection(files.rename(folder, "within/nosuch", "x"), fileError(context, NotFoundError));
      await rejection(files.rename(folder, "within/new.txt", "../x"), ConfigurationError);
    },
  },
  {
    covers: ["virtual folders"],
    title: "moves files within a folder",
    lacks: {
      feature: "folderFileMove",
      refused: async (context) => context.client.folders.files.move(await newFolder(context), "a", "b"),
    },
    run: async (context) => {
      const { files } = context.client.folders;
      const folder = await newFolder(context);
      await files.upload(folder, "in/old.txt", bytesOf("moved"));
      await files.move(folder, "in/old.txt", "out.txt");
      assert.equal((await files.bytes(folder, "out.txt", 10)).toString(), "moved");
      assert.deepEqual(await namesIn(context, folder, "in"), []);
    },
  },
  {
    covers: ["virtual folders"],
    title: "removes files, and directories with what is in them",
    run: async (context) => {
      const { files } = context.client.folders;
      const folder = await newFolder(context);
      await files.upload(folder, "tree/deep/a.txt", bytesOf("a"));
      await files.upload(folder, "b.txt", bytesOf("b"));
      await files.upload(folder, "c.txt", bytesOf("c"));
      await files.delete(folder, ["tree", "b.txt"]);
      assert.deepEqual(
        (await namesIn(context, folder)).filter((name) => name !== ".upload"),
        ["c.txt"],
      );
      await rejection(files.delete(folder, [""]), ConfigurationError);
    },
  },
  {
    covers: ["virtual folders"],
    title: "says what is not there, and lets no path leave a folder",
    run: async (context) => {
      const { folders: calls } = context.client;
      const folder = await newFolder(context);
      await calls.files.mkdir(folder, "dir");
      await rejection(calls.files.list(folder, "nosuch"), fileError(context, NotFoundError));
      await rejection(calls.files.bytes(folder, "nosuch", 10), NotFoundError);
      await rejection(calls.files.bytes(folder, "dir", 10), ApiError);
      const nosuch = { id: "0".repeat(32), name: "nosuch-at-all" };
      await rejection(calls.info(nosuch), NotFoundError);
      await rejection(calls.files.list(nosuch), NotFoundError);
      for (const path of ["../x", "/etc", "a/../../x"]) {
        await rejection(calls.files.list(folder, path), UnsafePathError);
        await rejection(calls.files.upload(folder, path, bytesOf("x")), UnsafePathError);
      }
    },
  },
  {
    covers: ["virtual folders"],
    title: "lets no request of another making leave a folder either",
    run: async (context) => {
      const { dialect } = context;
      const folder = await newFolder(context);
      const one = `/folders/${dialect.folders.addressing === "id" ? folder.id : folder.name}`;
      for (const path of ["../x", "/etc"]) {
        const listed = await context.raw({
          method: "GET",
          path: `${one}/files?path=${encodeURIComponent(path)}`,
        });
        assert.ok(listed.status >= 400, `${path} was listed`);
        const made = await context.raw({
          method: "POST",
          path: `${one}/mkdir`,
          body: JSON.stringify({ path }),
        });
        assert.ok(made.status >= 400, `${path} was made`);
      }
      assert.deepEqual(await namesIn(context, folder), []);
    },
  },
  {
    covers: ["virtual folders", "get_or_create(mounts)"],
    title: "shares files with the sessions that mount a folder",
    run: async (context) => {
      const { files } = context.client.folders;
      const folder = await newFolder(context);
      await files.upload(folder, "to-session.txt", bytesOf("from outside"));
      const { id } = await context.ownPython({ mounts: [folder.name] });
      const code = `open('${folder.name}/to-client.txt', 'w').write('from inside')
print(open('${folder.name}/to-session.txt').read())`;
      assert.match((await query(context, id, code)).stdout, /from outside/);
      assert.equal((await files.bytes(folder, "to-client.txt", 100)).toString(), "from inside");
      await context.target.destroy(id);
    },
  },
]);

/** Bytes `start` to `end` of a block that repeats for ever. */
function* cyclic(block: Buffer, start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end;) {
    const from = at % block.length;
    const piece = block.subarray(from, Math.min(block.length, from + end - at));
    yield piece;
    at += piece.length;
  }
}
