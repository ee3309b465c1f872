import type { MirrorPlan } from "./mirror.js";
import type { MirrorStep } from "./mirrorPlan.js";
import type { MirrorSide, PathChoice } from "./mirrorSide.js";

/** Clocks of sessions and computers differ a little, and some times are whole seconds, in milliseconds. */
const slackMs = 2000;

/** What producing files left out: caches, and what the extension and the session keep for themselves. */
const ownNames = /(?:^|\/)(?:\.[^/]*|__pycache__|id_container|main-program|build\.sh)(?:\/|$)/;

/** Files of the session that were changed since a time, as steps that download them; all in one plan. */
export async function producedSince(
  { local, remote }: { readonly local: MirrorSide; readonly remote: MirrorSide },
  sinceMs: number,
  signal: AbortSignal,
): Promise<MirrorPlan> {
  const choice: PathChoice = (path) => !ownNames.test(path);
  const at = Date.now();
  const there = await remote.scan(choice, { signal });
  const fresh = [...there].filter(([, { mtimeMs }]) => mtimeMs >= sinceMs - slackMs);
  const names = new Set(fresh.map(([path]) => path));
  const folders = new Set(fresh.flatMap(([path]) => foldersOf(path)));
  const here = await local.scan((path, isFolder) => (isFolder ? folders.has(path) : names.has(path)), {
    signal,
  });
  const steps = fresh
    .map(([path, stamp]): MirrorStep => ({ kind: "download", path, remote: stamp, local: here.get(path) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return { steps, same: new Map(), paths: names, at };
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
