import * as z from "zod/mini";

/** An app of a session, of create's `servicePorts` or of `/apps` (`protocol.md` §3.1, §3.3). */
export const ServicePort = z.looseObject({
  name: z.string(),
  protocol: z.string(),
  ports: z.optional(z.array(z.number())),
  container_ports: z.optional(z.array(z.number())),
  host_ports: z.optional(z.nullable(z.array(z.number()))),
  url_template: z.optional(z.nullable(z.string())),
});
export type ServicePort = z.infer<typeof ServicePort>;

/** The answer of create in any era (`protocol.md` §3.1). */
export const CreateResponse = z.looseObject({
  kernelId: z.optional(z.string()),
  sessionId: z.optional(z.string()),
  sessionName: z.optional(z.string()),
  status: z.optional(z.string()),
  created: z.optional(z.boolean()),
  servicePorts: z.optional(z.nullable(z.array(ServicePort))),
  service_ports: z.optional(z.nullable(z.array(ServicePort))),
});

/** The answer of `GET /session/{id}` (`protocol.md` §3.2): every value may be missing. */
export const SessionInfo = z.looseObject({
  domainName: z.optional(z.nullable(z.string())),
  groupId: z.optional(z.nullable(z.string())),
  lang: z.optional(z.nullable(z.string())),
  image: z.optional(z.nullable(z.string())),
  registry: z.optional(z.nullable(z.string())),
  tag: z.optional(z.nullable(z.string())),
  containerId: z.optional(z.nullable(z.string())),
  status: z.optional(z.nullable(z.string())),
  statusInfo: z.optional(z.nullable(z.string())),
  age: z.optional(z.nullable(z.number())),
  creationTime: z.optional(z.nullable(z.string())),
  terminationTime: z.optional(z.nullable(z.string())),
  numQueriesExecuted: z.optional(z.nullable(z.number())),
});
export type SessionInfo = z.infer<typeof SessionInfo>;

/** The answer of destroy: usage statistics of old servers, `{status}` of new ones, or nothing. */
export const DestroyResponse = z.looseObject({
  stats: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
});

export const LogsResponse = z.looseObject({ result: z.looseObject({ logs: z.string() }) });

export const MatchResponse = z.looseObject({
  matches: z.array(z.looseObject({ id: z.string(), name: z.string(), status: z.optional(z.string()) })),
});
export type SessionMatch = z.infer<typeof MatchResponse>["matches"][number];

export const CommitResponse = z.looseObject({
  bgtask_id: z.string(),
  kernel: z.optional(z.string()),
  path: z.optional(z.string()),
});

export const CommitStatus = z.looseObject({ status: z.string(), kernel: z.optional(z.string()) });

export const ImagifyResponse = z.looseObject({ task_id: z.string() });

export const AbuseReport = z.looseObject({
  kernel: z.optional(z.string()),
  abuse_report: z.optional(z.nullable(z.string())),
});

export const DirectAccess = z.looseObject({
  public_host: z.optional(z.nullable(z.string())),
  sshd_ports: z.optional(z.nullable(z.array(z.union([z.string(), z.number()])))),
});

/** `POST /session/{id}/start-service`: where the app proxy waits. */
export const StartedService = z.looseObject({ token: z.string(), wsproxy_addr: z.string() });

export const TransitStatus = z.looseObject({ session_status_map: z.record(z.string(), z.string()) });

/** Wrapped in `result` up to 26.2, flat since: status → ISO time. */
export const StatusHistory = z.record(z.string(), z.unknown());

/** A row of `compute_session_list` in any era; the fields asked for depend on the dialect (`protocol.md` §3.4). */
export const SessionRow = z.looseObject({
  id: z.optional(z.nullable(z.string())),
  session_id: z.optional(z.nullable(z.string())),
  sess_id: z.optional(z.nullable(z.string())),
  name: z.optional(z.nullable(z.string())),
  type: z.optional(z.nullable(z.string())),
  sess_type: z.optional(z.nullable(z.string())),
  tag: z.optional(z.nullable(z.string())),
  image: z.optional(z.nullable(z.string())),
  lang: z.optional(z.nullable(z.string())),
  status: z.optional(z.nullable(z.string())),
  status_info: z.optional(z.nullable(z.string())),
  result: z.optional(z.nullable(z.string())),
  created_at: z.optional(z.nullable(z.string())),
  terminated_at: z.optional(z.nullable(z.string())),
  access_key: z.optional(z.nullable(z.string())),
  user_email: z.optional(z.nullable(z.string())),
  cluster_size: z.optional(z.nullable(z.number())),
  main_kernel_id: z.optional(z.nullable(z.string())),
});
export type SessionRow = z.infer<typeof SessionRow>;

