import * as z from "zod/mini";
import { ConsoleItem } from "./records/run.js";

/** What a client sends on `/stream/session/{id}/pty` (`protocol.md` §5.2); `chars` is base64 of raw bytes. */
export const PtyClientFrame = z.union([
  z.object({ type: z.literal("stdin"), chars: z.string() }),
  z.object({ type: z.literal("resize"), rows: z.number(), cols: z.number() }),
  z.object({ type: z.literal("ping") }),
  z.object({ type: z.literal("restart") }),
]);
export type PtyClientFrame = z.infer<typeof PtyClientFrame>;

/** What a server sends there, as JSON in a text or in a binary frame; `data` of `out` is base64 of raw bytes. */
export const PtyServerFrame = z.looseObject({ type: z.string(), data: z.optional(z.string()) });
export type PtyServerFrame = z.infer<typeof PtyServerFrame>;

/** The first frame of a client on `/stream/session/{id}/execute` (`protocol.md` §5.1). */
export const ExecuteClientFrame = z.looseObject({
  mode: z.string(),
  code: z.string(),
  options: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
});
export type ExecuteClientFrame = z.infer<typeof ExecuteClientFrame>;

/** A frame of a server there: a step of the run, or `status` `error` or `server-restarting` with `msg`. */
export const ExecuteServerFrame = z.looseObject({
  status: z.string(),
  console: z.optional(z.nullable(z.array(ConsoleItem))),
  exitCode: z.optional(z.nullable(z.number())),
  options: z.optional(z.nullable(z.looseObject({ is_password: z.optional(z.boolean()) }))),
  msg: z.optional(z.string()),
});
export type ExecuteServerFrame = z.infer<typeof ExecuteServerFrame>;
