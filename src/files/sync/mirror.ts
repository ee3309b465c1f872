import { createHash } from "node:crypto";
import { isAbort } from "../../base/abort.js";
import {
  type BaseFile,
  conflictName,
  type MirrorBase,
  type MirrorStep,
  type PlanOptions,
  type SideState,
  stepFor,
} from "./mirrorPlan.js";
import type { FileStamp, MirrorSide, PathChoice } from "./mirrorSide.js";

/** Times of files may be whole seconds: one that was written this short before the base may have changed since, unseen. */
const doubtMs = 3000;

/** What is mirrored. */
export interface MirrorSides {
  readonly local: MirrorSide;
  readonly remote: MirrorSide;
  readonly choice: PathChoice;
}

/** What both sides had when they were last mirrored, and when that was, in milliseconds since the epoch. */
export interface RememberedBase {
  readonly files: MirrorBase;
  readonly at: number;
}

/** What mirroring would do; nothing was changed. */
export interface MirrorPlan {
  /** Sorted by path. */
  readonly steps: readonly MirrorStep[];
  /** What is the same already. */
  readonly same: MirrorBase;
  /** Every path of either side. */
  readonly paths: ReadonlySet<string>;
  /** When the sides were looked at, in milliseconds since the epoch. */
  readonly at: number;
}

/** What became of a plan. */
export interface MirrorOutcome {
  readonly base: RememberedBase;
  readonly done: number;
  readonly failures: readonly { readonly step: MirrorStep; readonly error: unknown }[];
}

/** Looks at both sides and tells what there is to do. */
export async function planMirror(
  { local, remote, choice }: MirrorSides,
  base: RememberedBase,
  options: PlanOptions & { readonly signal: AbortSignal },
): Promise<MirrorPlan> {
  const { signal } = options;
  const at = Date.now();
  const [here, there] = await Promise.all([local.scan(choice, { signal }), remote.scan(choice, { signal })]);
  const paths = new Set([...here.keys(), ...there.keys()]);
  const steps: MirrorStep[] = [];
  const same = new Map<string, BaseFile>();
  // What is gone on both sides is forgotten by not being asked for.
  for (const path of [...paths].sort()) {
    signal.throwIfAborted();
    const known = base.files.get(path);
    const hashes = new Map<MirrorSide, Promise<string>>();
    const hash = (side: MirrorSide, { size }: FileStamp): Promise<string> => {
      const asked = hashes.get(side) ?? hashOf(side, path, size, signal);
      hashes.set(side, asked);
      return asked;
    };
    const state = async (
      side: MirrorSide,
      stamp: FileStamp | undefined,
      old: FileStamp | undefined,
    ): Promise<SideState> => ({
      stamp,
      isChanged:
        stamp === undefined || old === undefined || known === undefined
          ? (stamp === undefined) !== (old === undefined)
          : stamp.size !== old.size ||
            ((stamp.mtimeMs !== old.mtimeMs || old.mtimeMs > base.at - doubtMs) &&
              (await hash(side, stamp)) !== known.hash),
    });
    const [mine, theirs] = [here.get(path), there.get(path)];
    const [localState, remoteState] = await Promise.all([
      state(local, mine, known?.local),
      state(remote, theirs, known?.remote),
    ]);
    const isSame =
      mine !== undefined &&
      theirs !== undefined &&
      mine.size === theirs.size &&
      ((!localState.isChanged && !remoteState.isChanged) ||
        (await hash(local, mine)) === (await hash(remote, theirs)));
    if (isSame) {
      const isOld = known !== undefined && !localState.isChanged;
      const stamps = { local: settled(mine, at), remote: settled(theirs, at) };
      same.set(path, { ...stamps, hash: isOld ? known.hash : await hash(local, mine) });
    }
    const step = stepFor(path, { local: localState, remote: remoteState, isSame }, options);
    if (step !== undefined) {
      steps.push(step);
    }
  }
  return { steps, same, paths, at };
}

/**
 * Does what was planned, one file after the other. A file that has changed since the plan stays as it is, and is among the failures.
 * @returns What is the same on both sides afterwards; steps that were not done keep their old base.
 */
