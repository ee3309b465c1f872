import * as z from "zod/mini";
import type { Folder } from "../folders/folderStore.js";
import { json, noContent } from "../http/reply.js";
import type { Route } from "../http/routes.js";
import type { EngineParts } from "./engineParts.js";
import { parseInput } from "./input.js";

const CreateInput = z.object({ name: z.string() });
const DeleteInput = z.object({ vfolderId: z.optional(z.string()), id: z.optional(z.string()) });

/** List, create and delete virtual folders (`protocol.md` §3.7). */
export function folderRoutes(parts: EngineParts): Route[] {
  const { era, folders } = parts;
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
      handle: async (call) => json(folderView(await folders.get(call.part("name")), parts)),
    },
    {
      method: "DELETE",
      path: "/folders/:name",
      handle: async (call) => {
        await folders.delete(await folders.get(call.part("name")));
        return noContent();
      },
    },
    {
      method: "DELETE",
      path: "/folders",
      handle: async (call) => {
        const { vfolderId, id } = parseInput(DeleteInput, await call.parameters(), era);
        await folders.delete(await folders.get(vfolderId ?? id ?? ""));
        return noContent();
      },
    },
  ];
}

function folderView(folder: Folder, { account, era }: EngineParts): Record<string, unknown> {
  return {
    name: folder.name,
    id: folder.id,
    ...(era.since("23.03") ? { quota_scope_id: `user:${account.userId}`, status: "ready" } : {}),
    host: "local:volume1",
    usage_mode: "general",
    created_at: folder.createdAt.toISOString().replace("T", " ").replace("Z", "000+00:00"),
    is_owner: true,
    permission: "rw",
    user: account.userId,
    group: null,
    creator: account.email,
    user_email: account.email,
    group_name: null,
    ownership_type: "user",
    type: "user",
    unmanaged_path: null,
    cloneable: false,
    max_files: 0,
    max_size: null,
    cur_size: 0,
  };
}