/** JSON of a `JSONString` field: text, or the value itself on some releases. */
const jsonField = z.optional(z.unknown());

/** A container of a session (`protocol.md` §3.4). */
export const ContainerRow = z.looseObject({
  id: z.optional(z.nullable(z.string())),
  status: z.optional(z.nullable(z.string())),
  status_info: z.optional(z.nullable(z.string())),
  agent: z.optional(z.nullable(z.string())),
  cluster_role: z.optional(z.nullable(z.string())),
  cluster_hostname: z.optional(z.nullable(z.string())),
  cluster_idx: z.optional(z.nullable(z.number())),
});
export type ContainerRow = z.infer<typeof ContainerRow>;

/** A session in full, of `compute_session` (`protocol.md` §3.4); which fields are asked for depends on the release. */
export const SessionDetailRow = z.looseObject({
  ...SessionRow.shape,
  group_id: z.optional(z.nullable(z.string())),
  scaling_group: z.optional(z.nullable(z.string())),
  startup_command: z.optional(z.nullable(z.string())),
  status_data: jsonField,
  idle_checks: jsonField,
  requested_slots: jsonField,
  occupied_slots: jsonField,
  resource_opts: jsonField,
  /** Names, or lists that begin with one. */
  mounts: z.optional(z.nullable(z.array(z.unknown()))),
  cluster_mode: z.optional(z.nullable(z.string())),
  containers: z.optional(z.nullable(z.array(ContainerRow))),
  dependencies: z.optional(
    z.nullable(
      z.array(
        z.looseObject({
          id: z.optional(z.nullable(z.string())),
          name: z.optional(z.nullable(z.string())),
          status: z.optional(z.nullable(z.string())),
        }),
      ),
    ),
  ),
});
export type SessionDetailRow = z.infer<typeof SessionDetailRow>;

/** One check of `idle_checks` (`protocol.md` §3.6). */
export const IdleCheck = z.looseObject({
  remaining: z.optional(z.nullable(z.number())),
  remaining_time_type: z.optional(z.nullable(z.string())),
  extra: z.optional(z.unknown()),
});
export type IdleCheck = z.infer<typeof IdleCheck>;

/** A row of a list that is asked for idle checks alone. */
export const IdleRows = z.looseObject({
  items: z.array(z.looseObject({ id: z.string(), idle_checks: jsonField })),
  total_count: z.number(),
});

/** `compute_session_node` of a session that waits. */
export const QueueNode = z.looseObject({ queue_position: z.optional(z.nullable(z.number())) });

/** What the scheduler wrote into `status_data` of a session that waits (`protocol.md` §3.6); 20.09 to 26.3. */
export const SchedulerData = z.looseObject({
  scheduler: z.optional(
    z.looseObject({
      retries: z.optional(z.number()),
      last_try: z.optional(z.nullable(z.string())),
      msg: z.optional(z.nullable(z.string())),
      failed_predicates: z.optional(
        z.array(z.looseObject({ name: z.string(), msg: z.optional(z.nullable(z.string())) })),
      ),
    }),
  ),
  error: z.optional(
    z.looseObject({
      name: z.optional(z.nullable(z.string())),
      repr: z.optional(z.nullable(z.string())),
    }),
  ),
});

export const SessionPage = z.looseObject({ items: z.array(SessionRow), total_count: z.number() });

/** The JSON of a life-cycle event (`protocol.md` §5.3). In v4 `sessionId` is the session's *name*. */
export const SessionEventData = z.looseObject({
  sessionId: z.optional(z.nullable(z.string())),
  sessionName: z.optional(z.nullable(z.string())),
  ownerAccessKey: z.optional(z.nullable(z.string())),
  reason: z.optional(z.nullable(z.string())),
  exitCode: z.optional(z.nullable(z.number())),
  kernelId: z.optional(z.nullable(z.string())),
});

/** The JSON of a background task's event (`protocol.md` §5.4). */
export const BackgroundTaskData = z.looseObject({
  task_id: z.optional(z.string()),
  message: z.optional(z.nullable(z.string())),
  current_progress: z.optional(z.nullable(z.number())),
  total_progress: z.optional(z.nullable(z.number())),
});
