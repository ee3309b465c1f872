import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { releases } from "../releases.js";
import { type ClusterPaths, clusterPaths, dockerFolder } from "../support/paths.js";
import { sendSignal } from "../../host/server/processGroup.js";
import { Processes } from "../support/processes.js";
import { runCommand, tryCommand } from "../support/runCommand.js";
import { waitUntil } from "../support/waiting.js";
import { forgetNetwork, recordNetwork, restoreNetwork } from "./dockerNetwork.js";

const name = "dockerd";
const processes = new Processes(path.join(dockerFolder, "processes"), dockerFolder);
const runFolder = "/run/backendai-cluster/docker";

/** Starts a docker daemon where none answers. Its images and volumes stay in the cache. */
export async function ensureDocker(): Promise<void> {
  if ((await answers()) || (await isStarting())) {
    return;
  }
  console.error("Starting a docker daemon …");
  await removeLeftovers();
  await recordNetwork(dockerFolder);
  const folders = [`--data-root=${dockerFolder}/data`, `--exec-root=${runFolder}`];
  const command = ["dockerd", ...folders, `--pidfile=${runFolder}/dockerd.pid`];
  await runCommand(["mkdir", "-p", runFolder]);
  await processes.start({ name, command, cwd: "/" });
  await waitUntil("The docker daemon", 60, async () => {
    await processes.assertRunning(name);
    return answers();
  });
}

/** Whether a docker daemon answers. One that is not ready, or hangs, takes connections and says nothing. */
async function answers(): Promise<boolean> {
  return (await tryCommand(["docker", "version"], { seconds: 10 })).ok;
}

/** Whether a daemon that another clone has started comes to answer. */
async function isStarting(): Promise<boolean> {
  if ((await ownProcesses(/^dockerd$/)).length === 0) {
    return false;
  }
  return waitUntil("A docker daemon that runs already", 30, answers).then(
    () => true,
    () => false,
  );
}

/**
 * Ends what is left of a daemon that was started here, by this clone or another one, and killed: its helpers may still
 * run, and its files name processes that do not. A daemon that finds those waits for them, or fails.
 */
async function removeLeftovers(): Promise<void> {
  await processes.stop(name, { signal: "SIGTERM", seconds: 10 });
  const helpers = /^(dockerd|docker-proxy|containerd(-shim.*)?)$/;
  for (const pid of await ownProcesses(helpers)) {
    sendSignal(pid, "SIGKILL");
  }
  await waitUntil("The end of an earlier docker daemon", 20, async () => {
    return (await ownProcesses(helpers)).length === 0;
  });
  await unmountBelow(runFolder);
  await rm(runFolder, { recursive: true, force: true });
}

/** Numbers of the processes with such a name whose command line names the daemon's folder. */
async function ownProcesses(names: RegExp): Promise<number[]> {
  const numbers = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    numbers.map(async (number) => {
      const line = await readFile(`/proc/${number}/cmdline`, "utf8").catch(() => ""); // it has ended
      const [program = "", ...args] = line.split("\0");
      const isOwn = args.some(
        (argument) => argument.includes(`${runFolder}/`) || argument.endsWith(runFolder),
      );
      return isOwn && names.test(path.basename(program)) ? [Number(number)] : [];
    }),
  );
  return found.flat();
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

/**
 * Removes the containers of sessions of an agent, and the one through which they reach it. Where no docker daemon answers,
 * none of them runs.
 */
export async function removeContainers(agentId: string, { sockets }: ClusterPaths): Promise<void> {
  const filters = [`label=ai.backend.owner=${agentId}`, `volume=${path.join(sockets, "agent/container")}`];
  for (const filter of filters) {
    const list = await tryCommand(["docker", "ps", "-aq", "--filter", filter], { seconds: 30 });
    if (!list.ok) {
      return;
    }
    const ids = list.stdout.split("\n").filter((id) => id !== "");
    if (ids.length > 0) {
      await runCommand(["docker", "rm", "-f", "-v", ...ids], { seconds: 40 });
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
    await tryCommand(["umount", mount]); // one that stays is found by those who remove the folder
  }
}
