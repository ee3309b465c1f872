import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Release } from "../releases.js";
import type { ClusterPaths } from "../support/paths.js";
import { type Processes, type Program, sessionsUid } from "../support/processes.js";
import { answers, isPortOpen, waitUntil } from "../support/waiting.js";
import { isAgentAlive } from "./database.js";

/** The servers of Backend.AI, in the order in which they are waited for. */
export const serverNames = ["manager", "agent", "storage", "web"] as const;

export type ServerName = (typeof serverNames)[number];

/** What the packaged command line calls each of them. */
const commands: Readonly<Record<ServerName, string>> = {
  manager: "mgr",
  agent: "ag",
  storage: "storage",
  web: "web",
};

/** Starts all servers at once; each finds its configuration in its working folder. */
export async function startServers(paths: ClusterPaths, processes: Processes): Promise<void> {
  await makeVolumeLock();
  for (const name of serverNames) {
    await startServer(name, paths, processes);
  }
}

/** Starts one server in the way of {@link startServers}; `waitForServer` tells when it works. */
export async function startServer(
  name: ServerName,
  paths: ClusterPaths,
  processes: Processes,
): Promise<void> {
  await processes.start({ name, ...programOf(name, paths) });
}

/** Asks a server to end, and waits: each needs seconds to end well. */
export async function stopServer(name: ServerName, processes: Processes): Promise<void> {
  await processes.stop(name, { signal: "SIGTERM", seconds: 15 });
}

/** Ends a server as a crash would: it puts nothing away and says nothing to its clients. */
export async function killServer(name: ServerName, processes: Processes): Promise<void> {
  await processes.stop(name, { signal: "SIGKILL", seconds: 5 });
}

/** Waits until sessions can be created and the web server lets users in. */
export async function waitForServers(release: Release, processes: Processes): Promise<void> {
  for (const name of serverNames) {
    await waitForServer(name, release, processes);
  }
}

/** Waits until one server does its work. */
export async function waitForServer(name: ServerName, release: Release, processes: Processes): Promise<void> {
  await waitUntil(`The ${name} of ${release.name}`, 120, async () => {
    await processes.assertRunning(name);
    return isServing(name, release);
  });
}

/** Whether a server does its work. */
export async function isServing(name: ServerName, release: Release): Promise<boolean> {
  switch (name) {
    case "manager":
      return answers(managerUrl(release));
    case "agent":
      // The manager counts a dead one as alive for half a minute, so its own port counts as well.
      return (await isPortOpen(release.ports.agentRpc)) && (await isAgentAlive(release));
    case "storage":
      return isPortOpen(release.ports.storageManager);
    case "web":
      return answers(`${webUrl(release)}/func/`);
  }
}

/** Where clients with a keypair connect. */
export function managerUrl({ ports }: Release): string {
  return `http://127.0.0.1:${ports.manager}`;
}

/** Where users log in with a password. */
export function webUrl({ ports }: Release): string {
  return `http://127.0.0.1:${ports.web}`;
}

function programOf(name: ServerName, { python, venv, run, sockets }: ClusterPaths): Omit<Program, "name"> {
  const env = {
    PATH: `${path.join(venv, "bin")}:${process.env["PATH"] ?? ""}`,
    HOME: run, // nothing of the person's own configuration
    PYTHONUNBUFFERED: "1",
    // A session takes a core at least; tests want more of them than small computers have cores. 10 is the most that agents take.
    BACKEND_CPU_OVERCOMMIT_FACTOR: "10",
    BACKENDAI_PROMETHEUS_DIR: path.join(sockets, name),
  };
  const program = {
    command: [python, "-m", "ai.backend.cli", commands[name], "start-server"],
    cwd: run,
    env,
  };
  // Folders that sessions mount must belong to the sessions' account.
  return name === "storage" ? { ...program, user: String(sessionsUid) } : program;
}

/** A file at a fixed place that every storage proxy of a computer locks, whatever account it runs as. */
async function makeVolumeLock(): Promise<void> {
  const lock = "/tmp/backendai-xfs-file-lock";
  await mkdir(path.dirname(lock), { recursive: true });
  await writeFile(lock, "", { flag: "a" });
  await chmod(lock, 0o666);
}
