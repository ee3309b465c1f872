import * as z from "zod/mini";
import { graphqlRequest } from "../account/graphql.js";
import type { Context } from "../context.js";
import { GraphqlError } from "../errors.js";
import type { CallOptions } from "../options.js";

/** The digest of an image; refusals of servers that do not know the image, or do not tell, are no failure. */
export async function imageDigest(
  context: Context,
  reference: string,
  call: CallOptions,
): Promise<string | undefined> {
  const query = "query($reference:String!){image(reference:$reference){digest}}";
  const Answer = z.looseObject({ digest: z.optional(z.nullable(z.string())) });
  try {
    const data = await graphqlRequest(context, query, { reference }, call);
    return z.safeParse(Answer, data["image"]).data?.digest ?? undefined;
  } catch (error) {
    if (error instanceof GraphqlError) {
      return undefined;
    }
    throw error;
  }
}
