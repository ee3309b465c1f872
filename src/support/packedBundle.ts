/** A file of a bundle. */
export interface BundleFile {
  /** With `/` between folders. */
  readonly name: string;
  readonly text: string;
}

/** A .zip of a few files, which every system opens by itself. */
export async function packedBundle(files: readonly BundleFile[], at: Date): Promise<Uint8Array> {
  const { strToU8, zipSync } = await import("fflate");
  return zipSync(Object.fromEntries(files.map(({ name, text }) => [name, strToU8(text)])), { mtime: at });
}
