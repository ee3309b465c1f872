import * as z from "zod/mini";
import type { Context } from "../context.js";
import type { CallOptions } from "../options.js";
import { check } from "../transport/decode.js";
import { graphqlRequest } from "./graphql.js";

/** An image that sessions can be made of. */
export interface SessionImage {
  /** What create wants: `registry/name:tag`. */
  readonly reference: string;
  readonly name: string;
  readonly tag: string;
  readonly registry: string;
  readonly architecture: string | undefined;
  /** Short names that create takes as well. */
  readonly aliases: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** The language of its runtime: label `ai.backend.runtime-type`. */
  readonly runtimeType: string | undefined;
  readonly isInstalled: boolean;
  /** Least and most of each slot. */
  readonly resourceLimits: readonly { readonly key: string; readonly min?: string; readonly max?: string }[];
}

/** A project, which sessions are created in. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly domain: string | undefined;
}

const text = z.optional(z.nullable(z.string()));
const ImageRecord = z.looseObject({
  name: z.string(),
  tag: z.string(),
  registry: z.string(),
  architecture: text,
  installed: z.optional(z.nullable(z.boolean())),
  aliases: z.optional(z.nullable(z.array(z.string()))),
  labels: z.optional(z.nullable(z.array(z.looseObject({ key: z.string(), value: text })))),
  resource_limits: z.optional(z.nullable(z.array(z.looseObject({ key: z.string(), min: text, max: text })))),
});
const GroupRecord = z.looseObject({
  id: z.string(),
  name: z.string(),
  domain_name: text,
  is_active: z.optional(z.nullable(z.boolean())),
});

/** Images, over GraphQL. */
export class ImageCalls {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The images that the caller may use. GraphQL `images`, any manager (`protocol.md` §3.7). */
  async list({ signal }: CallOptions = {}): Promise<readonly SessionImage[]> {
    const fields = "name tag registry installed aliases labels{key value} resource_limits{key min max}";
    const architecture = this.#context.dialect.can.commit ? " architecture" : ""; // as old as commit: 22.09
    const data = await graphqlRequest(this.#context, `{images{${fields}${architecture}}}`, {}, { signal });
    return check(z.array(ImageRecord), data["images"], "images").map(imageOf);
  }
}

/** Groups (projects), over GraphQL. */
export class GroupCalls {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The caller's groups that are active. GraphQL `groups`, any manager (`protocol.md` §3.7). */
  async list({ signal }: CallOptions = {}): Promise<readonly Group[]> {
    const query = "{groups{id name domain_name is_active}}";
    const data = await graphqlRequest(this.#context, query, {}, { signal });
    return check(z.array(GroupRecord), data["groups"], "groups")
      .filter(({ is_active: isActive }) => isActive !== false)
      .map(({ id, name, domain_name: domain }) => ({ id, name, domain: domain ?? undefined }));
  }
}

function imageOf(record: z.infer<typeof ImageRecord>): SessionImage {
  const labels = Object.fromEntries((record.labels ?? []).map(({ key, value }) => [key, value ?? ""]));
  return {
    reference: `${record.registry}/${record.name}:${record.tag}`,
    name: record.name,
    tag: record.tag,
    registry: record.registry,
    architecture: record.architecture ?? undefined,
    aliases: record.aliases ?? [],
    labels,
    runtimeType: labels["ai.backend.runtime-type"],
    isInstalled: record.installed ?? false,
    resourceLimits: (record.resource_limits ?? []).map(({ key, min, max }) => ({
      key,
      ...(min ? { min } : {}),
      ...(max ? { max } : {}),
    })),
  };
}
