import { cp, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { samplesRoot } from "./paths.js";

/** A workspace of one's own. Whoever asked for it removes it. */
export interface SampleWorkspace {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/** Copies the samples, so that whatever is done to them leaves the clone clean. */
export async function openSamples(): Promise<SampleWorkspace> {
  const root = await mkdtemp(path.join(os.tmpdir(), "backendai-samples-"));
  const folder = path.join(root, "samples");
  await cp(samplesRoot, folder, { recursive: true });
  return { folder, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}
