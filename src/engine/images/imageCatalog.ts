import { arch } from "node:os";
import { type RuntimeName, runtimeNames } from "../execution/contract.js";

/** A runtime of this computer, as `availableRuntimes()` finds it. */
export interface InstalledRuntime {
  readonly name: string;
  /** Such as `3.11.7`. */
  readonly version: string;
  readonly command: string;
}

/** A runtime of this computer, offered as a container image would be. */
export interface Image {
  readonly runtime: RuntimeName;
  readonly registry: "local";
  /** Such as `python`. */
  readonly name: string;
  /** Such as `3.11`. */
  readonly tag: string;
  readonly architecture: string;
  readonly aliases: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The machine's architecture in the words of images. */
export const architecture = arch() === "arm64" ? "aarch64" : "x86_64";

/** `local/python:3.11`. */
export function canonicalName(image: Image): string {
  return `${image.registry}/${image.name}:${image.tag}`;
}

/** The images of the engine: the runtimes that were found. */
export class ImageCatalog {
  constructor(readonly images: readonly Image[]) {}

  /**
   * The image of a reference: an alias (`python`), a name without its registry (`python:3.11`) or a canonical one.
   */
  find(reference: string): Image | undefined {
    const wanted = reference.toLowerCase();
    return this.images.find(
      (image) =>
        canonicalName(image) === wanted ||
        `${image.name}:${image.tag}` === wanted ||
        image.aliases.includes(wanted),
    );
  }
}

/** Makes the catalog of what is installed. */
export function catalogOf(runtimes: readonly InstalledRuntime[]): ImageCatalog {
  return new ImageCatalog(runtimes.map(imageOf).filter((image) => image !== undefined));
}

const aliases: Readonly<Partial<Record<RuntimeName, readonly string[]>>> = {
  python: ["python3"],
  nodejs: ["node", "javascript"],
  cpp: ["c++"],
  golang: ["go"],
};

function imageOf({ name, version, command }: InstalledRuntime): Image | undefined {
  const runtime = runtimeOf(name);
  return runtime === undefined
    ? undefined
    : {
        runtime,
        registry: "local",
        name,
        tag: tagOf(runtime, version),
        architecture,
        aliases: [name, ...(aliases[runtime] ?? [])],
        labels: labelsOf(runtime, command),
      };
}

function runtimeOf(name: string): RuntimeName | undefined {
  return runtimeNames.find((candidate) => candidate === name);
}

/** As real images are tagged: `3.11`, `20`, `gcc12`. */
function tagOf(runtime: RuntimeName, version: string): string {
  const [major = "0", minor] = version.split(".");
  switch (runtime) {
    case "c":
    case "cpp":
      return `gcc${major}`;
    case "nodejs":
    case "java":
      return major;
    default:
      return minor === undefined ? major : `${major}.${minor}`;
  }
}

function labelsOf(runtime: RuntimeName, command: string): Record<string, string> {
  return {
    "ai.backend.kernelspec": "1",
    "ai.backend.role": "COMPUTE",
    "ai.backend.runtime-type": runtime === "shell" ? "app" : runtime,
    "ai.backend.runtime-path": command,
    "ai.backend.base-distro": process.platform,
    "ai.backend.features": "batch query user-input",
    "ai.backend.resource.min.cpu": "1",
    "ai.backend.resource.min.mem": "64m",
    "ai.backend.accelerators": "",
    "ai.backend.service-ports": "",
  };
}
