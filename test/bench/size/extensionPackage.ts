import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { makePackage } from "../../../scripts/packaging/makePackage.js";
import { extensionRoot } from "../../host/paths.js";

/** The extension as it is given away. Who packs it removes it. */
export interface ExtensionPackage {
  readonly file: string;
  readonly bytes: number;
  readonly remove: () => Promise<void>;
}

/** Packs what is built, as `npm run package` does. */
export async function packExtension(): Promise<ExtensionPackage> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-bench-"));
  const remove = async (): Promise<void> => rm(folder, { recursive: true, force: true });
  const file = path.join(folder, "backendai-sessions.vsix");
  try {
    const { bytes } = await makePackage(file);
    return { file, bytes, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A script of the build. */
export interface BuiltFile {
  /** Below `dist`, such as `vendor/ws.cjs`. */
  readonly name: string;
  readonly bytes: number;
}

const dist = path.join(extensionRoot, "dist");

export async function builtFile(name: string): Promise<BuiltFile> {
  return { name, bytes: (await stat(path.join(dist, name))).size };
}

/** The part that a package of npm was bundled into, as its map of sources tells. */
export async function partWith(packageName: string): Promise<BuiltFile> {
  for (const map of (await readdir(dist)).filter((name) => name.endsWith(".cjs.map"))) {
    if ((await readFile(path.join(dist, map), "utf8")).includes(`node_modules/${packageName}/`)) {
      return builtFile(map.replace(/\.map$/, ""));
    }
  }
  throw new Error(`No part of the build has ${packageName} in it.`);
}

/** The bytes of all files in a folder and below. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) {
      bytes += (await stat(path.join(entry.parentPath, entry.name))).size;
    }
  }
  return bytes;
}
