import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { findProgram } from "../../../scripts/support/systemPackages.js";
import { isStamped, stampOf } from "../../cluster/steps/pythonEnvironment.js";
import { installPackages } from "../../cluster/support/prerequisites.js";
import { locatePython, pythonAdvice, runsPython } from "../../cluster/support/python.js";
import { extensionRoot } from "../../host/paths.js";
import type { ReferenceClient } from "../clients.js";
import { runProgram } from "./program.js";

/** Installed clients; may be deleted, and is then made again. `REFERENCE_CACHE` shares one copy between checkouts. */
const cacheFolder = path.resolve(
  process.env["REFERENCE_CACHE"] ?? path.join(extensionRoot, ".reference-cache"),
);

/** Longest that an installation may take; compiled packages have to come over the network. */
const installMs = 300_000;

/** Longest that {@link ensureClient} may take in all. */
export const ensureMs = installMs + 60_000;

/** An installed client. */
export interface InstalledClient {
  /** Its Python, which can import the library. */
  readonly python: string;
  /** Its command line. */
  readonly command: string;
}

/** Why a client can't be had here: its Python is missing. */
export class PythonMissingError extends Error {
  override readonly name = "PythonMissingError";
}

/**
 * Installs a client into a virtual environment of its own, unless it is there as it should be.
 * @throws {PythonMissingError} saying how to get the Python it needs.
 */
export async function ensureClient({ version, python }: ReferenceClient): Promise<InstalledClient> {
  const folder = path.join(cacheFolder, version);
  const installed = { python: path.join(folder, "bin/python"), command: path.join(folder, "bin/backend.ai") };
  const pins = path.join(extensionRoot, "test/reference/constraints", `${version}.txt`);
  const stamp = await stampOf([pins], version);
  const stampFile = path.join(folder, "installed");
  if (existsSync(installed.command) && (await isStamped(stampFile, stamp))) {
    return installed;
  }
  const base = await findPython(version, python);
  console.log(`Installing the client ${version} with ${base} …`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(cacheFolder, { recursive: true });
  await install([base, "-m", "venv", folder]);
  const pip = [installed.python, "-m", "pip", "install", "-q", "--disable-pip-version-check"];
  await install([...pip, "-c", pins, `backend.ai-client==${version}`]);
  await writeFile(stampFile, stamp);
  return installed;
}

async function install(command: readonly string[]): Promise<void> {
  const { code, output } = await runProgram(command, { deadlineMs: installMs });
  if (code !== 0) {
    throw new Error(`${command.join(" ")} ended with ${String(code)}:\n${output}`);
  }
}

/** Debian has `venv` in a package of its own, apart from Python. */
async function findPython(version: string, python: string): Promise<string> {
  const isRootOnDebian = process.getuid?.() === 0 && findProgram("apt-get") !== undefined;
  let found = await locatePython(python);
  if (found === undefined && isRootOnDebian && (await runsPython(`python${python}`, python))) {
    await installPackages([`python${python}-venv`]);
    found = await locatePython(python);
  }
  if (found === undefined) {
    throw new PythonMissingError(`The client ${version} needs ${pythonAdvice(python)}.`);
  }
  return found;
}
