import { GraphQLError } from "graphql";
import type { EngineParts } from "../routes/engineParts.js";
import { type Image, canonicalName } from "../images/imageCatalog.js";
import { capacity, slotStrings } from "../sessions/slots.js";
import type { Node } from "./sessions/sessionNode.js";
import type { Resolver } from "./sessions/sessionQueries.js";

/** The fields about the account, its groups and limits, and the images. */
export function accountQueries(parts: EngineParts): Record<string, Resolver> {
  const { account, folders } = parts;
  const mine = (value: unknown, own: string): boolean => typeof value !== "string" || value === own;
  const policy = (): Node => policyNode(parts);
  return {
    images: async () => (await parts.images()).images.map(imageNode),
    image: async (given) => {
      const reference = String(given["reference"]);
      const image = (await parts.images()).find(reference);
      if (image === undefined) {
        throw new GraphQLError(`Unknown image references: ${reference}`);
      }
      return imageNode(image);
    },
    keypair: (given) => (mine(given["access_key"], account.accessKey) ? keypairNode(parts) : null),
    keypairs: (given) => (mine(given["email"], account.email) ? [keypairNode(parts)] : []),
    keypair_list: (given) => {
      const items = mine(given["email"], account.email) ? [keypairNode(parts)] : [];
      return { items, total_count: items.length };
    },
    keypair_resource_policy: (given) => (mine(given["name"], "default") ? policy() : null),
    keypair_resource_policies: () => [policy()],
    group: (given) => (mine(given["id"], account.groupId) ? groupNode(parts) : null),
    groups: (given) => (mine(given["domain_name"], account.domain) ? [groupNode(parts)] : []),
    groups_by_name: (given) => (mine(given["name"], account.group) ? [groupNode(parts)] : []),
    domain: (given) => (mine(given["name"], account.domain) ? domainNode(parts) : null),
    domains: () => [domainNode(parts)],
    scaling_group: (given) => (mine(given["name"], "default") ? scalingGroupNode : null),
    scaling_groups: (given) => (mine(given["name"], "default") ? [scalingGroupNode] : []),
    scaling_groups_for_domain: () => [scalingGroupNode],
    scaling_groups_for_user_group: () => [scalingGroupNode],
    user: (given) => (mine(given["email"], account.email) ? userNode(parts) : null),
    vfolder_list: async (given) => {
      const items = (await folders.list()).map((folder) => ({
        id: folder.id,
        host: "local:volume1",
        name: folder.name,
        user: account.userId,
        user_email: account.email,
        creator: account.email,
        usage_mode: "general",
        permission: "rw",
        ownership_type: "user",
        max_files: 0,
        num_files: 0,
        created_at: folder.createdAt.toISOString(),
        cloneable: false,
        status: folder.status,
      }));
      const from = Number(given["offset"] ?? 0);
      return { items: items.slice(from, from + Number(given["limit"] ?? 20)), total_count: items.length };
    },
  };
}

function imageNode(image: Image): Node {
  return {
    name: image.name,
    namespace: image.name,
    project: "",
    base_image_name: image.name,
    humanized_name: image.name,
    tag: image.tag,
    version: image.tag,
    registry: image.registry,
    architecture: image.architecture,
    is_local: true,
    digest: `sha256:${Buffer.from(canonicalName(image)).toString("hex").padEnd(64, "0").slice(0, 64)}`,
    labels: Object.entries(image.labels).map(([key, value]) => ({ key, value })),
    aliases: image.aliases,
    size_bytes: 0,
    resource_limits: [
      { key: "cpu", min: "1", max: String(capacity()["cpu"] ?? 1) },
      { key: "mem", min: "64m", max: "Infinity" },
    ],
    supported_accelerators: [],
    installed: true,
    installed_agents: ["i-local"],
    status: "ALIVE",
    type: "compute",
  };
}

function keypairNode({ account, sessions, rateLimit }: EngineParts): Node {
  return {
    user_id: account.email,
    user_info: { full_name: account.email },
    full_name: account.email,
    access_key: account.accessKey,
    secret_key: account.secretKey,
    is_active: true,
    is_admin: false,
    resource_policy: "default",
    created_at: null,
    rate_limit: rateLimit,
    num_queries: sessions.store.all().reduce((sum, session) => sum + session.queries, 0),
    concurrency_used: sessions.store.live().filter((session) => session.isPlaced).length,
    concurrency_limit: sessions.parts.limits.maxSessions,
    ssh_public_key: account.sshPublicKey,
    dotfiles: "[]",
    projects: [account.group],
  };
}

function policyNode({ sessions }: EngineParts): Node {
  const { maxSessions, idleTimeoutMs, lifetimeMs } = sessions.parts.limits;
  return {
    name: "default",
    default_for_unspecified: "UNLIMITED",
    total_resource_slots: JSON.stringify(slotStrings(capacity())),
    max_concurrent_sessions: maxSessions,
    max_session_lifetime: Math.round(lifetimeMs / 1000),
    max_containers_per_session: 1,
    max_concurrent_sftp_sessions: 0,
    max_vfolder_count: 0,
    max_vfolder_size: 0,
    idle_timeout: Math.round(idleTimeoutMs / 1000),
    allowed_vfolder_hosts: JSON.stringify({ "local:volume1": ["create-vfolder", "mount-in-session"] }),
  };
}

function groupNode({ account }: EngineParts): Node {
  return {
    id: account.groupId,
    name: account.group,
    description: "This computer",
    is_active: true,
    domain_name: account.domain,
    total_resource_slots: "{}",
    allowed_vfolder_hosts: "{}",
    scaling_groups: ["default"],
    type: "GENERAL",
  };
}

function domainNode({ account }: EngineParts): Node {
  return {
    name: account.domain,
    description: "This computer",
    is_active: true,
    total_resource_slots: "{}",
    allowed_vfolder_hosts: "{}",
    allowed_docker_registries: ["local"],
    scaling_groups: ["default"],
  };
}

const scalingGroupNode: Node = {
  name: "default",
  description: "This computer",
  is_active: true,
  is_public: true,
  driver: "static",
  driver_opts: "{}",
  scheduler: "fifo",
  scheduler_opts: "{}",
  use_host_network: true,
};

function userNode({ account }: EngineParts): Node {
  return {
    id: account.userId,
    uuid: account.userId,
    username: account.email.split("@")[0],
    email: account.email,
    full_name: account.email,
    is_active: true,
    status: "ACTIVE",
    need_password_change: false,
    domain_name: account.domain,
    role: "user",
    groups: [{ id: account.groupId, name: account.group }],
    main_access_key: account.accessKey,
    totp_activated: false,
    sudo_session_enabled: false,
  };
}
