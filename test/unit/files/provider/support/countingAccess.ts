import type { FileAccess } from "../../../../../src/files/access/fileAccess.js";

/** What was asked of an access, in order: `list /home/work`. */
export interface CountedAccess extends FileAccess {
  readonly asked: string[];
}

/** Passes everything on, and writes down what was asked. */
export function counted(access: FileAccess): CountedAccess {
  const asked: string[] = [];
  const note = (what: string): void => void asked.push(what);
  return {
    asked,
    can: (ability, signal) => access.can(ability, signal),
    stat: (path, options) => (note(`stat ${path}`), access.stat(path, options)),
    list: (path, options) => (note(`list ${path}`), access.list(path, options)),
    read: (path, options) => (note(`read ${path}`), access.read(path, options)),
    write: (path, content, options) => (note(`write ${path}`), access.write(path, content, options)),
    makeDirectory: (path, options) => (note(`makeDirectory ${path}`), access.makeDirectory(path, options)),
    remove: (path, options) => (note(`remove ${path}`), access.remove(path, options)),
    rename: (from, to, options) => (note(`rename ${from} ${to}`), access.rename(from, to, options)),
    copy: (from, to, options) => (note(`copy ${from} ${to}`), access.copy(from, to, options)),
  };
}
