/** Files in their order, in batches of at most so many files and bytes (`most`); a larger file is a batch of its own. */
export function batchesOf<T extends { readonly size: number }>(
  files: readonly T[],
  most: { readonly files: number; readonly bytes: number },
): T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = batches.at(-1);
    if (last === undefined || last.length >= most.files || bytes + file.size > most.bytes) {
      batches.push([file]);
      bytes = file.size;
    } else {
      last.push(file);
      bytes += file.size;
    }
  }
  return batches;
}
