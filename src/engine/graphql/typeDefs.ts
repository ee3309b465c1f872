import type { Era } from "../era.js";
import { containerFields, legacyFields, sessionFields, sessionNodeFields } from "./sessions/sessionFields.js";
import { fieldsOf } from "./fields.js";

/** The schema of the era in GraphQL's own language (`protocol.md` §3.4). */
export function typeDefs(era: Era): string {
  const legacy = era.dialect.graphql.fields === "legacy";
  return [
    "scalar DateTime scalar UUID scalar JSONString scalar BigInt",
    legacy ? legacySessions(era) : currentSessions(era),
    commonTypes(era),
    `type ${era.rules.graphql.queryType} { ${[
      ...(legacy ? legacyQueries : currentQueries(era)),
      ...commonQueries(era),
    ].join("\n")} }`,
    `schema { query: ${era.rules.graphql.queryType} }`,
  ].join("\n");
}

const owner = "domain_name: String, group_id: String, access_key: String, status: String";
const page = "limit: Int!, offset: Int!";

const legacyQueries = [
  `compute_session_list(${page}, order_key: String, order_asc: Boolean, ${owner}): ComputeSessionList`,
  `compute_sessions(${owner}): [ComputeSession]`,
  "compute_session(sess_id: String!, domain_name: String, access_key: String, status: String): ComputeSession",
  "compute_workers(sess_id: String!, domain_name: String, access_key: String, status: String): [ComputeSession]",
];

function legacySessions(era: Era): string {
  return `
    type ComputeSession { ${fieldsOf(legacyFields, era)} workers: [ComputeSession] }
    type ComputeSessionList { items: [ComputeSession] total_count: Int! }`;
}

function currentSessions(era: Era): string {
  const nodes = era.rules.graphql.nodes === undefined ? "" : nodeTypes(era);
  return `
    type ComputeSession { ${fieldsOf(sessionFields, era)} }
    type ComputeSessionList { items: [ComputeSession] total_count: Int! }
    type ComputeContainer { ${fieldsOf(containerFields, era)} }
    type ComputeContainerList { items: [ComputeContainer] total_count: Int! }
    type LegacyComputeSession { ${fieldsOf(legacyFields, era)} session_name: String session_type: String }
    type LegacyComputeSessionList { items: [LegacyComputeSession] total_count: Int! }
    ${nodes}`;
}

function nodeTypes(era: Era): string {
  return `
    type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
    type KernelNode { id: ID! row_id: UUID status: String container_id: String cluster_role: String agent_id: String }
    type KernelEdge { node: KernelNode cursor: String! }
    type KernelConnection { edges: [KernelEdge]! count: Int }
    type ComputeSessionNode { ${fieldsOf(sessionNodeFields, era)} }
    type ComputeSessionEdge { node: ComputeSessionNode cursor: String! }
    type ComputeSessionConnection { pageInfo: PageInfo! edges: [ComputeSessionEdge]! count: Int }`;
}

function currentQueries(era: Era): string[] {
  const ordering =
    era.dialect.graphql.ordering === "key"
      ? "order_key: String, order_asc: Boolean"
      : "filter: String, order: String";
  const queries = [
    `compute_session_list(${page}, ${ordering}, ${owner}): ComputeSessionList`,
    "compute_session(id: UUID!): ComputeSession",
    `compute_container_list(${page}, ${ordering}, session_id: ID!, role: String): ComputeContainerList`,
    "compute_container(id: UUID!): ComputeContainer",
    `legacy_compute_session_list(${page}, order_key: String, order_asc: Boolean, ${owner}): LegacyComputeSessionList`,
    "legacy_compute_session(sess_id: String!, domain_name: String, access_key: String): LegacyComputeSession",
  ];
  const { nodes } = era.rules.graphql;
  if (nodes !== undefined) {
    const scope =
      nodes === "project_id" ? "project_id: UUID!" : "scope_id: String, project_id: UUID, permission: String";
    queries.push(
      `compute_session_nodes(${scope}, filter: String, order: String, offset: Int, first: Int, after: String,
        last: Int, before: String): ComputeSessionConnection`,
      "compute_session_node(id: String!): ComputeSessionNode",
    );
  }
  return queries;
}

