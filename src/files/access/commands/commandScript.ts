import { randomBytes } from "node:crypto";

/** What a command of a session answers. */
export interface CommandAnswer {
  /** What the action returned. */
  readonly value?: unknown;
  /** What failed it, as Python says it. */
  readonly error?: string;
}

/**
 * What all commands share: no link is followed where it is not said, no folder above is made (Python's own moves would), what is
 * replaced is moved aside first and comes back on failure, and nothing stays behind in the interpreter.
 */
const helpers = `
    import hashlib, json, os, secrets, shutil, stat
    def beside(path, kind):
        return os.path.join(os.path.dirname(path), '.backendai-' + secrets.token_hex(6) + '.' + kind)
    def drop(path):
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)
    def enter(folder):
        os.scandir(folder).close()
    def place(source, target, overwrite):
        enter(os.path.dirname(target))
        if not os.path.lexists(target):
            return shutil.move(source, target) and None
        if not overwrite:
            raise FileExistsError(17, 'File exists', target)
        old = beside(target, 'old')
        os.rename(target, old)
        try:
            shutil.move(source, target)
        except BaseException:
            os.rename(old, target)
            raise
        drop(old)
    def final(path):
        for _ in range(40):
            if not os.path.islink(path):
                return path
            path = os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
        raise OSError(40, 'Too many levels of symbolic links', path)
    def rename(source, target, overwrite):
        os.lstat(source)
        if source != target:
            place(source, target, overwrite)
    def remove(path, recursive):
        if os.path.isdir(path) and not os.path.islink(path):
            (shutil.rmtree if recursive else os.rmdir)(path)
        else:
            os.unlink(path)
    def make(path):
        os.mkdir(path)
    def copy(source, target, overwrite):
        os.lstat(source)
        if source == target:
            return
        enter(os.path.dirname(target))
        if os.path.lexists(target) and not overwrite:
            raise FileExistsError(17, 'File exists', target)
        part = beside(target, 'part')
        try:
            if os.path.isdir(source) and not os.path.islink(source):
                shutil.copytree(source, part, symlinks=True)
            else:
                shutil.copy2(source, part, follow_symlinks=False)
            place(part, target, overwrite)
        except BaseException:
            if os.path.lexists(part):
                drop(part)
            raise
    def split(path, folder, start, end, size):
        info = os.stat(path)
        if not stat.S_ISREG(info.st_mode):
            raise (IsADirectoryError(21, 'Is a directory', path) if stat.S_ISDIR(info.st_mode) else OSError(22, 'Invalid argument', path))
        os.makedirs(folder, exist_ok=True)
        digest, names = hashlib.sha256(), []
        with open(path, 'rb') as source:
            source.seek(start)
            while start < end:
                data = source.read(min(size, end - start))
                if not data:
                    break
                names.append('%d' % start)
                with open(os.path.join(folder, names[-1]), 'wb') as target:
                    target.write(data)
                digest.update(data)
                start += len(data)
        return [names, digest.hexdigest(), info.st_size, info.st_mtime]
    def join(folder, target, names, sha256, options):
        target = final(target)
        def check():
            there = os.stat(target) if os.path.exists(target) else None
            if there is None and not options['create'] and options['expected'] is None:
                raise FileNotFoundError(2, 'No such file or directory', target)
            if there is not None and stat.S_ISDIR(there.st_mode):
                raise IsADirectoryError(21, 'Is a directory', target)
            if there is not None and not stat.S_ISREG(there.st_mode):
                raise OSError(22, 'Invalid argument', target)
            if there is not None and not options['overwrite']:
                raise FileExistsError(17, 'File exists', target)
            seen = options['expected']
            if seen is not None and (there is None or [there.st_size, int(there.st_mtime)] != seen):
                raise RuntimeError('changed')
            return there
        there = check()
        if not os.path.isdir(os.path.dirname(target)):
            raise FileNotFoundError(2, 'No such file or directory', os.path.dirname(target))
        part, digest = beside(target, 'part'), hashlib.sha256()
        try:
            with open(part, 'xb') as output:
                for name in names:
                    with open(os.path.join(folder, name), 'rb') as source:
                        data = source.read()
                    digest.update(data)
                    output.write(data)
            if digest.hexdigest() != sha256:
                raise RuntimeError('lost')
            if there is not None:
                os.chmod(part, stat.S_IMODE(there.st_mode))
            check()
            os.replace(part, target)
        except BaseException:
            if os.path.exists(part):
                os.unlink(part)
            raise
`;

/** What a session is to do: a function of {@link helpers} and its arguments. */
export interface Command {
  readonly name: "rename" | "remove" | "make" | "copy" | "split" | "join";
  readonly arguments: readonly unknown[];
}

/** A command as code of a Python interpreter, and what its answer is marked by. */
export interface CommandCode {
  readonly code: string;
  readonly mark: string;
}

/** Paths below the home are where programs see it, which differs on the local engine. */
export function codeOf({ name, arguments: values }: Command): CommandCode {
  const mark = randomBytes(12).toString("hex");
  const given = Buffer.from(JSON.stringify(values)).toString("base64");
  const code = `def _backendai_files():${helpers}
    import base64
    def at(value):
        home = os.path.expanduser('~')
        if isinstance(value, str) and (value == '/home/work' or value.startswith('/home/work/')):
            return home + value[10:]
        return value
    try:
        values = [at(value) for value in json.loads(base64.b64decode('${given}'))]
        answer = {'value': ${name}(*values)}
    except Exception as error:
        answer = {'error': type(error).__name__ + ': ' + str(error)}
    print('${mark}' + json.dumps(answer) + '${mark}')
_backendai_files()
del _backendai_files
`;
  return { code, mark };
}

/** The answer in what a command printed; `undefined` where it printed none. */
export function answerIn(printed: string, mark: string): CommandAnswer | undefined {
  const [, answer] = printed.split(mark);
  return answer === undefined ? undefined : (JSON.parse(answer) as CommandAnswer);
}
