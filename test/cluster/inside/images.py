"""Tells a manager which session images there are:  images.py PORT < the output of `docker image inspect`

The registry of their names does not exist: docker has the very images of the rows, so it is never asked.  The rows name
the columns of all releases; those that a release does not have are left out.
"""
import asyncio
import json
import sys
import uuid

import asyncpg

REGISTRY = "registry.test"


async def insert(connection, table, row):
    columns = {r["column_name"] for r in await connection.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = $1", table)}
    row = {k: v for k, v in row.items() if k in columns}
    names, marks = ", ".join(row), ", ".join(f"${i + 1}" for i in range(len(row)))
    await connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", *row.values())


async def registry_id(connection):
    if await connection.fetchval("SELECT to_regclass('container_registries')") is None:
        return None
    return await connection.fetchval("SELECT id FROM container_registries WHERE registry_name = $1", REGISTRY)


async def main(port):
    connection = await asyncpg.connect(host="127.0.0.1", port=int(port), user="postgres", database="backend")
    registry = await registry_id(connection)
    for image in json.load(sys.stdin):
        name = next(tag for tag in image["RepoTags"] if tag.startswith(REGISTRY))
        path, _, tag = name.removeprefix(f"{REGISTRY}/").partition(":")
        labels = image["Config"]["Labels"]
        image_id = uuid.uuid4()
        await insert(connection, "images", {
            "id": image_id, "name": name, "project": "lablup", "image": path, "tag": tag,
            "registry": REGISTRY, "registry_id": registry, "architecture": "x86_64",
            # The agent of 23.09 compares ids that its database has padded, and would ask the registry for any other image.
            "is_local": registry is None,
            "config_digest": image["Id"], "size_bytes": image["Size"], "type": "COMPUTE", "accelerators": "",
            "labels": json.dumps(labels), "status": "ALIVE",
            "resources": json.dumps({k.rpartition(".")[2]: {"min": v} for k, v in labels.items()
                                     if k.startswith("ai.backend.resource.min.")}),
        })
        await insert(connection, "image_aliases", {
            "id": uuid.uuid4(), "alias": labels["ai.backend.runtime-type"], "image": image_id})
    await connection.close()

asyncio.run(main(*sys.argv[1:]))
