"""Compiles and runs one piece of code, with the value of its last expression."""
import ast
import asyncio
import inspect
import linecache
import os
import re
import shlex
import subprocess
import sys
import traceback

_HERE = os.path.dirname(os.path.abspath(__file__))
_RED, _CYAN, _GREEN, _OFF = "\x1b[31m", "\x1b[36m", "\x1b[32m", "\x1b[39m"


class Cells:
    """The numbered pieces of code of one namespace."""

    def __init__(self, namespace):
        self._namespace = namespace
        self._count = 0
        self._loop = None

    def run(self, code):
        """Runs `code` and returns the value to show: None when it does not end with an expression, or ends with `;`."""
        self._count += 1
        name = "<cell %d>" % self._count
        code = code.lstrip("\ufeff")
        try:
            tree = compile(code, name, "exec", ast.PyCF_ONLY_AST)
        except SyntaxError:
            plain = translate_commands(code)
            _remember(name, code)
            if plain == code:
                raise
            tree = compile(plain, name, "exec", ast.PyCF_ONLY_AST)
        _remember(name, code)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = ast.Expression(tree.body.pop().value)
        if tree.body:
            self._evaluate(tree, name, "exec")
        if last is None:
            return None
        value = self._evaluate(last, name, "eval")
        if value is not None:
            self._namespace["_"] = value
        return None if code.rstrip().endswith(";") else value

    def _evaluate(self, tree, name, mode):
        compiled = compile(tree, name, mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        if not compiled.co_flags & inspect.CO_COROUTINE:
            return eval(compiled, self._namespace)
        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        task = self._loop.create_task(eval(compiled, self._namespace))
        try:
            return self._loop.run_until_complete(task)
        except KeyboardInterrupt:
            task.cancel()
            raise


def _remember(name, code):
    linecache.cache[name] = (len(code), None, [line + "\n" for line in code.split("\n")], name)


def translate_commands(code):
    """The few interactive commands that notebooks often use: `!command`, `%pip …`, `%cd …`, `%matplotlib …`."""

    def translate(match):
        indent, sign, name, rest = match.group(1), match.group(2), match.group(3), match.group(4)
        if sign == "!":
            return "%s__import__('subprocess').run(%r, shell=True) and None" % (indent, name + rest)
        if name == "pip":
            words = ["-m", "pip"] + shlex.split(rest)
            return "%s__import__('subprocess').run([__import__('sys').executable] + %r) and None" % (indent, words)
        if name == "cd":
            return "%s__import__('os').chdir(__import__('os').path.expanduser(%r))" % (indent, rest.strip() or "~")
        return indent + "pass" if name == "matplotlib" else match.group(0)

    return re.sub(r"^([ \t]*)([!%])([\w./~-]+)(.*)$", translate, code, flags=re.MULTILINE)


def format_error(error):
    """The traceback of `error` with ANSI colours and without the runner's own frames."""
    report = traceback.TracebackException.from_exception(error)
    seen = set()
    part = report
    while part is not None and id(part) not in seen:
        seen.add(id(part))
        kept = [frame for frame in part.stack if not _is_ours(frame.filename)]
        part.stack = traceback.StackSummary.from_list(kept)
        part = part.__cause__ or part.__context__
    return "".join(_colour(line) for line in report.format())


def _is_ours(filename):
    return os.path.dirname(os.path.abspath(filename)) == _HERE


def _colour(block):
    lines = block.split("\n")
    for index, line in enumerate(lines):
        if line.startswith("  File "):
            lines[index] = re.sub(r'"([^"]*)", line (\d+)', _CYAN + r"\1" + _OFF + ", line " + _GREEN + r"\2" + _OFF, line)
        elif re.match(r"\S", line):
            lines[index] = re.sub(r"^([\w.]+)(?=:|$)", _RED + r"\1" + _OFF, line)
    return "\n".join(lines)
