import { strToU8, zipSync } from "fflate";

/** A file of a bundle. */
export interface BundleFile {
  /** With `/` between folders. */
  readonly name: string;
  readonly text: string;
}

/** A .zip of a few files, which every system opens by itself. */
export function packedBundle(files: readonly BundleFile[], at: Date): Uint8Array {
  return zipSync(Object.fromEntries(files.map(({ name, text }) => [name, strToU8(text)])), { mtime: at });
}
