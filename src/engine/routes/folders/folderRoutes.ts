import * as z from "zod/mini";
import { folderUsage } from "../../folders/folderFiles.js";
import type { Folder } from "../../folders/folderStore.js";
import type { Call } from "../../http/call.js";
import { Refusal } from "../../http/refusal.js";
import { json, noContent, type Reply } from "../../http/reply.js";
import type { Route } from "../../http/routes.js";
import type { EngineParts } from "../engineParts.js";
import { parseInput } from "../input.js";

const CreateInput = z.object({ name: z.string() });
const RenameInput = z.object({ new_name: z.string() });
const IdInput = z.object({ vfolderId: z.optional(z.string()), id: z.optional(z.string()) });

/** Virtual folders themselves: list, create, rename, delete, and their trash (`protocol.md` §6.5). */
export function folderRoutes(parts: EngineParts): Route[] {
  const { era, folders } = parts;
  const named = async (call: Call): Promise<Folder> => folders.get(call.part("name"));
  const byId = async (call: Call): Promise<Folder> => {
    const { vfolderId, id } = parseInput(IdInput, await call.parameters(), era);
    return folders.get(vfolderId ?? id ?? "");
  };
  const remove = async (folder: Folder): Promise<Reply> => {
    await deleteFolder(folder, parts);
    return noContent();
  };
  return [
    {
      method: "GET",
      path: "/folders",
      handle: async () => json((await folders.list()).map((folder) => folderView(folder, parts))),
    },
    {
      method: "POST",
      path: "/folders",
      handle: async (call) => {
        const { name } = parseInput(CreateInput, await call.body(), era);
        return json(folderView(await folders.create(name), parts), 201);
      },
    },
    {
      method: "GET",
      path: "/folders/:name",
      handle: async (call) => json(await detailsView(await named(call), parts)),
    },
    {
      method: "POST",
      path: "/folders/:name/rename",
      handle: async (call) => {
        const { new_name: name } = parseInput(RenameInput, await call.body(), era);
        await folders.rename(await named(call), name);
        return era.since("26.1") ? json({ msg: "" }) : { status: 201, headers: {}, body: "" };
      },
    },
    { method: "DELETE", path: "/folders/:name", handle: async (call) => remove(await named(call)) },
    ...(era.since("19.09")
      ? [
          {
            method: "DELETE" as const,
            path: "/folders",
            handle: async (call: Call) => remove(await byId(call)),
          },
        ]
      : []),
    ...(era.dialect.can.folderTrash ? trashRoutes(parts, byId) : []),
  ];
}

/** What becomes of folders in the trash. */
function trashRoutes({ era, folders }: EngineParts, byId: (call: Call) => Promise<Folder>): Route[] {
  const inTrash = (folder: Folder): Folder => {
    if (folder.status === "ready") {
      throw new Refusal("folder-status");
    }
    return folder;
  };
  const post = (verb: string, act: (folder: Folder) => Promise<void>): Route => ({
    method: "POST",
    path: `/folders/${verb}`,
    handle: async (call) => {
      await act(await byId(call));
      return noContent();
    },
  });
  return [
    // Newer servers have nothing against restoring what is not in the trash.
    post("restore-from-trash-bin", async (folder) =>
      folders.restore(era.since("26.1") ? folder : inTrash(folder)),
    ),
    post("delete-from-trash-bin", async (folder) => folders.delete(inTrash(folder))),
    {
      method: "POST",
      path: "/folders/purge",
      handle: () => {
        throw new Refusal("insufficient-privilege", { msg: "You are not allowed to purge vfolders" });
      },
    },
  ];
}

/** Into the trash, or at once where there is none. Newer servers have nothing against what is there already. */
async function deleteFolder(folder: Folder, { era, folders }: EngineParts): Promise<void> {
  if (era.dialect.folders.deletion === "at-once") {
    await folders.delete(folder);
    return;
  }
  if (folder.status !== "ready" && !era.since("26.1")) {
    throw new Refusal("folder-status");
  }
  await folders.trash(folder);
}

function folderView(folder: Folder, { account, era }: EngineParts): Record<string, unknown> {
  return {
    name: folder.name,
    id: folder.id,
    ...(era.since("23.03") ? { quota_scope_id: `user:${account.userId}` } : {}),
    ...(era.since("22.09") ? { status: folder.status } : {}),
    host: "local:volume1",
    usage_mode: "general",
    created_at: timeText(folder.createdAt),
    is_owner: true,
    permission: era.since("20.09") ? "rw" : "wd",
    user: account.userId,
    group: null,
    creator: account.email,
    user_email: account.email,
    group_name: null,
    ...(era.since("20.03") ? { ownership_type: "user" } : {}),
    type: "user",
    unmanaged_path: null,
    cloneable: false,
    max_files: 0,
    max_size: null,
    cur_size: 0,
  };
}

async function detailsView(folder: Folder, parts: EngineParts): Promise<Record<string, unknown>> {
  const { files, bytes } = await folderUsage(folder.directory);
  const { era } = parts;
  const created = timeText(folder.createdAt);
  return {
    ...folderView(folder, parts),
    numFiles: files,
    ...(era.since("26.1") ? {} : { num_files: files, created }),
    ...(era.since("20.09") ? { used_bytes: bytes } : {}),
    last_used: created,
  };
}

function timeText(date: Date): string {
  return date.toISOString().replace("T", " ").replace("Z", "000+00:00");
}
