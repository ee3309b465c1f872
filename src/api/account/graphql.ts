import * as z from "zod/mini";
import { type Context } from "../context.js";
import { GraphqlError } from "../errors.js";
import type { CallOptions } from "../options.js";
import { messagesOf } from "../transport/errorMapping.js";

const Body = z.record(z.string(), z.unknown());

/**
 * A GraphQL query. `POST /admin/gql`, or `/admin/graphql` of old releases, whose body is the data itself; some newer ones
 * wrap it there as well (`protocol.md` §3.4, `real-servers.md`).
 * @returns The data object.
 * @throws {GraphqlError} when the answer has errors, whatever its status.
 */
export async function graphqlRequest(
  { transport, dialect }: Context,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  { signal }: CallOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { path, wrapped } = dialect.graphql;
  const spec = { method: "POST", path, route: path, json: { query, variables }, signal } as const;
  const body = await transport.json(Body, spec);
  const messages = messagesOf(body["errors"]);
  if (messages.length > 0) {
    const detail = messages.join("; ");
    throw new GraphqlError(messages, { status: 200, method: "POST", path, detail });
  }
  return wrapped || "data" in body ? (z.safeParse(Body, body["data"]).data ?? {}) : body;
}
