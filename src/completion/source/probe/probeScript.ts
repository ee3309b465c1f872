/**
 * What is asked of a session's interpreter, in Python that runs from 3.6 on. It gets `names` (the namespace of the session) and
 * `question` (JSON). Live objects are looked at without running what a person wrote: properties of their classes are not read, nothing is
 * called but `__dir__`, and what says of itself that it is for completion. jedi, and with it IPython's own completer, is left alone: its
 * first answers take seconds, and when it is interrupted it leaves half-written files in its cache, by which it fails ever after.
 */
export const probeScript = `
import ast, builtins, inspect, json, keyword, re, sys, time, types, warnings

class Late(BaseException):
    pass

class Timer:
    """Ends what takes too long, in the main thread of a program that has no use for the alarm itself."""
    def __init__(self, seconds):
        self.seconds, self.isOn, self.isMine, self.isLate = seconds, False, False, False
    def __enter__(self):
        try:
            import signal
            self.signal = signal
            if signal.getsignal(signal.SIGALRM) is signal.SIG_DFL and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0):
                signal.signal(signal.SIGALRM, self.late)
                self.isMine = self.isOn = True
                signal.setitimer(signal.ITIMER_REAL, self.seconds)
        except Exception:
            pass
    def late(self, *_):
        if self.isOn:
            self.isOn, self.isLate = False, True
            raise Late
    def __exit__(self, *_):
        self.isOn = False
        if self.isMine:
            self.signal.setitimer(self.signal.ITIMER_REAL, 0)
            self.signal.signal(self.signal.SIGALRM, self.signal.SIG_DFL)

NOTHING = object()
BOUND = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.MethodWrapperType, type)

def is_persons(cls):
    """Whether a class is a person's own: written in the session or beside it, not in a library."""
    if cls is None or cls is object:
        return False
    name = cls.__name__ if isinstance(cls, types.ModuleType) else getattr(cls, "__module__", None)
    file = getattr(sys.modules.get(name), "__file__", None)
    if name == "__main__":
        return True
    return file is not None and not file.startswith((sys.prefix, sys.base_prefix)) and "-packages" not in file

def static(cls, name):
    """What a class or one of its bases has, as it stands there, and which of them; NOTHING and None."""
    for base in type.__getattribute__(cls, "__mro__"):
        found = type.__getattribute__(base, "__dict__").get(name, NOTHING)
        if found is not NOTHING:
            return found, base
    return NOTHING, None

PLAIN = (types.FunctionType, classmethod, staticmethod, types.BuiltinFunctionType, types.MethodDescriptorType,
    types.WrapperDescriptorType, types.ClassMethodDescriptorType)

def glance(owner, name):
    """A member as far as it can be seen without reading it: a function bound, the property itself, a value that lies there."""
    if isinstance(owner, types.ModuleType):
        found = vars(owner).get(name, NOTHING)
        return sys.modules.get("%s.%s" % (owner.__name__, name), NOTHING) if found is NOTHING else found
    isClass = isinstance(owner, type)
    found, _ = static(owner, name) if isClass else static(type(owner), name)
    if isinstance(found, PLAIN) and hasattr(type(found), "__get__"):
        return found.__get__(None if isClass else owner, owner if isClass else type(owner))
    if found is NOTHING or not isClass and not hasattr(type(found), "__set__"):
        try:
            values = {} if isClass else object.__getattribute__(owner, "__dict__")
            found = values.get(name, found) if isinstance(values, dict) else found
        except Exception:
            pass
    return static(type(owner), name)[0] if found is NOTHING and isClass else found

def member(owner, name):
    """A member that somebody wrote down: properties of libraries are read, those of a person's own classes are not."""
    found = glance(owner, name)
    if isinstance(owner, types.ModuleType):
        return found if found is not NOTHING or is_persons(owner) else getattr(owner, name, NOTHING)
    cls = owner if isinstance(owner, type) else type(owner)
    if found is not NOTHING and not hasattr(type(found), "__get__") or isinstance(found, BOUND):
        return found
    base = static(cls, name)[1] or cls
    if any(is_persons(static(type(owner), each)[1]) for each in ("__getattribute__", "__getattr__")) or is_persons(base):
        isSlot = isinstance(found, types.MemberDescriptorType) and not isinstance(owner, type)
        return found.__get__(owner, type(owner)) if isSlot else found if isinstance(owner, type) else NOTHING
    try:
        return getattr(owner, name)
    except Exception:
        return NOTHING

def resolve(dotted, names):
    parts = dotted.split(".")
    found = names.get(parts[0], getattr(builtins, parts[0], NOTHING))
    for part in parts[1:]:
        found = NOTHING if found is NOTHING else member(found, part)
    return found

def one_line(text, width=200):
    text = " ".join(str(text).split())
    return text if len(text) <= width else text[: width - 1] + "\\u2026"

def parts_of(function):
    """The parameters of a function as they are written, with the marks between them."""
    kinds, parts, before, hasStar = inspect.Parameter, [], None, False
    for each in inspect.signature(function).parameters.values():
        if before == kinds.POSITIONAL_ONLY and each.kind != before:
            parts.append("/")
        if each.kind == kinds.KEYWORD_ONLY and not hasStar:
            parts.append("*")
            hasStar = True
        hasStar = hasStar or each.kind == kinds.VAR_POSITIONAL
        parts.append(one_line(each, 80))
        before = each.kind
    if before == kinds.POSITIONAL_ONLY:
        parts.append("/")
    return parts

def result_of(function):
    result = inspect.signature(function).return_annotation
    return "" if result is inspect.Signature.empty else " -> " + one_line(inspect.formatannotation(result), 80)

def kind_of(found):
    if found is NOTHING or isinstance(found, property):
        return "property"
    if isinstance(found, type):
        return "class"
    if isinstance(found, types.ModuleType):
        return "module"
    if isinstance(found, types.FunctionType):
        return "function"
    if isinstance(found, types.BuiltinFunctionType):
        return "function" if isinstance(found.__self__, (types.ModuleType, type(None))) else "method"
    if isinstance(found, (types.MethodType, types.MethodDescriptorType, types.WrapperDescriptorType, types.MethodWrapperType)):
        return "method"
    return "function" if callable(found) and inspect.isroutine(found) else "variable"

BEGUN = time.perf_counter()

def detail_of(found, kind):
    """Not of the last of many: parameters are slow to find out, and a question must be quick."""
    if time.perf_counter() - BEGUN > 0.04:
        return None
    if found is NOTHING or kind in ("class", "module", "keyword"):
        return None
    if kind in ("function", "method"):
        try:
            return one_line("(" + ", ".join(parts_of(found)) + ")")
        except Exception:
            return None
    return type(found).__name__

def columns_of(owner):
    """Names of columns of what is like a table, and of a structured array's fields."""
    fields = member(member(owner, "dtype"), "names") if type(owner).__module__.split(".")[0] == "numpy" else None
    if isinstance(fields, tuple):
        return list(fields)
    columns = member(owner, "columns") if not isinstance(owner, (type, types.ModuleType, dict)) else NOTHING
    if columns is NOTHING or isinstance(columns, (str, bytes)) or callable(columns):
        return []
    try:
        return [each for _, each in zip(range(5000), columns) if isinstance(each, str)]
    except Exception:
        return []

def keys_of(owner):
    """Keys that are text, and what they are."""
    columns = columns_of(owner)
    if columns:
        return columns, "column"
    ask, _ = static(type(owner), "_ipython_key_completions_")
    try:
        if callable(ask):
            keys = ask(owner)
        elif isinstance(owner, dict):
            keys = dict.keys(owner)
        elif hasattr(type(owner), "keys") and not is_persons(type(owner)):
            keys = owner.keys()
        else:
            keys = ()
        return [each for _, each in zip(range(5000), list(keys)) if isinstance(each, str)], "value"
    except Exception:
        return [], "value"

def ranked(names, typed):
    """Those that begin like what was typed, whatever the case; private ones last."""
    typed = typed.lower()
    found = set(name for name in names if isinstance(name, str) and name.lower().startswith(typed))
    return sorted(found, key=lambda name: (name.startswith("__"), name.startswith("_"), name.lower(), name))

class Items(list):
    total = 0
    def cut(self, found, limit, item):
        self.total += len(found)
        for name in found[: max(0, limit - len(self))]:
            self.append(item(name))
        return self

def members(owner, typed, limit):
    columns = set(columns_of(owner))
    try:
        listed = dir(owner)
    except Exception:
        listed = []
    def item(name):
        if name in columns:
            return [name, "column", None]
        found = glance(owner, name)
        kind = kind_of(found)
        if kind == "function" and not isinstance(owner, types.ModuleType):
            kind = "method"
        if kind in ("variable", "property") and not isinstance(owner, types.ModuleType):
            kind = "property"
            found = NOTHING if hasattr(type(found), "__get__") else found
        return [name, kind, detail_of(found, kind)]
    found = ranked([name for name in listed if isinstance(name, str) and name.isidentifier()], typed)
    return Items().cut(sorted(found, key=lambda name: name not in columns), limit, item)

def top_names(names, typed, limit):
    every = dict(vars(builtins))
    every.update(names)
    words = set(keyword.kwlist)
    def item(name):
        if name in words:
            return [name, "keyword", None]
        kind = kind_of(every[name])
        return [name, kind, detail_of(every[name], kind)]
    own = [name for name in names if isinstance(name, str) and not re.match(r"_i?\\d+$|_i{1,3}$|_{1,3}$|_[ioh]{1,2}$|_dh$", name)]
    mine = ranked(own, typed)
    rest = [name for name in ranked(list(vars(builtins)) + list(words), typed) if name not in names]
    return Items().cut(mine, limit, item).cut(rest, limit, item)

def modules(head, typed, limit):
    """Modules that can be imported below \`head\`, such as \`os.\`; nothing is imported."""
    import pkgutil
    where = getattr(sys.modules.get(head[:-1]), "__path__", None) if head else None
    found = [each.name for each in pkgutil.iter_modules(None if where is None else list(where))] if where or not head else []
    found += [name[len(head):] for name in list(sys.modules) if name.startswith(head) and "." not in name[len(head):]]
    found += [] if head else list(sys.builtin_module_names)
    return Items().cut(ranked([each for each in found if each.isidentifier()], typed), limit, lambda name: [name, "module", None])

def value_at(node, names):
    """What an expression of names, members, literals and literal keys stands for; nothing is called."""
    if isinstance(node, ast.Name):
        return names.get(node.id, getattr(builtins, node.id, NOTHING))
    if isinstance(node, ast.Attribute):
        owner = value_at(node.value, names)
        return NOTHING if owner is NOTHING else member(owner, node.attr)
    if isinstance(node, ast.Subscript):
        owner = value_at(node.value, names)
        getter, base = (NOTHING, None) if owner is NOTHING else static(type(owner), "__getitem__")
        if getter is NOTHING or is_persons(base):
            return NOTHING
        try:
            return owner[ast.literal_eval(getattr(node.slice, "value", node.slice) if sys.version_info < (3, 9) else node.slice)]
        except Exception:
            return NOTHING
    try:
        return ast.literal_eval(node)
    except Exception:
        return NOTHING

LOOSE = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Lambda, ast.IfExp, ast.Starred, ast.Await, ast.Yield)

def value_before(text, names):
    """What the longest expression at the end of a text stands for."""
    text = text[-200:]
    for start in range(len(text)):
        if text[start].isspace() or start > 0 and re.match(r"[\\w.\\])}\\x22\\x27]", text[start - 1]) and re.match(r"[\\w.(\\[\\x22\\x27]", text[start]):
            continue
        try:
            node = ast.parse(text[start:], mode="eval").body
        except (SyntaxError, ValueError):
            continue
        if not isinstance(node, LOOSE) and (text[start] == "(" or not isinstance(node, ast.Tuple)):
            return value_at(node, names)
    return NOTHING

def complete(question, names):
    line, limit = question["code"].split("\\n")[-1], question["limit"]
    key = re.search(r"(?<=[\\w\\])])\\[\\s*(?:\\[\\s*(?:(?:\\x22[^\\x22]*\\x22|'[^']*')\\s*,\\s*)*)?(?:([\\x22\\x27])([^\\x22\\x27\\\\]*))?$", line)
    if key:
        owner = value_before(line[: key.start()], names)
        keys, kind = ([], "") if owner is NOTHING else keys_of(owner)
        keys = [each for each in dict.fromkeys(keys) if each.isprintable()]
        if key.group(1):
            fitting = [each for each in keys if each.lower().startswith(key.group(2).lower()) and key.group(1) not in each]
            return Items().cut(fitting, limit, lambda each: [each.replace("\\\\", "\\\\\\\\"), kind, None])
        found = Items().cut(keys, limit, lambda each: [json.dumps(each, ensure_ascii=False), kind, None])
        rest = top_names(names, "", limit - len(found))
        found.extend(rest)
        found.total += rest.total
        return found
    source = re.match(r"\\s*(?:import\\s+(?:[\\w.]+(?:\\s+as\\s+\\w+)?\\s*,\\s*)*|from\\s+)((?:\\w+\\.)*)(\\w*)$", line)
    if source:
        return modules(source.group(1), source.group(2), limit)
    inner = re.match(r"\\s*from\\s+(\\w[\\w.]*)\\s+import\\s+\\(?(?:.*[,\\s(])?(\\w*)$", line)
    if inner:
        owner = sys.modules.get(inner.group(1), NOTHING)
        typed = inner.group(2)
    else:
        typed = re.search(r"(?:[^\\W\\d]\\w*)?$", line).group(0)
        before = line[: len(line) - len(typed)]
        if not before.endswith("."):
            return Items() if re.search(r"[\\w\\x22\\x27]$", before) else top_names(names, typed, limit)
        owner = value_before(before[:-1], names)
    return Items() if owner is NOTHING else members(owner, typed, limit)

def value_of(found):
    """A few lines of data. A person's own classes do not show themselves."""
    if callable(found) or isinstance(found, types.ModuleType) or is_persons(type(found)):
        return None
    if columns_of(found) and hasattr(found, "head") and hasattr(found, "to_string"):
        return found.head().to_string(max_cols=8)
    if type(found) in (list, tuple, dict, set, frozenset, str, bytes, int) or type(found).__name__ == "deque":
        import reprlib
        short = reprlib.Repr()
        short.maxlist = short.maxtuple = short.maxdict = short.maxset = short.maxfrozenset = 20
        short.maxstring = short.maxother = 400
        return short.repr(found)
    return repr(found)

def describe(question, names):
    found = resolve(question["name"], names)
    if found is NOTHING:
        return None
    bound, answer = question["bound"], {"type": type(found).__name__}
    if callable(found):
        name = question["name"].split(".")[-1]
        try:
            answer["signature"] = name + "(" + ", ".join(parts_of(found)) + ")" + ("" if isinstance(found, type) else result_of(found))
        except Exception:
            pass
    value = value_of(found)
    if value is not None:
        answer["value"] = value[:bound]
    if value is None or callable(found):
        text = inspect.getdoc(found)
        answer["documentation"] = text[:bound] if text else None
    return answer

def signature(question, names):
    found = resolve(question["name"], names)
    if found is NOTHING or not callable(found):
        return None
    name, text = question["name"].split(".")[-1], inspect.getdoc(found) or ""
    answer = {"documentation": text[: question["bound"]] or None}
    try:
        parts = parts_of(found)
        result = "" if isinstance(found, type) else result_of(found)
        answer.update(label=name + "(" + ", ".join(parts) + ")" + result, parameters=[each for each in parts if each not in "/*"])
    except Exception:
        first = text.split("\\n")[0].strip()
        if not re.match(re.escape(name) + r"\\(.*\\)", first):
            return None
        answer.update(label=one_line(first), parameters=[])
    return answer

def ask(question, names):
    if question["op"] == "complete":
        found = complete(question, names)
        return {"items": list(found), "total": found.total}
    return (describe if question["op"] == "describe" else signature)(question, names)

def answer_to(text, names):
    question = json.loads(text)
    timer = Timer(question["seconds"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with timer:
                found = ask(question, names)
            return {"late": True} if timer.isLate else {"ok": found}
        except Late:
            return {"late": True}
        except Exception as error:
            return {"error": type(error).__name__}
`;
