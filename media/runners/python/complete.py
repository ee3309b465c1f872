"""Completion of a name before the cursor, as full dotted words such as `os.path`."""
import os
import pathlib
import pickle
import pwd
import re
import rlcompleter
import sys
import threading

_TOKEN = re.compile(r"[^\W\d]?[\w.]*$")
_LIMIT = 1000


def complete(code, options, namespace):
    """`options`: row and col (0-based) of the cursor in `code`, or `line`: the current line up to the cursor."""
    lines = code.split("\n")
    row = _number(options.get("row"), len(lines) - 1)
    before = options.get("line")
    if not isinstance(before, str):
        line = lines[row] if row < len(lines) else ""
        before = line[: _number(options.get("col"), len(line))]
    token = _TOKEN.search(before).group(0)
    head = token[: token.rfind(".") + 1]
    names = _jedi.words(lines, row, before, namespace)
    if names is None:
        return _by_namespace(token, namespace)
    return [head + name for name in names][:_LIMIT]


def _number(value, default):
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default


class _Jedi:
    """jedi, where the program's Python has it. Its first answer takes seconds, so it gets ready beside the runs."""

    def __init__(self):
        self._thread = None
        self._module = None

    def words(self, lines, row, before, namespace):
        """The completions, or None: jedi is missing, not ready yet, or does not understand the code."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._get_ready, daemon=True)
            self._thread.start()
        if self._module is None:
            return None
        try:
            source = "\n".join(lines[:row] + [before])
            return [item.name_with_symbols for item in self._ask(self._module, source, namespace)]
        except Exception:
            return None

    def _get_ready(self):
        try:
            import jedi
            import parso.cache

            # In the person's own cache: HOME is the session's, and what jedi keeps there is not the session's work.
            folder = ("Library/Caches/Jedi",) if sys.platform == "darwin" else (".cache", "jedi")
            jedi.settings.cache_directory = os.path.join(pwd.getpwuid(os.getuid()).pw_dir, *folder)
            parso.cache.open = _open_whole
            self._ask(jedi, "import os\nos.pa", {})
            self._module = jedi
        except Exception:
            pass

    def _ask(self, jedi, source, namespace):
        try:
            return jedi.Interpreter(source, [namespace]).complete()
        except (EOFError, pickle.UnpicklingError):
            # Somebody was ended while writing a file of the cache, and jedi would fail at it for ever.
            from parso.cache import clear_cache

            clear_cache(pathlib.Path(jedi.settings.cache_directory))
            return jedi.Interpreter(source, [namespace]).complete()


class _WholeFile:
    """A file that has its name when all of it is there: a session may be ended at any moment."""

    def __init__(self, path):
        self._path = path
        self._file = open("%s.%d.part" % (path, os.getpid()), "wb")

    def __enter__(self):
        return self._file

    def __exit__(self, kind, *_):
        self._file.close()
        if kind is None:
            os.replace(self._file.name, self._path)


def _open_whole(path, mode="r"):
    """`open`, for the module that keeps what jedi has read."""
    return _WholeFile(path) if mode == "wb" else open(path, mode)


_jedi = _Jedi()


def _by_namespace(token, namespace):
    completer = rlcompleter.Completer(namespace)
    found = []
    for state in range(_LIMIT):
        word = completer.complete(token, state) if token else None
        if word is None:
            break
        word = word.strip().rstrip("()").rstrip(":")
        if word not in found:
            found.append(word)
    return found
