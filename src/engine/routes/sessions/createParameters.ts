import * as z from "zod/mini";
import path from "node:path";
import { limits } from "../../../wire/limits.js";
import type { Era } from "../../era.js";
import type { Account } from "../../auth/account.js";
import type { Parameters } from "../../http/call.js";
import { Refusal } from "../../http/refusal.js";
import type { Image, ImageCatalog } from "../../images/imageCatalog.js";
import type { Session, SessionSpec } from "../../sessions/session.js";
import type { SessionStore } from "../../sessions/sessionStore.js";
import { parseSize, parseSlots } from "../../sessions/slots.js";
import { firstOf, parseInput } from "../input.js";

const text = z.nullable(z.string());
/** The least memory that any image asks for. */
const minimumBytes = 64 * 1024 ** 2;

/** What create understands, whichever spelling it came in (`protocol.md` §3.1). Unknown keys are ignored. */
const Input = z.object({
  name: z.string(),
  image: z.string(),
  type: z.optional(z.enum(["interactive", "batch", "inference", "system"])),
  group: z.optional(z.string()),
  domain: z.optional(z.string()),
  tag: z.optional(text),
  enqueueOnly: z.optional(z.boolean()),
  maxWaitSeconds: z.optional(z.number()),
  reuse: z.optional(z.boolean()),
  startupCommand: z.optional(text),
  bootstrapScript: z.optional(text),
  clusterSize: z.optional(z.number()),
  priority: z.optional(z.number()),
  batchTimeout: z.optional(z.nullable(z.union([z.number(), z.string()]))),
  dependencies: z.optional(z.nullable(z.array(z.string()))),
  config: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
});
type Input = z.infer<typeof Input>;

/** The settings inside `config`. */
const Config = z.object({
  resources: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  resourceOptions: z.optional(
    z.nullable(z.looseObject({ shmem: z.optional(z.union([z.string(), z.number()])) })),
  ),
  environ: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  mounts: z.optional(z.nullable(z.array(z.string()))),
  mountMap: z.optional(z.nullable(z.record(z.string(), z.string()))),
  mountIds: z.optional(z.nullable(z.array(z.string()))),
  mountIdMap: z.optional(z.nullable(z.record(z.string(), z.string()))),
  preopenPorts: z.optional(z.nullable(z.array(z.number()))),
  scalingGroup: z.optional(text),
  clusterSize: z.optional(z.number()),
});
type Config = z.infer<typeof Config>;

/** What a create request is checked against. */
export interface CreateSurroundings {
  readonly era: Era;
  readonly catalog: ImageCatalog;
  readonly account: Account;
  readonly store: SessionStore;
}

/** A create request, checked. */
export interface CreateRequest {
  readonly spec: SessionSpec;
  readonly enqueueOnly: boolean;
  readonly maxWaitMs: number;
  readonly reuse: boolean;
}

/**
 * Reads a create request.
 * @throws {Refusal} as the era's servers do.
 */
export function parseCreate(
  body: Parameters,
  { era, catalog, account, store }: CreateSurroundings,
): CreateRequest {
  const input = parseInput(Input, spellings(body), era);
  const config = parseInput(Config, configSpellings(input.config ?? {}), era);
  checkName(input.name, era);
  checkPlace(input, config, account);
  const image = imageOf(input.image, catalog);
  const dependencies = era.dialect.can.dependencies ? dependenciesOf(input, store) : [];
  const spec = { ...specOf(input, config), image, type: typeOf(input), dependencies };
  checkMinimum(spec);
  return {
    spec,
    enqueueOnly: input.enqueueOnly ?? false,
    maxWaitMs: (input.maxWaitSeconds ?? 0) * 1000,
    reuse: input.reuse ?? true,
  };
}

function spellings(body: Parameters): Parameters {
  return {
    name: firstOf(body, "name", "clientSessionToken", "session_name"),
    image: firstOf(body, "image", "lang"),
    type: firstOf(body, "type", "sessionType", "session_type"),
    group: firstOf(body, "group", "groupName", "group_name"),
    domain: firstOf(body, "domain", "domainName", "domain_name"),
    tag: body["tag"],
    enqueueOnly: firstOf(body, "enqueueOnly", "enqueue_only"),
    maxWaitSeconds: firstOf(body, "maxWaitSeconds", "max_wait_seconds"),
    reuse: firstOf(body, "reuseIfExists", "reuse", "reuse_if_exists"),
    startupCommand: firstOf(body, "startupCommand", "startup_command"),
    bootstrapScript: firstOf(body, "bootstrap_script", "bootstrapScript"),
    clusterSize: firstOf(body, "cluster_size", "clusterSize"),
    priority: body["priority"],
    batchTimeout: firstOf(body, "batch_timeout", "batchTimeout"),
    dependencies: firstOf(body, "dependencies", "dependsOn"),
    config: body["config"],
  };
}

