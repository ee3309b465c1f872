import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Release } from "../releases.js";
import { type ClusterPaths, insideFile } from "../support/paths.js";
import { postgresFolder } from "../support/prerequisites.js";
import { asUser, Processes } from "../support/processes.js";
import { runCommand, tryCommand } from "../support/runCommand.js";
import { waitUntil } from "../support/waiting.js";
import { isStamped, stampOf } from "./pythonEnvironment.js";

const account = "postgres";
const name = "postgres";

/** The data is thrown away with the cluster, so nothing waits for the disk. */
const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "256",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  jit: "off",
};

/** Makes a seeded, stopped database that each run begins with, unless there is one. It takes 20 s; unpacking it one. */
export async function ensureDatabaseTemplate(release: Release, paths: ClusterPaths): Promise<void> {
  const stamp = await stampOf([paths.installedStamp, insideFile("seed.py")]);
  if (await isStamped(paths.databaseStamp, stamp)) {
    return;
  }
  console.error(`Making the database of ${release.version} …`);
  const folder = path.join(paths.folder, "template");
  const data = path.join(folder, "data");
  const port = release.ports.postgres;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await makeDataFolder(data);
  const initdb = path.join(await postgresFolder(), "initdb");
  const options = ["-A", "trust", "-U", account, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
  await runCommand(asUser(account, [initdb, "-D", data, ...options]), { cwd: "/" });
  const processes = new Processes(path.join(folder, "processes"), paths.logs);
  try {
    await startPostgres(processes, data, port);
    await runCommand([...psql(port, "postgres"), "-c", "alter user postgres password 'develove'"]);
    await runCommand([...psql(port, "postgres"), "-c", "create database backend"]);
    const url = `postgresql+asyncpg://postgres:develove@127.0.0.1:${port}/backend`;
    await runCommand([paths.python, insideFile("seed.py"), url], { cwd: folder, seconds: 180 });
  } finally {
    await stopPostgres(processes);
  }
  await runCommand(["tar", "-C", data, "-cf", `${paths.database}.part`, "."]);
  await rename(`${paths.database}.part`, paths.database);
  await rm(folder, { recursive: true, force: true });
  await writeFile(paths.databaseStamp, stamp);
}

/** Starts a database with the template's content. */
export async function startDatabase(
  { ports }: Release,
  paths: ClusterPaths,
  processes: Processes,
): Promise<void> {
  const data = path.join(paths.run, "postgres");
  await makeDataFolder(data);
  await runCommand(["tar", "-C", data, "-xf", paths.database]);
  await startPostgres(processes, data, ports.postgres);
}

/** Asks for a fast end: sessions of the database are cut off. */
export async function stopPostgres(processes: Processes): Promise<void> {
  await processes.stop(name, { signal: "SIGINT", seconds: 15 });
}

/** Whether the manager counts the agent as alive and knows what it can give. */
export async function isAgentAlive({ ports, agentId }: Release): Promise<boolean> {
  const query = `select status from agents where id = '${agentId}' and available_slots ? 'cpu'`;
  return (await tryCommand([...psql(ports.postgres, "backend"), "-Atc", query])).stdout.trim() === "ALIVE";
}

async function startPostgres(processes: Processes, data: string, port: number): Promise<void> {
  const postgres = path.join(await postgresFolder(), "postgres");
  const options = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const command = [postgres, "-D", data, "-p", String(port), ...options];
  await processes.start({ name, command, cwd: "/", user: account });
  await waitUntil("The database", 30, async () => {
    await processes.assertRunning(name);
    return (await tryCommand([...psql(port, "postgres"), "-c", "select 1"])).ok;
  });
}

async function makeDataFolder(data: string): Promise<void> {
  await runCommand(["install", "-d", "-o", account, "-g", account, "-m", "700", data]);
}

function psql(port: number, database: string): string[] {
  return ["psql", "-q", "-X", "-h", "127.0.0.1", "-p", String(port), "-U", account, database];
}
