import path from "node:path";
import { confinedRealPath, isWithin, OutsidePathError, sessionHome } from "../../files/workPath.js";
import type { Session } from "../../sessions/session.js";

/**
 * The paths that an SFTP client may name: relative ones, those below `/home/work`, and those by which the session's own
 * programs know its files: below its real home and its virtual folders. All methods throw {@link OutsidePathError} for others.
 */
export class SessionPaths {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** What a path is called when it is written out: below `/home/work` when it was, else as programs see it. */
  written(asked: string): string {
    const isVirtual = asked === sessionHome || asked.startsWith(`${sessionHome}/`);
    const place = this.#place(asked);
    return isVirtual && isWithin(this.#session.workDir, place)
      ? path.posix.join(sessionHome, path.relative(this.#session.workDir, place))
      : place;
  }

  /** The file that a path leads to, links followed. */
  async file(asked: string): Promise<string> {
    return confinedRealPath(this.#session, this.#place(asked));
  }

  /** The entry of a directory that a path names, a link itself and not where it leads. The roots are no entries. */
  async entry(asked: string): Promise<string> {
    const place = this.#place(asked);
    if (this.#roots.includes(place)) {
      throw new OutsidePathError(asked);
    }
    return path.join(await confinedRealPath(this.#session, path.dirname(place)), path.basename(place));
  }

  /** As {@link entry}, with the roots: to look only. */
  async look(asked: string): Promise<string> {
    const place = this.#place(asked);
    return this.#roots.includes(place) ? place : this.entry(asked);
  }

  /** What a link is to hold so that it leads where the client means. */
  linkTarget(asked: string): string {
    return asked === sessionHome || asked.startsWith(`${sessionHome}/`)
      ? path.join(this.#session.workDir, asked.slice(sessionHome.length))
      : asked;
  }

  get #roots(): readonly string[] {
    return [this.#session.workDir, ...this.#session.mountedDirs];
  }

  /** The place on this computer, by names alone. */
  #place(asked: string): string {
    if (asked.includes("\0")) {
      throw new OutsidePathError(asked);
    }
    const { workDir } = this.#session;
    const whole = path.posix.normalize(path.posix.isAbsolute(asked) ? asked : path.join(workDir, asked));
    const place = this.linkTarget(whole).replace(/(?<=.)\/+$/, "");
    if (!this.#roots.some((root) => isWithin(root, place))) {
      throw new OutsidePathError(asked);
    }
    return place;
  }
}