function configSpellings(config: Parameters): Parameters {
  return {
    resources: config["resources"],
    resourceOptions: firstOf(config, "resource_opts", "resourceOpts"),
    environ: config["environ"],
    mounts: config["mounts"],
    mountMap: firstOf(config, "mount_map", "mountMap"),
    mountIds: firstOf(config, "mount_ids", "mountIds"),
    mountIdMap: firstOf(config, "mount_id_map", "mountIdMap"),
    preopenPorts: firstOf(config, "preopen_ports", "preopenPorts"),
    scalingGroup: firstOf(config, "scaling_group", "scalingGroup"),
    clusterSize: firstOf(config, "clusterSize", "cluster_size"),
  };
}

/** @throws {Refusal} where the era's servers check names (`docs/real-servers.md`). */
export function checkName(name: string, era: Era, field = "name"): void {
  if (name === "from-template") {
    throw new Refusal("invalid-params", { msg: `Requested session ID ${name} is reserved word` });
  }
  if (era.rules.session.checksNames && !limits.sessionName.test(name)) {
    throw new Refusal("invalid-input", {
      msg: "Input validation error",
      data: { [field]: `does not match pattern ${limits.sessionName.source}` },
    });
  }
}

function checkPlace(input: Input, config: Config, account: Account): void {
  if ((input.domain ?? account.domain) !== account.domain) {
    throw new Refusal("invalid-params", { msg: "Invalid domain" });
  }
  if (![account.group, account.groupId].includes(input.group ?? account.group)) {
    throw new Refusal("invalid-params", { msg: "Invalid group" });
  }
  if ((config.scalingGroup ?? "default") !== "default") {
    throw new Refusal("scaling-group-not-found", { msg: config.scalingGroup ?? "" });
  }
  if ((input.clusterSize ?? config.clusterSize ?? 1) !== 1) {
    throw new Refusal("invalid-params", {
      msg: "The local engine is one computer: a session cannot span several (cluster_size must be 1).",
    });
  }
}

function imageOf(reference: string, catalog: ImageCatalog): Image {
  const image = catalog.find(reference);
  if (image === undefined) {
    throw new Refusal("image-not-found", {
      msg: `Unknown image references: identifier:ImageIdentifier(canonical='${reference}', architecture='x86_64'), alias:'${reference}'`,
    });
  }
  return image;
}

function checkMinimum({ slots }: SessionSpec): void {
  if ((slots["cpu"] ?? 0) < 1 || (slots["mem"] ?? 0) < minimumBytes) {
    throw new Refusal("invalid-params", {
      msg: "kernel_specs[0] resource request is smaller than the image minimum (mem=64m cpu=1).",
    });
  }
}

function typeOf(input: Input): "interactive" | "batch" {
  const type = input.type ?? "interactive";
  if (type !== "interactive" && type !== "batch") {
    throw new Refusal("invalid-params", { msg: `The local engine has no ${type} sessions.` });
  }
  if (type === "batch" && !input.startupCommand?.trim()) {
    throw new Refusal("invalid-params", { msg: "Batch sessions must have a non-empty startup command." });
  }
  return type;
}

/** Ended sessions count as well: what they have done is what matters. */
function dependenciesOf({ dependencies }: Input, store: SessionStore): Session[] {
  return (dependencies ?? []).map((reference) => {
    const found = store.byId(reference) ?? store.all().findLast(({ name }) => name === reference);
    if (found === undefined) {
      throw new Refusal("invalid-params", {
        msg: "Unknown session ID or name in the dependency list",
        data: { session_ref: reference },
      });
    }
    return found;
  });
}

function specOf(input: Input, config: Config): Omit<SessionSpec, "image" | "type" | "dependencies"> {
  return {
    name: input.name,
    tag: input.tag ?? null,
    slots: parseSlots(config.resources ?? {}),
    sharedMemoryBytes: parseSize(String(config.resourceOptions?.shmem ?? "64m")) ?? 0,
    environ: Object.fromEntries(
      Object.entries(config.environ ?? {}).map(([key, value]) => [key, String(value)]),
    ),
    mounts: mountsOf(config),
    startupCommand: input.startupCommand ?? null,
    bootstrapScript: input.bootstrapScript ?? null,
    preopenPorts: config.preopenPorts ?? [],
    priority: input.priority ?? 10,
    batchTimeoutMs: secondsOf(input.batchTimeout) * 1000,
  };
}

function mountsOf(config: Config): Map<string, string> {
  const names = [...(config.mounts ?? []), ...(config.mountIds ?? [])];
  const places = { ...config.mountMap, ...config.mountIdMap };
  return new Map(
    names.map((name) => {
      const place = path.posix.normalize((places[name] ?? name).replace(/^\/home\/work\//, ""));
      if (path.posix.isAbsolute(place) || place === "." || place.startsWith("..")) {
        throw new Refusal("invalid-params", { msg: `${name} cannot be mounted outside /home/work.` });
      }
      return [name, place];
    }),
  );
}

/** Seconds of a number or of a text such as `90`, `90s`, `2m`, `1h`; 0 when there is none. */
function secondsOf(value: string | number | null | undefined): number {
  const match = /^(\d+(?:\.\d+)?)\s*([smhd]?)$/.exec(String(value ?? ""));
  const factors: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };
  return match ? Number(match[1]) * (factors[match[2] ?? ""] ?? 1) : 0;
}