export async function applyMirror(
  { local, remote }: Pick<MirrorSides, "local" | "remote">,
  { same, paths, at }: Pick<MirrorPlan, "same" | "paths" | "at">,
  {
    steps,
    base,
    signal,
    onStep = () => undefined,
  }: {
    /** Those of the plan that are to be done. */
    readonly steps: readonly MirrorStep[];
    readonly base: RememberedBase;
    readonly signal: AbortSignal;
    readonly onStep?: (step: MirrorStep, number: number) => void;
  },
): Promise<MirrorOutcome> {
  const files = new Map([...base.files].filter(([path]) => paths.has(path)));
  for (const [path, file] of same) {
    files.set(path, file);
  }
  const failures: { readonly step: MirrorStep; readonly error: unknown }[] = [];
  let done = 0;
  const copy = async (from: MirrorSide, to: MirrorSide, what: CopyOptions): Promise<void> => {
    const { path, target = path, source, expected } = what;
    const copied = hashing(from.content(path, source.size, { signal }));
    const written = await to.write(target, copied.content, { signal, expected });
    if (target === path) {
      const seen = settled(source, at);
      const [mine, theirs] = from === local ? [seen, written] : [written, seen];
      files.set(path, { local: mine, remote: theirs, hash: await copied.hash() });
    }
  };
  for (const [index, step] of steps.entries()) {
    if (signal.aborted) {
      break;
    }
    onStep(step, index + 1);
    try {
      await doStep(step, { local, remote, copy, taken: (path) => paths.has(path), signal });
      if (step.kind === "deleteLocal" || step.kind === "deleteRemote") {
        files.delete(step.path);
      }
      done += 1;
    } catch (error) {
      if (!isAbort(error)) {
        failures.push({ step, error });
      }
    }
  }
  return { base: { files, at: Date.now() }, done, failures };
}

/** The stamp to remember: of a file that may have changed unseen after the look, one that equals none, so that it is read again. */
function settled(stamp: FileStamp, at: number): FileStamp {
  return stamp.mtimeMs > at - doubtMs ? { ...stamp, mtimeMs: -1 } : stamp;
}

interface CopyOptions {
  readonly path: string;
  /** Another name on the other side. */
  readonly target?: string;
  readonly source: FileStamp;
  /** What is replaced; `undefined`: nothing is there. */
  readonly expected: FileStamp | undefined;
}

async function doStep(
  { kind, path, local: mine, remote: theirs }: MirrorStep,
  {
    local,
    remote,
    copy,
    taken,
    signal,
  }: Pick<MirrorSides, "local" | "remote"> & {
    readonly copy: (from: MirrorSide, to: MirrorSide, what: CopyOptions) => Promise<void>;
    readonly taken: (path: string) => boolean;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  if (kind === "upload" && mine !== undefined) {
    await copy(local, remote, { path, source: mine, expected: theirs });
  } else if (kind === "download" && theirs !== undefined) {
    await copy(remote, local, { path, source: theirs, expected: mine });
  } else if (kind === "deleteLocal" && mine !== undefined) {
    await local.remove(path, { expected: mine, signal });
  } else if (kind === "deleteRemote" && theirs !== undefined) {
    await remote.remove(path, { expected: theirs, signal });
  } else if (kind === "conflict" && mine !== undefined && theirs !== undefined) {
    // The session's version is safe under its new name before the other one takes its place.
    await copy(remote, local, {
      path,
      target: conflictName(path, taken),
      source: theirs,
      expected: undefined,
    });
    await copy(local, remote, { path, source: mine, expected: theirs });
  }
}

/** Content that tells its hash once it was read. One that was opened again, from its middle, is read once more for it. */
function hashing(content: ReturnType<MirrorSide["content"]>): {
  readonly content: ReturnType<MirrorSide["content"]>;
  hash(): Promise<string>;
} {
  let whole: string | undefined;
  return {
    content: {
      size: content.size,
      open: async function* (start) {
        const hash = createHash("sha256");
        for await (const piece of content.open(start)) {
          hash.update(piece);
          yield piece;
        }
        whole = start === 0 ? hash.digest("hex") : undefined;
      },
    },
    hash: async () => whole ?? digest(content),
  };
}

async function hashOf(side: MirrorSide, path: string, size: number, signal: AbortSignal): Promise<string> {
  return digest(side.content(path, size, { signal }));
}

async function digest(content: ReturnType<MirrorSide["content"]>): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of content.open(0)) {
    hash.update(piece);
  }
  return hash.digest("hex");
}
