#!/usr/bin/env python3
"""A small language server on standard input and output: it knows the modules that its own Python can import.

Beside its home's `site` folder it imports nothing of a person. What it was started as and told is in its home, for tests:
`pylsp.pids` (one a line), `pylsp.initialize.json`. With a file `pylsp.crash` there, it ends as soon as it has started.
"""
import importlib
import importlib.util
import json
import os
import re
import sys
from urllib.parse import quote, unquote, urlparse

HOME = os.path.expanduser("~")
sys.path.append(os.path.join(HOME, "site"))
documents = {}


def read():
    length = 0
    while True:
        line = sys.stdin.buffer.readline()
        if not line:
            sys.exit(0)
        if line in (b"\r\n", b"\n"):
            return json.loads(sys.stdin.buffer.read(length))
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)


def write(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    sys.stdout.buffer.flush()


def before(params):
    lines = documents[params["textDocument"]["uri"]].split("\n")
    return lines[params["position"]["line"]][: params["position"]["character"]]


def position(line=0, character=0):
    return {"line": line, "character": character}


def completion(params):
    found = re.search(r"(\w+)\.(\w*)$", before(params))
    if found is None:
        return []
    try:
        names = dir(importlib.import_module(found.group(1)))
    except ImportError:
        return []
    return [{"label": name, "kind": 6} for name in names if not name.startswith("__")]


def definition(params):
    uri = params["textDocument"]["uri"]
    line = documents[uri].split("\n")[params["position"]["line"]]
    name = re.search(r"import (\w+)", line).group(1)
    beside = os.path.join(os.path.dirname(unquote(urlparse(uri).path)), name + ".py")
    spec = importlib.util.find_spec(name)
    origin = beside if spec is None else spec.origin
    span = {"start": position(), "end": position()}
    return {"uri": "file://" + quote(origin), "range": span}


def diagnose(uri):
    lines = documents[uri].split("\n")
    span = {"start": position(0, 0), "end": position(0, len(lines[0]))}
    problems = [{"range": span, "message": "seen in the session", "severity": 2}] if "wrong" in lines[0] else []
    write({"method": "textDocument/publishDiagnostics", "params": {"uri": uri, "diagnostics": problems}})


def initialize(params):
    with open(os.path.join(HOME, "pylsp.initialize.json"), "w") as file:
        json.dump(params, file)
    return {
        "capabilities": {
            "textDocumentSync": {"openClose": True, "change": 1},
            "completionProvider": {"triggerCharacters": ["."]},
            "definitionProvider": True,
            "executeCommandProvider": {"commands": ["pylsp.twice"]},
        }
    }


def main():
    with open(os.path.join(HOME, "pylsp.pids"), "a") as file:
        file.write("%d\n" % os.getpid())
    if os.path.exists(os.path.join(HOME, "pylsp.crash")):
        print("no room left for a language server", file=sys.stderr)
        sys.exit(3)
    answers = {"initialize": initialize, "textDocument/completion": completion, "textDocument/definition": definition}
    while True:
        message = read()
        method, params = message.get("method"), message.get("params")
        if method == "exit":
            sys.exit(0)
        if method == "textDocument/didOpen":
            documents[params["textDocument"]["uri"]] = params["textDocument"]["text"]
            diagnose(params["textDocument"]["uri"])
        elif method == "textDocument/didChange":
            documents[params["textDocument"]["uri"]] = params["contentChanges"][-1]["text"]
            diagnose(params["textDocument"]["uri"])
        if "id" in message and method is not None:
            write({"id": message["id"], "result": answers.get(method, lambda _: None)(params)})


main()
