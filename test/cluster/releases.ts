/** Edits of installed server packages that a release needs on a test host; `inside/patch.py` says what each one does. */
export type Patch = "container-limits" | "statement-cache" | "scaling-group-import" | "execute";

/** A language that there is a session image for. */
export type Runtime = "python" | "c";

/** One server release, and where a cluster of it listens. Several releases can run at the same time. */
export interface Release {
  /** As it is asked for on the command line; names its folder in the cache. */
  readonly name: string;
  /** As the package index calls it; names its file of pinned versions. */
  readonly version: string;
  /** The only Python that its packages and pins fit. */
  readonly python: string;
  readonly patches: readonly Patch[];
  /** Which settings the servers know; each refuses some of the other's. */
  readonly settings: "old" | "new";
  /** Languages that its runner inside of sessions has; a session of another one would end at once. */
  readonly runtimes: readonly Runtime[];
  /** What the agent calls itself; marks its containers. */
  readonly agentId: string;
  readonly ports: Ports;
}

/** Each one is on loopback only. */
export interface Ports {
  readonly manager: number;
  readonly managerInternal: number;
  readonly web: number;
  readonly etcd: number;
  readonly etcdPeers: number;
  readonly redis: number;
  readonly postgres: number;
  readonly agentRpc: number;
  readonly agentService: number;
  readonly agentSocket: number;
  readonly agentWatcher: number;
  readonly agentMetadata: number;
  readonly storageClient: number;
  readonly storageManager: number;
  readonly storageInternal: number;
  /** Debugging consoles: two of the manager, two of the agent, two of the storage proxy. */
  readonly consoles: readonly [number, number, number, number, number, number];
  /** First and last port of the services inside sessions. */
  readonly sessions: readonly [number, number];
}

// The execute calls of 24.09.14 all fail as published; whoever wants to see what else it does can have them mended.
const mended: readonly Patch[] = process.env["CLUSTER_FIX_EXECUTE"] === "1" ? ["execute"] : [];

/** Every release that can be brought up. */
export const releases: readonly Release[] = [
  {
    name: "23.09",
    version: "23.9.10",
    python: "3.11",
    patches: ["container-limits", "statement-cache"],
    settings: "old",
    runtimes: ["python", "c"],
    agentId: "i-cluster-2309",
    ports: portsFrom(17_100, 28_000),
  },
  {
    name: "24.09.6",
    version: "24.9.6",
    python: "3.12",
    patches: ["container-limits"],
    settings: "old",
    runtimes: ["python", "c"],
    agentId: "i-cluster-24096",
    ports: portsFrom(17_200, 29_000),
  },
  {
    name: "24.09.14",
    version: "24.9.14",
    python: "3.12",
    patches: ["scaling-group-import", ...mended],
    settings: "old",
    runtimes: ["python", "c"],
    agentId: "i-cluster-240914",
    ports: portsFrom(17_300, 30_000),
  },
  {
    name: "26.8",
    version: "26.8.1",
    python: "3.13",
    patches: [],
    settings: "new",
    runtimes: ["python"],
    agentId: "i-cluster-268",
    ports: portsFrom(17_400, 31_000),
  },
];

/** A block of ports for the servers and one for sessions; both below 32768, where ports of outgoing connections begin. */
function portsFrom(base: number, sessions: number): Ports {
  return {
    manager: base,
    managerInternal: base + 1,
    web: base + 2,
    etcd: base + 3,
    etcdPeers: base + 4,
    redis: base + 5,
    postgres: base + 6,
    agentRpc: base + 7,
    agentService: base + 8,
    agentSocket: base + 9,
    agentWatcher: base + 10,
    agentMetadata: base + 11,
    storageClient: base + 12,
    storageManager: base + 13,
    storageInternal: base + 14,
    consoles: [base + 20, base + 21, base + 22, base + 23, base + 24, base + 25],
    sessions: [sessions, sessions + 999],
  };
}
