import {
  buildSchema,
  execute,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFormattedError,
} from "graphql";
import * as z from "zod/mini";
import type { Call } from "../http/call.js";
import { Refusal } from "../http/refusal.js";
import { json, type Reply } from "../http/reply.js";
import type { Route } from "../http/routes.js";
import type { EngineParts } from "../routes/engineParts.js";
import { firstOf, parseInput } from "../routes/input.js";
import { accountQueries } from "./accountQueries.js";
import { sessionQueries } from "./sessions/sessionQueries.js";
import { typeDefs } from "./typeDefs.js";

const QueryInput = z.object({
  query: z.string(),
  variables: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  operationName: z.optional(z.nullable(z.string())),
});

/** `/admin/graphql` and, from 21.03 on, `/admin/gql` (`protocol.md` §3.4). */
export function graphqlRoutes(parts: EngineParts): Route[] {
  const { era } = parts;
  // Built by the first query: most of the time nobody needs it at the start.
  let schema: GraphQLSchema | undefined;
  const ask = async (call: Call): Promise<ExecutionResult> => {
    schema ??= buildSchema(typeDefs(era));
    return answer(call, schema, parts);
  };
  const routes: Route[] = [
    {
      method: "POST",
      path: "/admin/graphql",
      handle: async (call) => plain(await ask(call), parts),
    },
  ];
  if (era.dialect.graphql.wrapped) {
    routes.push({
      method: "POST",
      path: "/admin/gql",
      handle: async (call) => json(wrapped(await ask(call), parts)),
    });
  }
  if (era.since("26.1")) {
    routes.push({
      method: "POST",
      path: "/admin/gql/strawberry",
      handle: async (call) => json(wrapped(await ask(call), parts)),
    });
  }
  return routes;
}

async function answer(call: Call, schema: GraphQLSchema, parts: EngineParts): Promise<ExecutionResult> {
  const body = await call.body();
  const given = {
    query: body["query"],
    variables: body["variables"],
    operationName: firstOf(body, "operationName", "operation_name"),
  };
  const input = parseInput(QueryInput, given, parts.era);
  let document: DocumentNode;
  try {
    document = parse(input.query, { maxTokens: 10_000 });
  } catch (error) {
    return { data: null, errors: [asGraphqlError(error)] };
  }
  const errors = [...introspectionErrors(document, parts), ...validate(schema, document, specifiedRules)];
  if (errors.length > 0) {
    return { data: null, errors };
  }
  return execute({
    schema,
    document,
    rootValue: { ...sessionQueries(parts), ...accountQueries(parts) },
    contextValue: parts,
    variableValues: input.variables ?? {},
    operationName: input.operationName ?? undefined,
  });
}

function asGraphqlError(error: unknown): GraphQLError {
  return error instanceof GraphQLError ? error : new GraphQLError(String(error));
}

/** Newer servers keep their schema to themselves. */
function introspectionErrors(document: DocumentNode, { era }: EngineParts): GraphQLError[] {
  if (era.rules.graphql.introspection) {
    return [];
  }
  return document.definitions
    .flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [],
    )
    .filter((selection) => selection.kind === Kind.FIELD)
    .filter((field) => field.name.value === "__schema" || field.name.value === "__type")
    .map(
      (field) =>
        new GraphQLError(`Cannot query '${field.name.value}': introspection is disabled.`, { nodes: field }),
    );
}

function wrapped({ data, errors }: ExecutionResult, { era }: EngineParts): Record<string, unknown> {
  const list = errors?.map((error) => error.toJSON()).map(spoken);
  return {
    data: data ?? null,
    ...(list !== undefined ? { errors: list } : era.since("26.1") ? { errors: null } : {}),
  };
}

/** The old endpoint: the body is the data, and errors are a 400. */
function plain(result: ExecutionResult, parts: EngineParts): Reply {
  if (result.errors !== undefined) {
    throw new Refusal("graphql-error", {
      data: result.errors.map((error) => spoken(error.toJSON())),
    });
  }
  return json(parts.era.rules.graphql.legacyWrapped ? wrapped(result, parts) : result.data);
}

/** The servers' library quotes names with single quotes. */
function spoken(error: GraphQLFormattedError): Record<string, unknown> {
  return { ...error, message: error.message.replaceAll('"', "'") };
}
