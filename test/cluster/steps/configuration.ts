import { chown, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Ports, Release } from "../releases.js";
import type { ClusterPaths } from "../support/paths.js";
import { sessionsUid } from "../support/processes.js";
import { runCommand } from "../support/runCommand.js";
import { type Toml, toToml } from "../support/toml.js";

const host = "127.0.0.1";
/** Between manager and storage proxy. */
export const storageSecret = "manager-to-storage-secret";

/** Files carry the names under which the servers look for them in their working folder. */
export async function writeConfiguration(release: Release, paths: ClusterPaths): Promise<void> {
  const folders = ["scratches", "commit", "coredumps", "var/agent", "mounts/local/volume1", "redis"];
  const sockets = ["manager", "agent", "storage", "web"];
  await Promise.all([
    ...folders.map(async (folder) => mkdir(path.join(paths.run, folder), { recursive: true })),
    ...sockets.map(async (folder) => mkdir(path.join(paths.sockets, folder), { recursive: true })),
  ]);
  const volume = path.join(paths.run, "mounts/local/volume1");
  // The layout of the volume; without it the storage proxy takes it for one of old.
  await writeFile(path.join(volume, "version.txt"), "3\n");
  for (const owned of [volume, path.join(volume, "version.txt"), path.join(paths.sockets, "storage")]) {
    await chown(owned, sessionsUid, sessionsUid);
  }
  const files = {
    "manager.toml": manager(release, paths),
    "agent.toml": agent(release, paths),
    "storage-proxy.toml": storageProxy(release, paths, volume),
    "webserver.conf": webServer(release, paths),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(path.join(paths.run, name), `${toToml({ ...content, ...logging })}\n`);
  }
  // With it the manager shows itself to agents. Ours has no key of its own and does not ask, but the file must be there.
  const makeKey = `import zmq.auth; zmq.auth.create_certificates(${JSON.stringify(paths.run)}, "manager")`;
  await runCommand([paths.python, "-c", makeKey]);
}

const logging: Toml = {
  logging: {
    level: "INFO",
    drivers: ["console"],
    console: { colored: false, format: "simple" },
    "pkg-ns": { "": "WARNING", "ai.backend": "INFO" },
  },
};

function etcd({ etcd: port }: Ports): Toml {
  return { namespace: "local", addr: { host, port }, user: "", password: "" };
}

function consoles([termui, webui]: readonly number[]): Toml {
  return { "aiomonitor-termui-port": termui ?? 0, "aiomonitor-webui-port": webui ?? 0 };
}

function manager({ ports }: Release, { sockets, run }: ClusterPaths): Toml {
  return {
    etcd: etcd(ports),
    db: {
      type: "postgresql",
      addr: { host, port: ports.postgres },
      name: "backend",
      user: "postgres",
      password: "develove",
    },
    manager: {
      "num-proc": 1,
      "ipc-base-path": path.join(sockets, "manager"),
      "service-addr": { host, port: ports.manager },
      "internal-addr": { host, port: ports.managerInternal },
      "ssl-enabled": false,
      "hide-agents": true,
      "rpc-auth-manager-keypair": path.join(run, "manager.key_secret"),
      ...consoles(ports.consoles.slice(0, 2)),
    },
    "docker-registry": { "ssl-verify": false },
    debug: { enabled: false },
  };
}

function agent({ ports, agentId, settings }: Release, { sockets, run }: ClusterPaths): Toml {
  return {
    etcd: etcd(ports),
    agent: {
      mode: "docker",
      id: agentId,
      "rpc-listen-addr": { host, port: ports.agentRpc },
      "service-addr": { host, port: ports.agentService },
      "agent-sock-port": ports.agentSocket,
      "metadata-server-bind-host": host,
      "metadata-server-port": ports.agentMetadata,
      [settings === "new" ? "initial-resource-group-name" : "scaling-group"]: "default",
      "allow-compute-plugins": [],
      "event-loop": "asyncio",
      "cohabiting-storage-proxy": true,
      "ipc-base-path": path.join(sockets, "agent"),
      "var-base-path": path.join(run, "var/agent"),
      "image-commit-path": path.join(run, "commit"),
      "mount-path": path.join(run, "mounts"),
      ...consoles(ports.consoles.slice(2, 4)),
    },
    container: {
      "bind-host": host,
      "port-range": ports.sessions,
      // The agent runs as root; sessions must not.
      "kernel-uid": sessionsUid,
      "kernel-gid": sessionsUid,
      "sandbox-type": "docker",
      "scratch-type": "hostdir",
      "scratch-root": path.join(run, "scratches"),
      "stats-type": "docker",
    },
    watcher: { "service-addr": { host, port: ports.agentWatcher } },
    // As many sessions as there are cores: nothing is put aside for the agent.
    resource: { "reserved-cpu": 0, "reserved-mem": "512M", "reserved-disk": "1G" },
    debug: { enabled: false, coredump: { enabled: false, path: path.join(run, "coredumps") } },
  };
}

function storageProxy(release: Release, { sockets }: ClusterPaths, volume: string): Toml {
  const { ports, agentId, settings } = release;
  return {
    etcd: etcd(ports),
    "storage-proxy": {
      "node-id": `${agentId}-storage`,
      "num-proc": 1,
      "event-loop": "asyncio",
      "ipc-base-path": path.join(sockets, "storage"),
      secret: "upload-token-secret",
      "session-expire": "1d",
      ...consoles(ports.consoles.slice(4, 6)),
    },
    api: {
      client: { "service-addr": { host, port: ports.storageClient }, "ssl-enabled": false },
      manager: {
        "service-addr": { host, port: ports.storageManager },
        ...(settings === "new" ? { "internal-addr": { host, port: ports.storageInternal } } : {}),
        "ssl-enabled": false,
        secret: storageSecret,
      },
    },
    volume: { volume1: { backend: "vfs", path: volume } },
    debug: { enabled: false },
  };
}

function webServer({ ports }: Release, { sockets }: ClusterPaths): Toml {
  return {
    service: { ip: host, port: ports.web, mode: "webui", wsproxy: { url: "" } },
    resources: {},
    environments: {},
    plugin: {},
    pipeline: {
      endpoint: "http://127.0.0.1:9500",
      "frontend-endpoint": "http://127.0.0.1:3000",
      jwt: { secret: "unused" },
    },
    ui: { brand: "Test" },
    api: {
      domain: "default",
      endpoint: `http://${host}:${ports.manager}`,
      text: "Test",
      ssl_verify: false,
      auth_token_name: "sToken",
    },
    session: {
      redis: { addr: `${host}:${ports.redis}` },
      max_age: 604_800,
      flush_on_startup: false,
      login_block_time: 1200,
      login_allowed_fail_count: 10,
      max_count_for_preopen_ports: 10,
    },
    license: {},
    webserver: { "event-loop": "asyncio", "ipc-base-path": path.join(sockets, "web") },
    security: { cookie_secure: false }, // it is served without TLS
  };
}
