import path from "node:path";
import type { Release } from "../releases.js";
import type { ClusterPaths } from "../support/paths.js";
import type { Processes } from "../support/processes.js";
import { runCommand, tryCommand } from "../support/runCommand.js";
import { isPortOpen, waitUntil } from "../support/waiting.js";
import { storageSecret } from "./configuration.js";

/** Starts etcd and redis, empty but for what the manager reads at its start. */
export async function startStores(
  release: Release,
  { run }: ClusterPaths,
  processes: Processes,
): Promise<void> {
  const { ports } = release;
  const clients = `http://127.0.0.1:${ports.etcd}`;
  const peers = `http://127.0.0.1:${ports.etcdPeers}`;
  const etcd = [
    ...["etcd", "--name", "cluster", "--data-dir", path.join(run, "etcd"), "--unsafe-no-fsync"],
    ...["--listen-client-urls", clients, "--advertise-client-urls", clients],
    ...["--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers],
    ...["--initial-cluster", `cluster=${peers}`],
  ];
  const redis = ["redis-server", "--port", String(ports.redis), "--bind", "127.0.0.1", "--save", ""];
  await processes.start({ name: "etcd", command: etcd, cwd: run });
  await processes.start({
    name: "redis",
    command: [...redis, "--appendonly", "no"],
    cwd: path.join(run, "redis"),
  });
  await waitUntil("redis", 20, async () => {
    await processes.assertRunning("redis");
    return isPortOpen(ports.redis);
  });
  await seedEtcd(release, processes);
}

/** Ends both. */
export async function stopStores(processes: Processes): Promise<void> {
  await Promise.all(
    ["etcd", "redis"].map(async (name) => processes.stop(name, { signal: "SIGTERM", seconds: 5 })),
  );
}

/**
 * Holds a store still, as a stalled computer would: connections stay open and nothing answers.
 * @returns Lets it go on.
 */
export async function pauseStore(name: "etcd" | "redis", processes: Processes): Promise<() => Promise<void>> {
  await processes.signal(name, "SIGSTOP");
  return async () => processes.signal(name, "SIGCONT");
}

async function seedEtcd({ ports }: Release, processes: Processes): Promise<void> {
  const env = { ETCDCTL_API: "3" };
  const etcdctl = ["etcdctl", "--endpoints", `http://127.0.0.1:${ports.etcd}`];
  await waitUntil("etcd", 20, async () => {
    await processes.assertRunning("etcd");
    return (await tryCommand([...etcdctl, "endpoint", "health"], { env })).ok;
  });
  const values: Readonly<Record<string, string>> = {
    "config/redis/addr": `127.0.0.1:${ports.redis}`,
    "config/redis/redis_helper_config/socket_timeout": "5.0",
    "config/redis/redis_helper_config/socket_connect_timeout": "2.0",
    "config/redis/redis_helper_config/reconnect_poll_timeout": "0.3",
    "config/docker/registry/registry.test": "http://localhost", // up to 23.09 registries are known from here
    "config/docker/registry/registry.test/type": "docker",
    "volumes/_types/group": "",
    "volumes/_types/user": "",
    "volumes/default_host": "local:volume1",
    "volumes/exposed_volume_info": "percentage",
    "volumes/proxies/local/client_api": `http://127.0.0.1:${ports.storageClient}`,
    "volumes/proxies/local/manager_api": `http://127.0.0.1:${ports.storageManager}`,
    "volumes/proxies/local/secret": storageSecret,
    "volumes/proxies/local/ssl_verify": "false",
  };
  const puts = Object.entries(values).map(([key, value]) => `put /sorna/local/${key} "${value}"`);
  // A transaction without conditions: those come first, then what is done, then what else would be.
  await runCommand([...etcdctl, "txn"], { env, input: `\n${puts.join("\n")}\n\n\n` });
}
