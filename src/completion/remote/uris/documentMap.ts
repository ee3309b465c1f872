import { posix } from "node:path";
import { placeOf, sessionHome, type UriParts, uriPartsOf } from "../../../files/filePlace.js";
import { fileUriOf, pathOfFileUri } from "./fileUri.js";

/** A workspace folder of this window: its files have the same places below the home of a session, as runs put them there. */
export interface LocalFolder {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/** What a map is made of. */
export interface DocumentMapParts {
  /** As addresses of documents name it: see `FilePlace`. */
  readonly server: string;
  readonly session: string;
  /** Other names under which addresses mean the session: its id, its former ones. */
  readonly isSession: (name: string) => boolean;
  /** The session's home as its programs know it: `/home/work`, and elsewhere on the local engine. */
  readonly home: string;
  readonly folders: () => readonly LocalFolder[];
  /** Whether a document of this window is there: what the session alone has is opened from there. */
  readonly exists: (uri: UriParts) => boolean;
  /** Whether files outside the home are those of this computer: sessions of the local engine have no others. */
  readonly isOnThisComputer: boolean;
}

/** Most documents that are open at once and remembered; more are mapped all the same. */
const mostOpen = 5000;

/**
 * The addresses of documents, as this window and as a language server of a session know them. A document of the session keeps its
 * place; one of this window has the place that a run gives it. Two documents with one place are told apart as long as both are open.
 */
export class DocumentMap {
  readonly #parts: DocumentMapParts;
  readonly #home: string;
  readonly #paths = new Map<string, string>();
  readonly #documents = new Map<string, UriParts>();

  constructor(parts: DocumentMapParts) {
    this.#parts = parts;
    this.#home = parts.home.replace(/(.)\/+$/, "$1");
  }

  /** What the server calls its root. */
  get rootUri(): string {
    return fileUriOf(this.#home);
  }

  /** What the server calls a document; `undefined` for those that a session can't have, such as one of another session. */
  toServer(uri: UriParts): string | undefined {
    const known = this.#paths.get(keyOf(uri));
    const path = known ?? this.#placeInSession(uri);
    return path === undefined ? undefined : fileUriOf(path);
  }

  /** As {@link toServer}, of a document that is being opened: until {@link close}, what the server says of the place is about it. */
  open(uri: UriParts): string | undefined {
    const key = keyOf(uri);
    const place = this.#paths.has(key) ? undefined : this.#placeInSession(uri);
    if (place !== undefined && this.#paths.size < mostOpen) {
      const path = this.#freePlace(place);
      this.#paths.set(key, path);
      this.#documents.set(path, uri);
    }
    return this.toServer(uri);
  }

  /** Forgets what {@link open} has kept. */
  close(uri: UriParts): void {
    const key = keyOf(uri);
    const path = this.#paths.get(key);
    if (path !== undefined) {
      this.#paths.delete(key);
      this.#documents.delete(path);
    }
  }

  /**
   * The document that the server means: the open one, else that of this window which a run would put there, else the session's own.
   * `undefined` for what is no file.
   */
  toEditor(serverUri: string): UriParts | undefined {
    const path = pathOfFileUri(serverUri);
    if (path === undefined) {
      return undefined;
    }
    const { server, session, isOnThisComputer } = this.#parts;
    const clean = posix.normalize(path);
    const open = this.#documents.get(clean);
    if (open !== undefined) {
      return open;
    }
    const inHome = relativeTo(this.#home, clean);
    if (inHome === undefined && isOnThisComputer) {
      return { scheme: "file", authority: "", path: clean };
    }
    const local = inHome === undefined ? undefined : this.#localDocument(inHome);
    return (
      local ??
      uriPartsOf({ server, session, path: inHome === undefined ? clean : posix.join(sessionHome, inHome) })
    );
  }

  /** Its absolute place, as the session's programs know it. */
  #placeInSession(uri: UriParts): string | undefined {
    const place = placeOf(uri);
    if (place !== undefined) {
      const isOurs =
        place.server === this.#parts.server &&
        (place.session === this.#parts.session || this.#parts.isSession(place.session));
      const inHome = relativeTo(sessionHome, place.path);
      return isOurs ? (inHome === undefined ? place.path : posix.join(this.#home, inHome)) : undefined;
    }
    const inFolder = this.#parts
      .folders()
      .filter(({ scheme, authority }) => scheme === uri.scheme && authority === uri.authority)
      .map(({ path }) => relativeTo(path, uri.path))
      .filter((path) => path !== undefined)
      .sort((a, b) => a.length - b.length)[0]; // the innermost folder, as VS Code has it
    if (inFolder !== undefined) {
      return posix.join(this.#home, inFolder);
    }
    return uri.scheme === "file" ? posix.join(this.#home, posix.basename(uri.path)) : undefined;
  }

  #localDocument(inHome: string): UriParts | undefined {
    for (const { scheme, authority, path } of this.#parts.folders()) {
      const document = { scheme, authority, path: posix.join(path, inHome) };
      if (placeOf(document) === undefined && this.#parts.exists(document)) {
        return document;
      }
    }
    return undefined;
  }

  /** The place, or one beside it that no open document has: relative imports hold there, too. */
  #freePlace(place: string): string {
    const { dir, name, ext } = posix.parse(place);
    let free = place;
    for (let count = 2; this.#documents.has(free); count += 1) {
      free = posix.join(dir, `${name}~${String(count)}${ext}`);
    }
    return free;
  }
}

function keyOf({ scheme, authority, path }: UriParts): string {
  return `${scheme}://${authority}${path}`;
}

/** `path` relative to `folder`, `""` for itself; `undefined` outside of it. */
function relativeTo(folder: string, path: string): string | undefined {
  const base = folder.endsWith("/") ? folder : `${folder}/`;
  return path === folder || `${path}/` === base
    ? ""
    : path.startsWith(base)
      ? path.slice(base.length)
      : undefined;
}
