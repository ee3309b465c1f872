import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FilePlace } from "../filePlace.js";

/** Largest content that is kept. */
export const previousLimitBytes = 10 * 1024 * 1024;

/** Contents kept of one file, and bytes kept of all; the oldest go first. */
const perFile = 20;
const totalLimitBytes = 200 * 1024 * 1024;

/** Contents after which the bytes of all are counted again. */
const countEvery = 20;

/** Names of kept contents: when they were replaced, in milliseconds, and letters of chance. */
const contentName = /^(\d+)-[0-9a-f]+$/;

const placeName = "place.json";

/** A content that was overwritten. */
export interface PreviousContent {
  readonly id: string;
  /** When it was overwritten. */
  readonly at: Date;
  readonly size: number;
}

/** What was overwritten in sessions from here, on this computer's disk, bounded; several windows may share it. */
export class PreviousContents {
  readonly #root: string;
  #untilCount = 0;

  /** @param root The folder for it; it need not exist. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Keeps a content of at most {@link previousLimitBytes}; the same one twice in a row is kept once. */
  async keep(place: FilePlace, bytes: Uint8Array): Promise<void> {
    const folder = this.#folderOf(place);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const [newest] = await this.list(place);
    if (newest?.size === bytes.byteLength && Buffer.compare(await this.read(place, newest.id), bytes) === 0) {
      return;
    }
    await writeWhole(path.join(folder, placeName), Buffer.from(JSON.stringify(place)));
    const at = Math.max(Date.now(), (newest?.at.getTime() ?? 0) + 1);
    await writeWhole(path.join(folder, `${String(at)}-${randomBytes(3).toString("hex")}`), bytes);
    await Promise.all(
      (await this.list(place)).slice(perFile).map(({ id }) => rm(path.join(folder, id), { force: true })),
    );
    await this.#bound();
  }

  /** The kept contents of a file, the newest first. */
  async list(place: FilePlace): Promise<readonly PreviousContent[]> {
    return contentsIn(this.#folderOf(place));
  }

  /** @param id Of {@link list}. */
  async read(place: FilePlace, id: string): Promise<Uint8Array> {
    if (!contentName.test(id)) {
      throw new TypeError("no id of a kept content"); // for programs
    }
    return readFile(path.join(this.#folderOf(place), id));
  }

  /** The files of which there is something. */
  async places(): Promise<readonly FilePlace[]> {
    const folders = await namesIn(this.#root);
    const places = await Promise.all(
      folders.map(async (folder) => placeFrom(path.join(this.#root, folder, placeName))),
    );
    return places.filter((place) => place !== undefined);
  }

  #folderOf({ server, session, path: file }: FilePlace): string {
    const name = createHash("sha256")
      .update(JSON.stringify([server, session, file]))
      .digest("hex")
      .slice(0, 32);
    return path.join(this.#root, name);
  }

  async #bound(): Promise<void> {
    this.#untilCount -= 1;
    if (this.#untilCount > 0) {
      return;
    }
    this.#untilCount = countEvery;
    const folders = (await namesIn(this.#root)).map((name) => path.join(this.#root, name));
    const kept = (
      await Promise.all(
        folders.map(async (folder) => (await contentsIn(folder)).map((content) => ({ ...content, folder }))),
      )
    ).flat();
    let total = 0;
    for (const { folder, id, size } of kept.sort((a, b) => b.at.getTime() - a.at.getTime())) {
      total += size;
      if (total > totalLimitBytes) {
        await rm(path.join(folder, id), { force: true });
      }
    }
    await Promise.all(
      folders.map(async (folder) => {
        if ((await contentsIn(folder)).length === 0) {
          await rm(folder, { recursive: true, force: true });
        }
      }),
    );
  }
}

async function contentsIn(folder: string): Promise<readonly PreviousContent[]> {
  const ids = (await namesIn(folder)).filter((name) => contentName.test(name));
  const contents = await Promise.all(
    ids.map(async (id) => {
      const size = await stat(path.join(folder, id)).then(
        (found) => found.size,
        () => undefined, // another window has just removed it
      );
      return size === undefined ? undefined : { id, at: new Date(Number(contentName.exec(id)?.[1])), size };
    }),
  );
  return contents.filter((content) => content !== undefined).sort((a, b) => b.at.getTime() - a.at.getTime());
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

async function placeFrom(file: string): Promise<FilePlace | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    const { server, session, path: inSession } = Object(value) as Partial<Record<string, unknown>>;
    return typeof server === "string" && typeof session === "string" && typeof inSession === "string"
      ? { server, session, path: inSession }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Nobody reads half a file. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  await writeFile(temporary, bytes, { mode: 0o600 });
  await rename(temporary, file);
}
