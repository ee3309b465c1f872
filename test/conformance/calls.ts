/**
 * What a client can ask of a compute session, by the names of the reference client, and the parameters of each call. Every
 * row needs a passing case on every server; `coverage.ts` sees to it.
 */
export const calls = {
  hello: [],
  get_task_logs: ["task_id", "chunk_size"],
  get_or_create: [
    "client_token",
    "type",
    "enqueue_only",
    "max_wait",
    "no_reuse",
    "mounts",
    "envs",
    "startup_command",
    "resources",
    "resource_opts",
    "cluster_size",
    "domain",
    "group",
    "tag",
    "scaling_group",
    "owner_access_key",
  ],
  destroy: ["forced"],
  restart: [],
  interrupt: [],
  complete: ["row, col, line, post"],
  get_info: [],
  get_logs: [],
  execute: [
    "mode=query",
    "mode=batch",
    "mode=continue",
    "mode=input",
    "mode=complete",
    "opts.clean",
    "opts.build",
    "opts.buildLog",
    "opts.exec",
  ],
  upload: ["basedir", "show_progress"],
  download: ["dest", "show_progress"],
  list_files: ["path"],
  stream_events: [],
  stream_pty: ["resize", "restart"],
  stream_execute: ["mode=query", "mode=batch"],
  owner_access_key: [],
} as const;

type Calls = typeof calls;

/** A call of the reference client. */
export type CallName = keyof Calls;

/** A row of the table: a call, or one of its parameters. */
export type Covered = CallName | { [Name in CallName]: `${Name}(${Calls[Name][number]})` }[CallName];

/** What the SDK offers beyond those calls: shown in the table, and in need of a case as well. */
export const extras = [
  "login",
  "authorize",
  "list sessions",
  "images and resources",
  "rename",
  "match",
  "download_single",
  "container log by kernel",
  "virtual folders",
  "trash of virtual folders",
  "apps",
  "tunnel",
  "start-service, shutdown-service",
  "background tasks",
  "commit",
  "imagify",
  "templates and clusters",
  "dependency graph",
  "status history",
  "transit-status",
  "abusing report, direct access",
] as const;

/** An offer beyond the reference client. */
export type Extra = (typeof extras)[number];

/** All rows in their order. */
export const rows: readonly (Covered | Extra)[] = [
  ...Object.entries(calls).flatMap(([name, parameters]) => [
    name as CallName, // the keys of `calls`, which `entries` forgets
    ...parameters.map((parameter) => `${name}(${parameter})` as Covered),
  ]),
  ...extras,
];

/** A row as tables show it: a parameter stands under its call. */
export function nameOf(row: string): string {
  const [, call = row, parameter] = /^(\w+)\((.*)\)$/.exec(row) ?? [];
  return parameter === undefined ? `\`${call}\`` : `\u2003${parameter}`;
}
