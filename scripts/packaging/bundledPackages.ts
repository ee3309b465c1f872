import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod/mini";

/** A package whose code ships inside our bundles. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as the package tells it. */
  readonly license: string;
  /** Licence and notice files of the package, in full. */
  readonly texts: readonly string[];
}

const Manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  license: z.optional(z.string()),
  /** How packages told it before SPDX; ssh2 still does. */
  licenses: z.optional(z.array(z.looseObject({ type: z.string() }))),
  dependencies: z.optional(z.record(z.string(), z.string())),
});

const licenseFile = /^(licen[cs]e|copying|notice|thirdpartynotices)/i;

/**
 * Reads what is bundled, by name.
 * @param folders Folders of packages that esbuild read.
 * @returns Those packages with all that they depend on: a package may carry its dependencies in its own files, as tar does, and
 * then no bundler sees them.
 */
export function readBundledPackages(folders: readonly string[]): BundledPackage[] {
  const found = new Map<string, BundledPackage>();
  const waiting = [...folders];
  const seen = new Set<string>();
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    if (seen.has(folder)) {
      continue;
    }
    seen.add(folder);
    const manifest = Manifest.parse(JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")));
    const { name, version } = manifest;
    found.set(`${name}@${version}`, {
      name,
      version,
      license: manifest.license ?? manifest.licenses?.map(({ type }) => type).join(" OR ") ?? "",
      texts: textsIn(folder),
    });
    waiting.push(...Object.keys(manifest.dependencies ?? {}).flatMap((name) => folderOf(name, folder)));
  }
  return [...found.values()].sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

function textsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => licenseFile.test(name))
    .sort()
    .map((name) => readFileSync(path.join(folder, name), "utf8").replaceAll("\r\n", "\n").trim());
}

/** Where Node finds a dependency of the package in `from`; nowhere where it was not installed. */
function folderOf(name: string, from: string): string[] {
  for (let place = path.resolve(from); ; place = path.dirname(place)) {
    const folder = path.join(place, "node_modules", name);
    if (existsSync(path.join(folder, "package.json"))) {
      return [folder];
    }
    if (place === path.dirname(place)) {
      return [];
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
