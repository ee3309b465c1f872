import { homeDirectory } from "../../api/index.js";
import { Emitter } from "../../base/event.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { FileAccess } from "../access/fileAccess.js";
import { isFileFailure } from "../access/fileAccessError.js";
import type { FilePlace } from "../filePlace.js";
import { DirectoryCache, type PathChange } from "./directoryCache.js";
import { FileStamps } from "./fileStamps.js";

/** How long nobody asks again for a session that is not to be had, in milliseconds. */
const absenceMs = 2000;

/** A session's files as they are known here, under one address. */
export interface SessionView {
  readonly server: string;
  readonly session: string;
  readonly access: FileAccess;
  readonly cache: DirectoryCache;
  readonly stamps: FileStamps;
  /** The number of the user that files are used as: whose home it is; `undefined` where no way tells. */
  readonly uid: () => Promise<number | undefined>;
}

/** Changes in the files of a session. */
export interface ViewChanges {
  readonly view: SessionView;
  readonly changes: readonly PathChange[];
}

/** Gives the files of the session that an address means. */
export type OpenFiles = (place: FilePlace, signal: AbortSignal) => Promise<{ readonly access: FileAccess }>;

/** What is known of the files of each session that was used; asking for a session twice at once asks once. */
export class SessionViews implements Disposable {
  readonly #open: OpenFiles;
  readonly #signal: AbortSignal;
  readonly #views = new Map<string, SessionView>();
  readonly #opening = new Map<string, Promise<SessionView>>();
  readonly #didChange = new Emitter<ViewChanges>();

  /** Told of what others did. */
  readonly onDidChange = this.#didChange.event;

  constructor(open: OpenFiles, signal: AbortSignal) {
    this.#open = open;
    this.#signal = signal;
  }

  /** @throws As `FileSessions.open` does. */
  async get(place: FilePlace): Promise<SessionView> {
    const address = addressOf(place);
    const known = this.#opening.get(address) ?? this.#begin(address, place);
    return known;
  }

  /** The view of a session that was used; nothing is opened. */
  known(place: FilePlace): SessionView | undefined {
    return this.#views.get(addressOf(place));
  }

  /** Lets sessions be looked for anew that were not to be had. */
  forgetFailures(): void {
    this.#opening.clear();
  }

  dispose(): void {
    this.#opening.clear();
    this.#views.clear();
    this.#didChange.dispose();
  }

  #begin(address: string, place: FilePlace): Promise<SessionView> {
    const opening = this.#find(address, place);
    this.#opening.set(address, opening);
    const end = (): void => {
      if (this.#opening.get(address) === opening) {
        this.#opening.delete(address);
      }
    };
    opening.then(end, (error: unknown) => {
      if (isFileFailure(error, "unavailable")) {
        setTimeout(end, absenceMs).unref(); // it costs a list of sessions each time, and a window has many questions
      } else {
        end();
      }
    });
    return opening;
  }

  async #find(address: string, place: FilePlace): Promise<SessionView> {
    const { access } = await this.#open(place, this.#signal);
    const known = this.#views.get(address);
    if (known?.access === access) {
      return known;
    }
    const { server, session } = place;
    const cache = new DirectoryCache(access, this.#signal);
    let uid: Promise<number | undefined> | undefined;
    const view: SessionView = {
      server,
      session,
      access,
      cache,
      stamps: known?.stamps ?? new FileStamps(), // times go on growing where a session was restarted
      uid: () => (uid ??= ownerOfHome(cache)),
    };
    cache.onDidChange((changes) => this.#didChange.fire({ view, changes }));
    this.#views.set(address, view);
    return view;
  }
}

/** A file or folder by its address. */
export function keyOf({ server, session, path }: FilePlace): string {
  return `${server}/${session}${path}`;
}

function addressOf({ server, session }: FilePlace): string {
  return `${server}/${session}`;
}

async function ownerOfHome(cache: DirectoryCache): Promise<number | undefined> {
  try {
    return (await cache.stat(homeDirectory, true)).uid;
  } catch {
    return undefined;
  }
}
