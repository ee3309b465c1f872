import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { BackendAIClient } from "../../../src/api/index.js";

/** Uploads random files of these sizes below a folder, reads them back, and compares byte by byte. */
export async function transfer(
  client: BackendAIClient,
  id: string,
  { folder, sizes }: { readonly folder: string; readonly sizes: readonly number[] },
): Promise<void> {
  const files = sizes.map((size, index) => ({ path: `${folder}/file-${index}`, content: randomBytes(size) }));
  await client.files.upload(id, files);
  const { entries } = await client.files.list(id, folder);
  const names = entries.map(({ name }) => name).sort();
  assert.deepEqual(names, files.map(({ path }) => path.slice(folder.length + 1)).sort());
  for (const { path, content } of files) {
    const bytes = await client.files.downloadSingle(id, path);
    assert.ok(bytes.equals(content), `${path} has ${bytes.length} bytes, not the ${content.length} sent`);
  }
}
