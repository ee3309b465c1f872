import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Release, Runtime } from "../releases.js";
import { type ClusterPaths, imageFolder, insideFile } from "../support/paths.js";
import { runCommand, tryCommand } from "../support/runCommand.js";
import { stampOf } from "./pythonEnvironment.js";

/** The image of Python sessions, as docker and clients call it. Names without a registry puzzle some releases. */
export const pythonImage = "registry.test/lablup/python:3.11-local";
const cImage = "registry.test/lablup/c:gcc12-local";
const images: Readonly<Record<Runtime, string>> = { python: pythonImage, c: cImage };

/** What servers read from an image to know how sessions of it are run. */
const labels: Readonly<Record<string, string>> = {
  kernelspec: "1",
  role: "COMPUTE",
  features: "batch query uid-match user-input",
  "base-distro": "ubuntu22.04", // the nearest one that the servers bring their programs for
  "resource.min.cpu": "1",
  "resource.min.mem": "256m", // what a session gets that asks for nothing; Jupyter's kernel needs more than 64 MB
  "envs.corecount": "OPENBLAS_NUM_THREADS,OMP_NUM_THREADS,NPROC",
  accelerators: "",
  "service-ports": "ipython:pty:3000,jupyter:http:8070,jupyterlab:http:8090",
  "runtime-type": "python",
  "runtime-path": "/usr/bin/python3",
};

const cLabels: typeof labels = { "runtime-type": "c", "runtime-path": "/usr/bin/gcc" };

/** Makes the images for sessions, with no image registry, unless docker has them. */
export async function ensureSessionImages({ venv }: ClusterPaths): Promise<void> {
  const packages = insideFile("constraints/session.txt");
  const stamp = (await stampOf([insideFile("rootfs.sh"), packages])).slice(0, 12);
  const pythonLabels = { ...labels, "made-from": stamp };
  if (!(await hasImage(pythonImage, pythonLabels))) {
    const tar = path.join(imageFolder, `rootfs-${stamp}.tar`);
    if (!existsSync(tar)) {
      console.error("Making the file system of the session image …");
      await rm(imageFolder, { recursive: true, force: true });
      await mkdir(imageFolder, { recursive: true });
      await runCommand([insideFile("rootfs.sh"), path.join(venv, "bin/uv"), tar, packages], {
        nice: true,
        seconds: 900,
      });
    }
    const environment = ["ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "ENV LANG=C.UTF-8"];
    const changes = [...Object.entries(pythonLabels).map(labelOf), ...environment];
    await runCommand(["docker", "import", ...changes.flatMap((c) => ["--change", c]), tar, pythonImage], {
      seconds: 240,
    });
  }
  if (!(await hasImage(cImage, { ...pythonLabels, ...cLabels }))) {
    await relabel(pythonImage, cImage, cLabels);
  }
}

/** Tells the database of a manager which images there are. */
export async function registerSessionImages(release: Release, { python }: ClusterPaths): Promise<void> {
  const { ports, runtimes } = release;
  const input = await runCommand([
    "docker",
    "image",
    "inspect",
    ...runtimes.map((runtime) => images[runtime]),
  ]);
  await runCommand([python, insideFile("images.py"), String(ports.postgres)], { input });
}

/** The same file system under other labels, with no second copy of it. */
async function relabel(from: string, to: string, changed: Readonly<Record<string, string>>): Promise<void> {
  const container = (await runCommand(["docker", "create", from, "/bin/true"])).trim();
  const changes = Object.entries(changed).map(labelOf);
  await runCommand(["docker", "commit", ...changes.flatMap((c) => ["--change", c]), container, to], {
    seconds: 120,
  });
  await runCommand(["docker", "rm", container]);
}

function labelOf([name, value]: readonly [string, string]): string {
  return `LABEL ai.backend.${name}=${JSON.stringify(value)}`;
}

/** Whether docker has an image with just these labels. */
async function hasImage(image: string, wanted: typeof labels): Promise<boolean> {
  const format = "{{json .Config.Labels}}";
  const { ok, stdout } = await tryCommand(["docker", "image", "inspect", "--format", format, image]);
  const found = ok ? (JSON.parse(stdout) as typeof labels) : {};
  return Object.entries(wanted).every(([name, value]) => found[`ai.backend.${name}`] === value);
}
