import * as z from "zod/mini";

const text = z.optional(z.nullable(z.string()));
const amount = z.optional(z.nullable(z.number()));

/** An entry of `GET /folders`, and the answers of create and of `GET /folders/{folder}` (`protocol.md` §6.5). */
export const FolderRecord = z.looseObject({
  name: z.string(),
  id: z.string(),
  host: text,
  usage_mode: text,
  permission: text,
  is_owner: z.optional(z.nullable(z.boolean())),
  ownership_type: text,
  type: text,
  status: text,
  created_at: text,
  creator: text,
  group_name: text,
  /** Of the details alone; 26.x names it `numFiles` only. */
  num_files: amount,
  numFiles: amount,
  used_bytes: amount,
});
export type FolderRecord = z.infer<typeof FolderRecord>;

/** An entry of `items`, since 20.09. `mode` is `"644"`, and since 25.x the whole number. */
export const FolderItem = z.looseObject({
  name: z.string(),
  type: z.string(),
  size: z.number(),
  mode: z.optional(z.nullable(z.union([z.string(), z.number()]))),
  created: text,
  modified: text,
});
export type FolderItem = z.infer<typeof FolderItem>;

/** The answer of `GET /folders/{folder}/files`: `items`, and before them `files`, which is JSON in a string. */
export const FolderFiles = z.looseObject({
  items: z.optional(z.array(FolderItem)),
  files: z.optional(z.string()),
});

/** The answer of a request for a transfer: a token, and from 20.09 on where to go with it. */
export const TransferTicket = z.looseObject({ token: z.string(), url: z.optional(z.string()) });
export type TransferTicket = z.infer<typeof TransferTicket>;
