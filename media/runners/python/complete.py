"""Completion of a name before the cursor, as full dotted words such as `os.path`."""
import re
import rlcompleter

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
    names = _by_jedi(lines, row, before, namespace)
    if names is None:
        return _by_namespace(token, namespace)
    return [head + name for name in names][:_LIMIT]


def _number(value, default):
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default


def _by_jedi(lines, row, before, namespace):
    try:
        import jedi
    except Exception:
        return None
    try:
        source = "\n".join(lines[:row] + [before])
        found = jedi.Interpreter(source, [namespace]).complete()
        return [item.name_with_symbols for item in found]
    except Exception:
        return None


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
