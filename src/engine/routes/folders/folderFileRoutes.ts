import path from "node:path";
import * as z from "zod/mini";
import { modeText } from "../../files/listing.js";
import {
  type FolderEntry,
  listFolder,
  makeDirectory,
  moveEntry,
  removeEntries,
} from "../../folders/folderFiles.js";
import { folderRefusal } from "../../folders/folderRefusal.js";
import type { Folder } from "../../folders/folderStore.js";
import type { Era } from "../../era.js";
import type { Call } from "../../http/call.js";
import { Refusal } from "../../http/refusal.js";
import { json, type Reply } from "../../http/reply.js";
import type { Route } from "../../http/routes.js";
import type { EngineParts } from "../engineParts.js";
import { parseInput } from "../input.js";

const MkdirInput = z.object({
  path: z.string(),
  parents: z.optional(z.boolean()),
  exist_ok: z.optional(z.boolean()),
});
const RenameInput = z.object({ target_path: z.string(), new_name: z.string() });
const MoveInput = z.object({ src: z.string(), dst: z.string() });
const DeleteInput = z.object({ files: z.array(z.string()), recursive: z.optional(z.boolean()) });

/** Files in virtual folders (`protocol.md` §6.5). */
export function folderFileRoutes(parts: EngineParts): Route[] {
  const { era } = parts;
  const { can, folders: dialect } = era.dialect;
  const one = "/folders/:name";
  const separator = dialect.fileVerbs === "underscore" ? "_" : "-";
  const remove = async (call: Call): Promise<Reply> => removeFiles(call, parts);
  return [
    { method: "POST", path: `${one}/mkdir`, handle: async (call) => mkdir(call, parts) },
    { method: "GET", path: `${one}/files`, handle: async (call) => list(call, parts) },
    { method: "DELETE", path: `${one}/delete${separator}files`, handle: remove },
    ...(dialect.fileVerbs === "dash-post"
      ? [{ method: "POST" as const, path: `${one}/delete-files`, handle: remove }]
      : []),
    ...(can.folderFileRename
      ? [
          {
            method: "POST" as const,
            path: `${one}/rename${separator}file`,
            handle: async (call: Call) => renameFile(call, parts),
          },
        ]
      : []),
    ...(can.folderFileMove
      ? [
          {
            method: "POST" as const,
            path: `${one}/move-file`,
            handle: async (call: Call) => move(call, parts),
          },
        ]
      : []),
  ];
}

/** The folder of a call that changes it: not one in the trash, except that newer servers do not look. */
export async function changeableFolder(call: Call, { era, folders }: EngineParts): Promise<Folder> {
  const folder = await folders.get(call.part("name"));
  if (folder.status !== "ready" && !era.since("26.1")) {
    throw new Refusal("folder-status");
  }
  return folder;
}

async function mkdir(call: Call, parts: EngineParts): Promise<Reply> {
  const { era } = parts;
  const input = parseInput(MkdirInput, await call.body(), era);
  const folder = await changeableFolder(call, parts);
  const { directoryOptions } = era.dialect.folders;
  const options = directoryOptions
    ? { parents: input.parents ?? true, existOk: input.exist_ok ?? false }
    : { parents: true, existOk: true };
  if (era.since("24.03")) {
    return makeTold(folder, input.path, options, era);
  }
  await translated([input.path], era, async () => makeDirectory(folder, input.path, options));
  return { status: 201, headers: {}, body: "" };
}

/** Since 24.03 each directory has a result of its own. */
async function makeTold(
  folder: Folder,
  asked: string,
  options: Parameters<typeof makeDirectory>[2],
  era: Era,
): Promise<Reply> {
  try {
    await makeDirectory(folder, asked, options);
    return json({ results: { success: [{ msg: null, item: asked }], failed: [] } });
  } catch (error) {
    if (era.since("26.1")) {
      throw new Refusal("folder-operation", { msg: "Unexpected error 422 from storage proxy" });
    }
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    const msg = isThere
      ? "FileExistsError(17, 'File exists')"
      : `InvalidSubpathError(PurePosixPath('${asked}'))`;
    throw new Refusal("folder-operation", {
      data: { results: { success: [], failed: [{ msg, item: asked }] } },
    });
  }
}

async function list(call: Call, { era, folders }: EngineParts): Promise<Reply> {
  const parameters = await call.parameters();
  const asked = typeof parameters["path"] === "string" ? parameters["path"] : "";
  const folder = await folders.get(call.part("name"));
  const entries = await translated([asked], era, async () => listFolder(folder, asked));
  const legacy = era.since("26.1") ? {} : { files: JSON.stringify(entries.map(legacyView)) };
  return json(
    era.since("20.09") ? { items: entries.map((entry) => itemView(entry, era)), ...legacy } : legacy,
  );
}

async function renameFile(call: Call, parts: EngineParts): Promise<Reply> {
  const { era } = parts;
  const { target_path: target, new_name: name } = parseInput(RenameInput, await call.body(), era);
  const folder = await changeableFolder(call, parts);
  if (name.includes("/")) {
    throw era.since("20.09")
      ? new Refusal("folder-operation", { msg: "Storage proxy responded with 500 Internal Server Error" })
      : new Refusal("invalid-params", { msg: `New name should not be a path: ${name}` });
  }
  const place = path.posix.join(path.posix.dirname(target), name);
  await translated([target], era, async () => moveEntry(folder, target, place));
  return json(era.since("26.1") ? { msg: "" } : {});
}

async function move(call: Call, parts: EngineParts): Promise<Reply> {
  const { era } = parts;
  const { src, dst } = parseInput(MoveInput, await call.body(), era);
  const folder = await changeableFolder(call, parts);
  await translated([src], era, async () => moveEntry(folder, src, dst));
  return json(era.since("26.1") ? { msg: "" } : {});
}

async function removeFiles(call: Call, parts: EngineParts): Promise<Reply> {
  const { era } = parts;
  const { files, recursive = false } = parseInput(DeleteInput, await call.body(), era);
  const folder = await changeableFolder(call, parts);
  // Managers that keep files themselves, and the newest, have nothing against what is missing.
  const trouble = era.since("20.09") && !era.since("26.1") ? "refused" : "ignored";
  await translated(files, era, async () => removeEntries(folder, files, { recursive, trouble }));
  return json(era.since("26.1") ? { msg: "" } : {});
}

async function translated<T>(paths: readonly string[], era: Era, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw folderRefusal(error, paths, era);
  }
}

function itemView({ name, stats }: FolderEntry, era: Era): Record<string, unknown> {
  const type = stats.isSymbolicLink() ? "SYMLINK" : stats.isDirectory() ? "DIRECTORY" : "FILE";
  return {
    name,
    type,
    size: stats.size,
    mode: era.since("25.6") ? stats.mode : (stats.mode & 0o777).toString(8),
    created: pythonTime(stats.ctime),
    modified: pythonTime(stats.mtime),
  };
}

function legacyView({ name, stats }: FolderEntry): Record<string, unknown> {
  const { size, ctimeMs, mtimeMs } = stats;
  return {
    filename: name,
    size,
    mode: modeText(stats),
    ctime: ctimeMs / 1000,
    atime: 0,
    mtime: mtimeMs / 1000,
  };
}

function pythonTime(date: Date): string {
  return date.toISOString().replace("Z", "000+00:00");
}
