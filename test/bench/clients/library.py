"""
Uses the reference client's library as a program does that goes on: takes a request a line, does it, and answers with the milliseconds
that it took and what came of it. So the start of Python is not measured.

    python library.py     {"do": "query", "session": "…", "code": "print(1)"}  ->  {"ms": 12.3, "result": 2}
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from ai.backend.client.session import AsyncSession, Session


def execute(compute, code, mode="query", opts=None):
    """The loop that every user of the library writes. Resolves to the characters that were printed."""
    run_id, printed = None, 0
    while True:
        answer = compute.execute(run_id, code, mode=mode, opts=opts)
        run_id = answer["runId"]
        printed += sum(len(text) for _, text in answer.get("console") or [])
        if answer["status"] == "finished":
            return printed
        mode, code, opts = "continue", "", None


def run(compute, request):
    file = Path(request["file"])
    compute.upload([file], basedir=file.parent)
    return execute(compute, "", "batch", {"exec": f"python {file.name}"})


def query(compute, request):
    return sum(execute(compute, request["code"]) for _ in range(request.get("count", 1)))


def list_files(compute, request):
    files = compute.list_files(request["path"])["files"]
    return len(json.loads(files) if isinstance(files, str) else files)


def write(compute, request):
    file = Path(request["file"])
    compute.upload([file], basedir=file.parent)
    return file.stat().st_size


def read(compute, request):
    compute.download([request["name"]], dest=Path(request["folder"]))
    return (Path(request["folder"]) / request["name"]).stat().st_size


def stream(compute, request):
    return asyncio.run(stream_execute(request))


async def stream_execute(request):
    characters = 0
    async with AsyncSession() as session:
        compute = session.ComputeSession.from_session_id(request["session"])
        async with compute.stream_execute(mode="batch", opts={"exec": request["exec"]}) as stream:
            async for message in stream:
                frame = json.loads(message.data)
                characters += sum(len(text) for _, text in frame.get("console") or [])
                if frame["status"] == "finished":
                    return characters


def connect(_, request):
    with Session() as session:
        return 1 if session.ComputeSession.hello() else 0


deeds = {each.__name__: each for each in (run, query, list_files, write, read, stream, connect)}

with Session() as kept:
    for line in sys.stdin:
        request = json.loads(line)
        try:
            compute = kept.ComputeSession(request["session"]) if "session" in request else None
            begun = time.perf_counter()
            result = deeds[request["do"]](compute, request)
            answer = {"ms": (time.perf_counter() - begun) * 1000, "result": result}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
