import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Release } from "../releases.js";

const clusterFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** What is kept between runs: all of it can be deleted, and is then made again. */
export const cacheFolder = path.resolve(
  process.env["CLUSTER_CACHE"] ?? path.join(clusterFolder, "../../.cluster-cache"),
);

/** A file that runs inside a server's Python, or in a shell. */
export function insideFile(name: string): string {
  return path.join(clusterFolder, "inside", name);
}

/** The session image is the same for every release. */
export const imageFolder = path.join(cacheFolder, "image");

/** Images and volumes of a docker daemon that was started here. */
export const dockerFolder = path.join(cacheFolder, "docker");

/** Where the parts of one release are. */
export interface ClusterPaths {
  readonly folder: string;
  readonly venv: string;
  readonly python: string;
  /** What the installed packages were made from; installed again when that changes. */
  readonly installedStamp: string;
  /** A stopped, seeded database. */
  readonly database: string;
  readonly databaseStamp: string;
  /** With which the manager shows itself to agents. */
  readonly managerKey: string;
  /** All that one run writes; removed by `down`. */
  readonly run: string;
  /** Sockets: below a short path, as the path of a socket may have 107 characters at most. Removed by `down`. */
  readonly sockets: string;
  /** Logs of the latest run. */
  readonly logs: string;
}

/** The folders of a release. */
export function clusterPaths({ name }: Release): ClusterPaths {
  const folder = path.join(cacheFolder, name);
  const venv = path.join(folder, "venv");
  return {
    folder,
    venv,
    python: path.join(venv, "bin/python"),
    installedStamp: path.join(folder, "installed.json"),
    database: path.join(folder, "database.tar"),
    databaseStamp: path.join(folder, "database.json"),
    managerKey: path.join(folder, "manager.key_secret"),
    run: path.join(folder, "run"),
    sockets: path.join("/run/backendai-cluster", name),
    logs: path.join(folder, "logs"),
  };
}
