import { homeDirectory } from "../../../api/index.js";
import type { FileHints } from "../query/fileFilter.js";
import { lineLimitBytes, linesOfFile } from "../query/searchQuery.js";
import type { EngineTask } from "./engineScript.js";

/** The program of the engine for Python 3; it takes its task from the environment. It prints as `grep` does. */
export const pythonProgram = `import os, re, sys
E = os.environb
def words(name):
    return [w for w in E[name].split(b"/") if w]
skipped, suffixes = set(words(b"skipped")), tuple(words(b"suffixes"))
search = re.compile(E[b"escaped"]).search if E[b"task"] == b"search" else None
write = sys.stdout.buffer.write
def denied(error):
    if isinstance(error, PermissionError):
        sys.stderr.write("Permission denied\\n")
def lines(file):
    found, number = [], 0
    while True:
        line = file.readline(${lineLimitBytes + 2})
        if not line:
            return found
        number += 1
        is_long = len(line) > ${lineLimitBytes + 1} and not line.endswith(b"\\n")
        if b"\\0" in line:
            return []
        while is_long and line and not line.endswith(b"\\n"):
            line = file.readline(1 << 20)
            if b"\\0" in line:
                return []
        if len(found) < ${linesOfFile} and not is_long:
            line = line[:-1] if line.endswith(b"\\n") else line
            if search(line):
                found.append(b"%d:%s\\n" % (number, line))
for folder, folders, names in os.walk(b".", onerror=denied):
    folders[:] = [f for f in folders if f not in skipped]
    for name in names:
        path = os.path.join(folder, name)
        if name in skipped or (suffixes and not name.endswith(suffixes)):
            continue
        try:
            if (os.lstat(path).st_mode & 0o170000) != 0o100000:
                continue
            if search is None:
                write(path + b"\\0")
                continue
            with open(path, "rb") as file:
                found = lines(file)
        except OSError as error:
            denied(error)
            continue
        if found:
            write(b"\\0" + path + b"\\0" + b"".join(found))
            sys.stdout.flush()
sys.stdout.flush()
`;

/**
 * The same for an interpreter that others use as well: in a process of its own, which ends when the code is interrupted; its output
 * comes as lines of base64, as an interpreter prints text.
 */
export function pythonTask({ folder, prefilter, python }: EngineTask, hints: FileHints): string {
  const environment = {
    task: prefilter === undefined ? "list" : "search",
    escaped: prefilter?.escaped ?? "",
    skipped: hints.skippedNames.join("/"),
    suffixes: hints.suffixes.join("/"),
  };
  return `
def _backendai_search(folder, program, environment):
    import base64, os, subprocess, sys
    home = ${literal(homeDirectory)}
    if not os.path.isdir(home) and (folder + "/").startswith(home + "/"):
        folder = os.environ["HOME"] + folder[len(home):] # a session of the local engine
    if not os.path.isdir(folder):
        print("folder")
        return
    child = subprocess.Popen([sys.executable, "-c", program], cwd=folder, env={**os.environ, **environment},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        print(base64.b64encode(b"python\\n").decode(), flush=True)
        while True:
            piece = os.read(child.stdout.fileno(), 30000)
            if not piece:
                break
            print(base64.b64encode(piece).decode(), flush=True)
        print("end %d" % child.wait())
    finally:
        child.kill()
        child.wait()
try:
    _backendai_search(${literal(folder)}, ${literal(python)}, ${literal(environment)})
except KeyboardInterrupt:
    pass
finally:
    del _backendai_search
`;
}

/** A value that JSON and Python write alike. */
function literal(value: string | Readonly<Record<string, string>>): string {
  return JSON.stringify(value);
}
