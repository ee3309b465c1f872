import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod/mini";
import { runTool } from "../support/tasks.js";
import { readBundledPackages } from "./bundledPackages.js";
import { packagedReadme } from "./packagedReadme.js";
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
  const { ok, output } = await runTool(
    ["vsce", "package", "--no-dependencies", ...(await readmeOptions()), "--out", file],
    { deadlineMs: 120_000 },
  );
  if (!ok) {
    throw new Error(`The package could not be made:\n${output}`);
  }
  const { size: bytes } = await stat(file);
  if (bytes > sizeLimitBytes) {
    throw new Error(`The package has ${bytes} bytes, and may have ${sizeLimitBytes}:\n${output}`);
  }
  return { file, bytes, contents: output };
}

/** With a repository, the packager itself makes links and pictures of the README lead there. */
async function readmeOptions(): Promise<string[]> {
  const manifest = z
    .looseObject({ repository: z.optional(z.unknown()) })
    .parse(JSON.parse(await readFile(path.join(root, "package.json"), "utf8")));
  if (manifest.repository !== undefined) {
    return [];
  }
  const readme = await readFile(path.join(root, "README.md"), "utf8");
  await writeFile(path.join(root, "dist/readme.md"), packagedReadme(readme));
  return ["--allow-missing-repository", "--no-rewrite-relative-links", "--readme-path", "dist/readme.md"];
}
