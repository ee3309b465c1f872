import * as z from "zod/mini";

/** An error body, `application/problem+json` (`protocol.md` §8.1). */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  msg: z.optional(z.nullable(z.string())),
  data: z.optional(z.unknown()),
  error_code: z.optional(z.nullable(z.string())),
  "agent-details": z.optional(
    z.nullable(
      z.looseObject({
        type: z.optional(z.string()),
        title: z.optional(z.nullable(z.string())), // null in an agent's timeout
        exception: z.optional(z.unknown()),
      }),
    ),
  ),
});
export type Problem = z.infer<typeof Problem>;
