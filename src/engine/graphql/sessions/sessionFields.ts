import type { FieldSpec } from "../fields.js";

/** `ComputeSession` since 20.03 (`protocol.md` §3.4). */
export const sessionFields: readonly FieldSpec[] = [
  "id: ID session_id: UUID tag: String name: String type: String image: String registry: String",
  "cluster_template: String domain_name: String group_name: String group_id: UUID user_email: String user_id: UUID",
  "access_key: String created_user_email: String created_user_id: UUID status: String status_changed: DateTime",
  "status_info: String created_at: DateTime terminated_at: DateTime startup_command: String result: String",
  "resource_opts: JSONString scaling_group: String service_ports: JSONString mounts: [String]",
  "occupied_slots: JSONString num_queries: BigInt containers: [ComputeContainer] dependencies: [ComputeSession]",
  ["cluster_mode: String cluster_size: Int status_data: JSONString starts_at: DateTime", "20.09"],
  ["architecture: String main_kernel_id: UUID", "22.09"],
  ["occupying_slots: JSONString status_history: JSONString scheduled_at: DateTime", "22.09"],
  ["agent_ids: [String] abusing_reports: [JSONString] idle_checks: JSONString", "22.09"],
  ["main_kernel_role: String agents: [String] commit_status: String full_name: String", "22.09"],
  ["requested_slots: JSONString vfolder_mounts: [String]", "23.09"],
  ["priority: Int", "24.09"],
  ["inference_metrics: JSONString", "24.03"],
];

/** `ComputeContainer`. */
export const containerFields: readonly FieldSpec[] = [
  "id: ID hostname: String session_id: UUID image: String registry: String status: String",
  "status_changed: DateTime status_info: String created_at: DateTime terminated_at: DateTime agent: String",
  "container_id: String resource_opts: JSONString occupied_slots: JSONString live_stat: JSONString",
  "last_stat: JSONString",
  ["role: String", "20.03", "23.09"],
  ["cluster_idx: Int cluster_role: String cluster_hostname: String status_data: JSONString", "20.09"],
  ["starts_at: DateTime", "20.09"],
  ["kernel_id: UUID local_rank: Int architecture: String preopen_ports: [Int]", "22.09"],
  ["scheduled_at: DateTime abusing_report: JSONString agent_addr: String", "22.09"],
  ["status_history: JSONString", "25.1"],
];

/** The session type of v4, which later servers keep as `LegacyComputeSession`. */
export const legacyFields: readonly FieldSpec[] = [
  "sess_id: String sess_type: String id: ID role: String image: String registry: String domain_name: String",
  "group_name: String group_id: UUID scaling_group: String user_uuid: UUID access_key: String status: String",
  "status_changed: DateTime status_info: String created_at: DateTime terminated_at: DateTime",
  "startup_command: String result: String agent: String container_id: String service_ports: JSONString",
  "occupied_slots: JSONString occupied_shares: JSONString mounts: [String] resource_opts: JSONString",
  "num_queries: BigInt live_stat: JSONString last_stat: JSONString user_email: String tag: String",
  "lang: String mem_slot: Int cpu_slot: Float gpu_slot: Float tpu_slot: Float cpu_used: BigInt",
  "cpu_using: Float mem_max_bytes: BigInt mem_cur_bytes: BigInt net_rx_bytes: BigInt net_tx_bytes: BigInt",
  "io_read_bytes: BigInt io_write_bytes: BigInt io_max_scratch_size: BigInt io_cur_scratch_size: BigInt",
];

/** The Relay-style session node. */
export const sessionNodeFields: readonly FieldSpec[] = [
  "id: ID! row_id: UUID tag: String name: String type: String cluster_template: String cluster_mode: String",
  "cluster_size: Int domain_name: String project_id: UUID user_id: UUID access_key: String status: String",
  "status_info: String status_data: JSONString status_changed: DateTime status_history: JSONString",
  "created_at: DateTime terminated_at: DateTime starts_at: DateTime scheduled_at: DateTime",
  "startup_command: String result: String resource_opts: JSONString scaling_group: String",
  "service_ports: JSONString occupied_slots: JSONString occupying_slots: JSONString",
  "requested_slots: JSONString num_queries: BigInt agent_ids: [String] idle_checks: JSONString",
  "commit_status: String abusing_reports: [JSONString] kernel_nodes: KernelConnection priority: Int",
  ["queue_position: Int", "25.13"],
];
