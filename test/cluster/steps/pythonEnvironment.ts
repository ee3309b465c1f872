import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import type { Release } from "../releases.js";
import { type ClusterPaths, insideFile } from "../support/paths.js";
import { findPython } from "../support/prerequisites.js";
import { runCommand } from "../support/runCommand.js";

/** The installer of all other packages: a tenth of the time that pip takes. */
const uv = "uv==0.13.8";

const parts = ["manager", "agent", "storage-proxy", "webserver", "client", "kernel-binary"];

/** Makes the virtual environment of a release, unless it is there as it should be. */
export async function ensurePythonEnvironment(release: Release, paths: ClusterPaths): Promise<void> {
  const pins = insideFile(`constraints/${release.version}.txt`);
  const stamp = await stampOf([pins, insideFile("patch.py")], release.patches.join(" "));
  if (await isStamped(paths.installedStamp, stamp)) {
    return;
  }
  const python = await findPython(release);
  console.error(`Installing the servers of ${release.version} with ${python} …`);
  await rm(paths.venv, { recursive: true, force: true }); // patched files are installed afresh
  await mkdir(paths.folder, { recursive: true });
  await runCommand([python, "-m", "venv", paths.venv], { seconds: 180 });
  await runCommand([paths.python, "-m", "pip", "install", "-q", "--disable-pip-version-check", uv], {
    seconds: 300,
  });
  const packages = parts.map((part) => `backend.ai-${part}==${release.version}`);
  await runCommand(
    [
      ...[
        `${paths.venv}/bin/uv`,
        "pip",
        "install",
        "-q",
        "--python",
        paths.python,
        "-c",
        pins,
        "--compile-bytecode",
      ],
      // Old packages are built with what was current in their time.
      ...["--build-constraints", insideFile("constraints/build.txt")],
      ...[...packages, "backend.ai-krunner-static-gnu", "setuptools"],
    ],
    { nice: true, seconds: 720 },
  );
  if (release.patches.length > 0) {
    await runCommand([paths.python, insideFile("patch.py"), ...release.patches]);
  }
  await writeFile(paths.installedStamp, stamp);
}

/** A digest of what something is made from. */
export async function stampOf(files: readonly string[], more = ""): Promise<string> {
  const hash = createHash("sha256").update(more);
  for (const file of files) {
    hash.update(await readFile(file));
  }
  return hash.digest("hex");
}

/** Whether a file says that something was made from just that. */
export async function isStamped(file: string, stamp: string): Promise<boolean> {
  return existsSync(file) && (await readFile(file, "utf8")) === stamp;
}
