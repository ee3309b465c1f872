import { readdir } from "node:fs/promises";
import path from "node:path";
import { findProgram, oneAtATime } from "../../../scripts/support/systemPackages.js";
import type { Release } from "../releases.js";
import { locatePython, pythonAdvice } from "./python.js";
import { runCommand } from "./runCommand.js";

/** Programs of the operating system, and the Debian package of each. */
const programs: readonly (readonly [program: string, debianPackage: string])[] = [
  ["dockerd", "docker.io"],
  ["docker", "docker.io"],
  ["docker-init", "tini"],
  ["iptables", "iptables"],
  ["debootstrap", "debootstrap"],
  ["etcd", "etcd-server"],
  ["etcdctl", "etcd-client"],
  ["redis-server", "redis-server"],
  ["psql", "postgresql"],
  ["setpriv", "util-linux"],
];

const aptInstall = "apt-get install -y --no-install-recommends";

/**
 * Makes sure that a cluster can be run here at all, and installs missing programs on Debian.
 * @throws saying what is missing and the one command that helps.
 */
export async function ensurePrerequisites(): Promise<void> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("A cluster runs on Linux on x86-64 only.");
  }
  const missing = await missingPackages();
  if (process.getuid?.() !== 0) {
    const install = missing.length === 0 ? "" : `\nMissing programs: sudo ${aptInstall} ${missing.join(" ")}`;
    throw new Error(`A cluster starts containers and databases: run this as root.${install}`);
  }
  if (missing.length > 0) {
    await installPackages(missing);
  }
}

/** The folder of PostgreSQL's server programs, which are not on PATH. */
export async function postgresFolder(): Promise<string> {
  const root = "/usr/lib/postgresql";
  const versions = await readdir(root).catch(() => []);
  const newest = versions.map(Number).sort((a, b) => b - a)[0];
  if (newest === undefined) {
    throw new Error(`PostgreSQL's server is not installed: ${root} is empty.`);
  }
  return path.join(root, String(newest), "bin");
}

/**
 * A Python of the version that a release needs: `CLUSTER_PYTHON`, one on PATH, or the newest one that pyenv has.
 * @throws saying how to get one.
 */
export async function findPython({ name, python }: Release): Promise<string> {
  const found = await locatePython(python, process.env["CLUSTER_PYTHON"]);
  if (found === undefined) {
    throw new Error(`Release ${name} needs ${pythonAdvice(python)}, or name one in CLUSTER_PYTHON.`);
  }
  return found;
}

async function missingPackages(): Promise<string[]> {
  const missing = programs.flatMap(([program, name]) => (findProgram(program) === undefined ? [name] : []));
  const hasPostgres = await postgresFolder().then(
    () => true,
    () => false,
  );
  return [...new Set(hasPostgres ? missing : [...missing, "postgresql"])];
}

/**
 * Installs Debian packages, as root.
 * @throws where there is no apt-get.
 */
export async function installPackages(missing: readonly string[]): Promise<void> {
  if (findProgram("apt-get") === undefined) {
    throw new Error(`Missing: the programs of these Debian packages: ${missing.join(" ")}.`);
  }
  console.error(`Installing ${missing.join(" ")} (apt-get) …`);
  // RUNLEVEL keeps the packages from starting services of their own: a cluster brings its own ones up.
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const options = ["-q", "-o", "DPkg::Lock::Timeout=300"]; // waits for another apt-get
  await runCommand([...oneAtATime, "apt-get", "update", ...options], { env, nice: true, seconds: 240 });
  await runCommand([...oneAtATime, ...aptInstall.split(" "), ...options, ...missing], {
    env,
    nice: true,
    seconds: 480,
  });
}
