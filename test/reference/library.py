"""
Uses the reference client's library as a program of somebody's would, and prints what it saw as one JSON object. It
judges nothing: what must be in there is said by library.ts. It runs on every release of the client, so it uses only
what all of them have.

    python library.py IMAGE SESSION_NAME LAST_EVENT FOLDER
"""

import asyncio
import inspect
import json
import sys
from pathlib import Path

from ai.backend.client.exceptions import BackendAPIError
from ai.backend.client.session import AsyncSession, Session

try:
    from ai.backend.client.output.fields import session_fields
except ImportError:  # old clients take plain names; those they would ask for by themselves, no server has
    list_fields = ["id", "name", "image", "status"]
else:
    list_fields = [session_fields[field] for field in ("session_id", "name", "image", "status")]

image, name, last_event, folder_name = sys.argv[1:]
folder = Path(folder_name)

greeting = 'name = input("who? ")\nprint("hello", name)'
failure = 'print("before")\nraise ValueError("on purpose")'


def execute(compute, code, answer=""):
    """The loop that every user of the library writes: asks again until the run is over, or a request is refused."""
    console, statuses, run_id, mode = [], [], None, "query"
    while True:
        try:
            result = compute.execute(run_id, code, mode=mode)
        except BackendAPIError as error:
            return {"console": console, "statuses": statuses, "refused": error.data}
        run_id = result["runId"]
        console += result.get("console") or []
        statuses.append(result["status"])
        if result["status"] == "finished":
            return {"console": console, "statuses": statuses, "exitCode": result.get("exitCode")}
        mode, code = ("input", answer) if result["status"] == "waiting-input" else ("continue", "")


def use_session():
    seen = {}
    with Session() as session:
        seen["hello"] = session.ComputeSession.hello()
        compute = session.ComputeSession.get_or_create(image, name=name)
        seen["id"], seen["created"], seen["status"] = str(compute.id), compute.created, compute.status
        again = session.ComputeSession.get_or_create(image, name=name)
        seen["again"] = {"id": str(again.id), "created": again.created}
        seen["greeting"] = execute(compute, greeting, "Ada")
        if "refused" in seen["greeting"]:
            compute.interrupt()  # the run still waits for its answer
        seen["failure"] = execute(compute, failure)
        compute.upload([folder / "data.bin"], basedir=folder)
        seen["files"] = compute.list_files(".")
        (folder / "back").mkdir()
        compute.download(["data.bin"], dest=folder / "back")
        seen["info"] = compute.get_info()
        seen["logs"] = compute.get_logs()["result"]["logs"]
    return seen


async def execute_streaming(compute, code, answer):
    """The same loop over a websocket."""
    console, statuses = [], []
    async with compute.stream_execute(code) as stream:
        async for message in stream:
            result = json.loads(message.data)
            console += result.get("console") or []
            statuses.append(result["status"])
            if result["status"] == "waiting-input":
                await stream.send_str(answer)
            elif result["status"] == "finished":
                break
    return {"console": console, "statuses": statuses}


async def list_sessions(session):
    """Lists over GraphQL; an iterator in old clients, a page in newer ones."""
    listing = session.ComputeSession.paginated_list(status="RUNNING", fields=list_fields)
    if inspect.isasyncgen(listing):
        from ai.backend.client.exceptions import NoItems  # newer clients do not have it there

        try:
            return [item async for item in listing]
        except NoItems:  # how they say that a list is empty
            return []
    page = await listing
    return page.items if hasattr(page, "items") else [item async for item in page]


async def watch_end(compute):
    events = []
    async with compute.listen_events() as stream:
        destroyed = await compute.destroy()
        async for event in stream:
            events.append([event.event, json.loads(event.data)])
            if event.event == last_event:
                return destroyed, events


async def use_async_session():
    seen = {}
    async with AsyncSession() as session:
        compute = session.ComputeSession(name)
        seen["streamed"] = await execute_streaming(compute, greeting, "Grace")
        seen["listed"] = await list_sessions(session)
        seen["destroyed"], seen["events"] = await watch_end(compute)
        seen["listedAfterwards"] = await list_sessions(session)
    return seen


print(json.dumps({**use_session(), **asyncio.run(use_async_session())}))
