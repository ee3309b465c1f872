import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { releases } from "../releases.js";
import { type ClusterPaths, clusterPaths, dockerFolder } from "../support/paths.js";
import { Processes } from "../support/processes.js";
import { runCommand, tryCommand } from "../support/runCommand.js";
import { waitUntil } from "../support/waiting.js";
import { forgetNetwork, recordNetwork, restoreNetwork } from "./dockerNetwork.js";

const name = "dockerd";
const processes = new Processes(path.join(dockerFolder, "processes"), dockerFolder);
const runFolder = "/run/backendai-cluster/docker";

/** Starts a docker daemon where none answers. Its images and volumes stay in the cache. */
export async function ensureDocker(): Promise<void> {
  if ((await tryCommand(["docker", "version"])).ok) {
    return;
  }
  console.error("Starting a docker daemon …");
  await recordNetwork(dockerFolder);
  const folders = [`--data-root=${dockerFolder}/data`, `--exec-root=${runFolder}`];
  const command = ["dockerd", ...folders, `--pidfile=${runFolder}/dockerd.pid`];
  await runCommand(["mkdir", "-p", runFolder]);
  await processes.start({ name, command, cwd: "/" });
  await waitUntil("The docker daemon", 60, async () => {
    await processes.assertRunning(name);
    return (await tryCommand(["docker", "version"])).ok;
  });
}

/** Ends the docker daemon if it was started here and no cluster or container needs it any more. */
export async function releaseDocker(): Promise<void> {
  if (
    !(await processes.isRunning(name)) ||
    releases.some((release) => existsSync(clusterPaths(release).run))
  ) {
    return;
  }
  const containers = await tryCommand(["docker", "ps", "-q"]);
  if (containers.stdout.trim() !== "") {
    console.error("The docker daemon goes on: other containers run in it.");
    return;
  }
  await processes.stop(name, { signal: "SIGTERM", seconds: 30 });
  await restoreNetwork(dockerFolder);
  await forgetNetwork(dockerFolder);
  await unmountBelow(runFolder);
  await rm(runFolder, { recursive: true, force: true });
}

/** Removes the containers of sessions of an agent, and the one through which they reach it. */
export async function removeContainers(agentId: string, { sockets }: ClusterPaths): Promise<void> {
  const filters = [`label=ai.backend.owner=${agentId}`, `volume=${path.join(sockets, "agent/container")}`];
  for (const filter of filters) {
    const list = await tryCommand(["docker", "ps", "-aq", "--filter", filter]);
    const ids = list.stdout.split("\n").filter((id) => id !== "");
    if (ids.length > 0) {
      await runCommand(["docker", "rm", "-f", "-v", ...ids]);
    }
  }
}

/** Kills the containers of a session behind its agent's back. */
export async function killContainers(sessionId: string): Promise<void> {
  const filter = `label=ai.backend.session-id=${sessionId}`;
  const ids = (await runCommand(["docker", "ps", "-q", "--filter", filter]))
    .split("\n")
    .filter((id) => id !== "");
  await runCommand(["docker", "kill", ...ids]);
}

/** The daemon keeps its network namespace as a mount, and forgets it at its end. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile("/proc/mounts", "utf8")).split("\n").map((line) => line.split(" ")[1] ?? "");
  for (const mount of mounts.filter((target) => target.startsWith(`${folder}/`))) {
    await runCommand(["umount", mount]);
  }
}
