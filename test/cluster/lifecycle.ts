import { mkdir, rm } from "node:fs/promises";
import { messageOf } from "../../src/base/errors.js";
import { clientVariables } from "./clientVariables.js";
import type { Release } from "./releases.js";
import { writeConfiguration } from "./steps/configuration.js";
import { ensureDatabaseTemplate, startDatabase, stopPostgres } from "./steps/database.js";
import { ensureDocker, releaseDocker, removeContainers } from "./steps/docker.js";
import { ensurePythonEnvironment } from "./steps/pythonEnvironment.js";
import { isServing, serverNames, startServers, stopServer, waitForServers } from "./steps/servers.js";
import { ensureSessionImages, registerSessionImages } from "./steps/sessionImages.js";
import { startStores, stopStores } from "./steps/stores.js";
import { type ClusterPaths, clusterPaths } from "./support/paths.js";
import { ensurePrerequisites } from "./support/prerequisites.js";
import { type Processes, processesOf } from "./support/processes.js";
import { cleanUp, step } from "./support/step.js";
import { isPortFree } from "./support/waiting.js";

/** Longest that the end of a cluster may take, in seconds: its processes, its containers, and docker if that was ours. */
const endSeconds = 120;

/** Installs a release and makes all that its start needs: minutes once, nothing after that. */
export async function install(release: Release): Promise<void> {
  const paths = clusterPaths(release);
  const startedAt = Date.now();
  await checkComputer();
  await prepare(release, paths);
  await step("The docker daemon", 120, ensureDocker);
  await step("The session images", 1200, async () => ensureSessionImages(paths));
  await cleanUp("The end of docker", endSeconds, releaseDocker);
  report(`Release ${release.name} is installed`, startedAt);
}

/** Brings a cluster up from nothing; one that is up already is left as it is. Prints what clients need. */
export async function up(release: Release): Promise<void> {
  const paths = clusterPaths(release);
  const processes = processesOf(paths);
  const startedAt = Date.now();
  await checkComputer();
  if (!(await isUp(release, processes))) {
    await step("What an earlier start left", endSeconds, async () => end(release, paths, processes));
    await prepare(release, paths);
    await start(release, paths, processes);
  }
  report(`Release ${release.name} is up`, startedAt);
  console.log(exportsOf(release));
}

/** Whether a cluster is up and answers. */
export async function isClusterUp(release: Release): Promise<boolean> {
  return isUp(release, processesOf(clusterPaths(release)));
}

/** Ends a cluster and all that it started. What makes the next start quick stays in the cache. */
export async function down(release: Release): Promise<void> {
  const paths = clusterPaths(release);
  const startedAt = Date.now();
  await checkComputer();
  await cleanUp(`The end of ${release.name}`, endSeconds, async () => {
    await end(release, paths, processesOf(paths));
    await releaseDocker();
  });
  report(`Release ${release.name} is down`, startedAt);
}

/** Tells what runs and answers, and prints what clients need; fails unless all of it does. */
export async function status(release: Release): Promise<void> {
  const processes = processesOf(clusterPaths(release));
  const running = await processes.running();
  for (const name of ["etcd", "redis", "postgres", ...serverNames]) {
    const server = serverNames.find((candidate) => candidate === name);
    const isIdle = server !== undefined && running.includes(name) && !(await isServing(server, release));
    console.error(
      `${name.padEnd(10)}${running.includes(name) ? (isIdle ? "does not answer" : "runs") : "–"}`,
    );
  }
  if (await isUp(release, processes)) {
    console.log(exportsOf(release));
  } else {
    process.exitCode = 1;
  }
}

async function checkComputer(): Promise<void> {
  await step("The system packages", 600, ensurePrerequisites);
}

/** What is needed once. Its deadlines are those of a slow network on a busy computer. */
async function prepare(release: Release, paths: ClusterPaths): Promise<void> {
  await step(`The servers of ${release.name}`, 900, async () => ensurePythonEnvironment(release, paths));
  await step("The database to begin with", 300, async () => ensureDatabaseTemplate(release, paths));
}

async function start(release: Release, paths: ClusterPaths, processes: Processes): Promise<void> {
  await rm(paths.logs, { recursive: true, force: true });
  await Promise.all([mkdir(paths.run, { recursive: true }), mkdir(paths.logs, { recursive: true })]);
  try {
    await assertPortsFree(release);
    await step("The docker daemon", 120, ensureDocker);
    await step("The session images", 1200, async () => ensureSessionImages(paths));
    await step("The configuration", 60, async () => writeConfiguration(release, paths));
    await step("The stores and the database", 180, async () => {
      await Promise.all([
        startStores(release, paths, processes),
        startDatabase(release, paths, processes).then(async () => registerSessionImages(release, paths)),
      ]);
    });
    await step("The servers", 300, async () => {
      await startServers(paths, processes);
      await waitForServers(release, processes);
    });
  } catch (error) {
    await cleanUp(`The end of ${release.name}`, endSeconds, async () => {
      await end(release, paths, processes);
      await releaseDocker();
    }).catch((late: unknown) => console.error(messageOf(late)));
    throw error;
  }
}

async function end(release: Release, paths: ClusterPaths, processes: Processes): Promise<void> {
  await Promise.all(serverNames.map(async (name) => stopServer(name, processes)));
  await removeContainers(release.agentId, paths);
  await Promise.all([stopStores(processes), stopPostgres(processes)]);
  await rm(paths.run, { recursive: true, force: true });
  await rm(paths.sockets, { recursive: true, force: true });
}

async function isUp(release: Release, processes: Processes): Promise<boolean> {
  for (const name of serverNames) {
    if (!(await processes.isRunning(name)) || !(await isServing(name, release))) {
      return false;
    }
  }
  return true;
}

async function assertPortsFree({ name, ports }: Release): Promise<void> {
  const own = Object.entries(ports)
    .filter(([use]) => use !== "sessions")
    .flatMap(([, port]: [string, number | readonly number[]]) => port);
  for (const port of own) {
    if (!(await isPortFree(port))) {
      throw new Error(`Port ${port} of release ${name} is taken by another program.`);
    }
  }
}

function exportsOf(release: Release): string {
  return Object.entries(clientVariables(release))
    .map(([name, value]) => `export ${name}=${value}`)
    .join("\n");
}

function report(what: string, startedAt: number): void {
  console.error(`${what} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}
