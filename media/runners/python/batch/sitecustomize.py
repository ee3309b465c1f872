"""Lets `input()` and `getpass.getpass()` of a batch program ask the person in front of the client.

Python imports this file by itself at its start, because its folder is on PYTHONPATH. It asks over the unix socket that
BACKENDAI_INPUT names: one JSON line out, one JSON line back. Every other start of Python is left as it is.
"""
import os
import sys


def _next_sitecustomize():
    """Runs the sitecustomize that this one stands in front of."""
    import importlib.machinery
    import importlib.util

    here = os.path.dirname(os.path.abspath(__file__))
    others = [folder for folder in sys.path if os.path.abspath(folder or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


def _ask(path, prompt, is_password):
    import json
    import socket

    sys.stdout.write(str(prompt))
    sys.stdout.flush()
    sys.stderr.flush()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(path)
        connection.sendall((json.dumps({"password": is_password}) + "\n").encode("ascii"))
        answer = b""
        while not answer.endswith(b"\n"):
            chunk = connection.recv(65536)
            if not chunk:
                raise EOFError("the session gives no more input")
            answer += chunk
    return json.loads(answer.decode("utf-8"))["text"]


def _install(path):
    import builtins

    original = builtins.input

    def ask(prompt=""):
        # A program that was given an input of its own, such as `echo x | python main.py`, reads that one.
        if sys.stdin is None or not _is_null(sys.stdin):
            return original(prompt)
        return _ask(path, prompt, False)

    builtins.input = ask
    show = sys.excepthook
    sys.excepthook = lambda kind, error, trace: show(kind, error, _without_own_frames(trace))
    sys.meta_path.insert(0, _PatchGetpass(path))


def _without_own_frames(trace):
    """The traceback that the program would have without this file, as after an interrupt while input() waits."""
    node = trace
    while node is not None and node.tb_next is not None:
        if node.tb_next.tb_frame.f_code.co_filename == __file__:
            node.tb_next = node.tb_next.tb_next
        else:
            node = node.tb_next
    return trace


def _is_null(stream):
    try:
        return os.fstat(stream.fileno()).st_rdev == os.stat(os.devnull).st_rdev
    except (OSError, ValueError, AttributeError):
        return False


class _PatchGetpass:
    """Replaces getpass.getpass when a program imports it; importing it here would slow every start of Python."""

    def __init__(self, path):
        self._path = path

    def find_spec(self, name, _folders=None, _target=None):
        if name != "getpass":
            return None
        import importlib.util

        sys.meta_path.remove(self)  # first: the search below must not come here again
        spec = importlib.util.find_spec(name)
        original = spec.loader.exec_module

        def exec_module(module):
            original(module)
            module.getpass = lambda prompt="Password: ", stream=None: _ask(self._path, prompt, True)

        spec.loader.exec_module = exec_module
        return spec


if os.environ.get("BACKENDAI_INPUT"):
    _install(os.environ["BACKENDAI_INPUT"])
try:
    _next_sitecustomize()
except Exception:
    pass
