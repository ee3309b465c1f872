import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod/mini";
import { runTool } from "../support/tasks.js";
import { readBundledPackages } from "./bundledPackages.js";
import { packagedReadme } from "./packagedReadme.js";
import { inStagedFolder } from "./stagedFolder.js";
import { thirdPartyNotices } from "./thirdPartyNotices.js";

/** The most that a package may be: who installs it waits for it, and a repository keeps each. */
export const sizeLimitBytes = 2_500_000;

/** Where `package.json` is. */
const root = path.resolve(import.meta.dirname, "../..");

/** Folders of bundled packages, as the build wrote them down. */
const bundledFile = path.join(root, "dist/bundled.json");

/** A package that was made. */
export interface MadePackage {
  readonly file: string;
  readonly bytes: number;
  /** What the packager says is in it. */
  readonly contents: string;
}

/**
 * Makes a .vsix file of what `npm run build` has left in `dist`: notices and README are made for it first.
 * @throws Error where the packager refuses, a package may not ship, or it all has become too large.
 */
export async function makePackage(file: string): Promise<MadePackage> {
  const folders = z.array(z.string()).parse(JSON.parse(await readFile(bundledFile, "utf8")));
  const packages = readBundledPackages(folders.map((folder) => path.join(root, folder)));
  await writeFile(path.join(root, "ThirdPartyNotices.txt"), thirdPartyNotices(packages));
  await mkdir(path.dirname(file), { recursive: true });
  const output = await inStagedFolder(root, async (folder) => pack(folder, path.resolve(file)));
  const { size: bytes } = await stat(file);
  if (bytes > sizeLimitBytes) {
    throw new Error(`The package has ${bytes} bytes, and may have ${sizeLimitBytes}:\n${output}`);
  }
  return { file, bytes, contents: output };
}

/** Lets the packager work in a folder that has what goes in. */
async function pack(folder: string, file: string): Promise<string> {
  const { ok, output, givenUp } = await runTool(
    ["vsce", "package", "--no-dependencies", ...(await readmeOptions(folder)), "--out", file],
    { folder, deadlineMs: 120_000 },
  );
  if (!ok) {
    throw new Error(`The package could not be made: ${givenUp ?? "the packager refuses."}\n${output}`);
  }
  return output;
}

/** With a repository, the packager itself makes links and pictures of the README lead there. */
async function readmeOptions(folder: string): Promise<string[]> {
  const manifest = z
    .looseObject({ repository: z.optional(z.unknown()) })
    .parse(JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")));
  if (manifest.repository !== undefined) {
    return [];
  }
  const readme = path.join(folder, "README.md");
  await writeFile(readme, packagedReadme(await readFile(readme, "utf8")));
  return ["--allow-missing-repository", "--no-rewrite-relative-links"];
}