function commonTypes(era: Era): string {
  return `
    type KVPair { key: String value: String }
    type ResourceLimit { key: String min: String max: String }
    type Image { name: String humanized_name: String tag: String registry: String architecture: String is_local: Boolean
      digest: String labels: [KVPair] aliases: [String] size_bytes: BigInt resource_limits: [ResourceLimit]
      supported_accelerators: [String] installed: Boolean installed_agents: [String] hash: String id: UUID
      ${era.since("24.12") ? "namespace: String project: String base_image_name: String type: String version: String" : ""}
      ${era.since("25.4") ? "status: String" : ""} }
    type UserInfo { full_name: String }
    type KeyPair { user_id: String user_info: UserInfo access_key: String secret_key: String is_active: Boolean
      is_admin: Boolean resource_policy: String created_at: DateTime modified_at: DateTime last_used: DateTime
      rate_limit: Int num_queries: Int concurrency_used: Int concurrency_limit: Int ssh_public_key: String
      ssh_private_key: String dotfiles: String bootstrap_script: String projects: [String] full_name: String }
    type KeyPairList { items: [KeyPair] total_count: Int! }
    type KeyPairResourcePolicy { name: String created_at: DateTime default_for_unspecified: String
      total_resource_slots: JSONString max_concurrent_sessions: Int max_session_lifetime: Int
      max_containers_per_session: Int max_vfolder_count: Int max_vfolder_size: BigInt idle_timeout: BigInt
      allowed_vfolder_hosts: JSONString max_concurrent_sftp_sessions: Int }
    type Group { id: UUID name: String description: String is_active: Boolean created_at: DateTime
      modified_at: DateTime domain_name: String total_resource_slots: JSONString allowed_vfolder_hosts: JSONString
      integration_id: String scaling_groups: [String] type: String }
    type Domain { name: String description: String is_active: Boolean created_at: DateTime modified_at: DateTime
      total_resource_slots: JSONString allowed_vfolder_hosts: JSONString allowed_docker_registries: [String]
      integration_id: String scaling_groups: [String] }
    type ScalingGroup { name: String description: String is_active: Boolean is_public: Boolean created_at: DateTime
      driver: String driver_opts: JSONString scheduler: String scheduler_opts: JSONString
      use_host_network: Boolean wsproxy_addr: String wsproxy_api_token: String }
    type UserGroup { id: UUID name: String }
    type User { id: ID uuid: UUID username: String email: String full_name: String description: String
      need_password_change: Boolean is_active: Boolean status: String status_info: String created_at: DateTime
      modified_at: DateTime domain_name: String role: String groups: [UserGroup] main_access_key: String
      allowed_client_ip: [String] totp_activated: Boolean sudo_session_enabled: Boolean }
    type VirtualFolder { id: UUID host: String name: String user: UUID user_email: String group: UUID
      group_name: String creator: String unmanaged_path: String usage_mode: String permission: String
      ownership_type: String max_files: Int max_size: BigInt created_at: DateTime last_used: DateTime
      num_files: Int cur_size: BigInt cloneable: Boolean status: String }
    type VirtualFolderList { items: [VirtualFolder] total_count: Int! }`;
}

function commonQueries(era: Era): string[] {
  const ordering =
    era.dialect.graphql.ordering === "key"
      ? "order_key: String, order_asc: Boolean"
      : "filter: String, order: String";
  return [
    "images(is_installed: Boolean, is_operation: Boolean, load_filters: [String], filter_by_statuses: [String]): [Image]",
    "image(reference: String!, architecture: String): Image",
    "keypair(domain_name: String, access_key: String): KeyPair",
    "keypairs(domain_name: String, email: String, is_active: Boolean): [KeyPair]",
    `keypair_list(${page}, ${ordering}, domain_name: String, email: String, is_active: Boolean): KeyPairList`,
    "keypair_resource_policy(name: String): KeyPairResourcePolicy",
    "keypair_resource_policies: [KeyPairResourcePolicy]",
    "group(id: UUID!, domain_name: String): Group",
    "groups(domain_name: String, is_active: Boolean): [Group]",
    "groups_by_name(name: String!, domain_name: String): [Group]",
    "domain(name: String): Domain",
    "domains(is_active: Boolean): [Domain]",
    "scaling_group(name: String): ScalingGroup",
    "scaling_groups(name: String, is_active: Boolean): [ScalingGroup]",
    "scaling_groups_for_domain(domain: String!, is_active: Boolean): [ScalingGroup]",
    "scaling_groups_for_user_group(user_group: String!, is_active: Boolean): [ScalingGroup]",
    "user(domain_name: String, email: String): User",
    `vfolder_list(${page}, ${ordering}, domain_name: String, group_id: UUID, access_key: String): VirtualFolderList`,
  ];
}
