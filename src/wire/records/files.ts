import * as z from "zod/mini";

/** The answer of `GET /session/{id}/files`: `files` is JSON in a string (`protocol.md` §6.3). */
export const ListFilesResponse = z.looseObject({
  files: z.string(),
  errors: z.optional(z.nullable(z.string())),
  abspath: z.optional(z.nullable(z.string())),
});

/** One directory entry inside that string. Times are seconds since the epoch. */
export const FileEntry = z.looseObject({
  mode: z.string(),
  size: z.number(),
  ctime: z.optional(z.number()),
  mtime: z.number(),
  atime: z.optional(z.number()),
  filename: z.string(),
});
export type FileEntry = z.infer<typeof FileEntry>;
