"""Creates a manager's tables in an empty database and fills in what its users need to work:  seed.py DATABASE-URL

One process for every release: the packaged commands start a new interpreter for each step and want files that only a
source tree has.  Rows name the columns of all releases; those that a release does not have are left out.  The accounts
and keys are the public example ones of the upstream project.
"""
import asyncio
import sys
import uuid

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

import ai.backend.manager.models  # noqa: F401  (registers the tables, up to 24.09)
from ai.backend.manager.models import base
from ai.backend.manager.models.base import metadata, populate_fixture

if hasattr(base, "ensure_all_tables_registered"):
    base.ensure_all_tables_registered()

PERMISSIONS = ["create-vfolder", "modify-vfolder", "delete-vfolder", "mount-in-session",
               "upload-file", "download-file", "invite-others", "set-user-specific-permission"]
HOSTS = {"local:volume1": PERMISSIONS}
REGISTRY = "registry.test"  # a name only: docker has the images, no registry is ever asked
GROUP = "2de2b969-1d04-48a6-af16-0bc8adb3c831"
USERS = [  # uuid, name, password, role, access key, secret key
    ("f38dea23-50fa-42a0-b5ae-338f5f4693f4", "admin", "wJalrXUt", "superadmin",
     "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ("4f13d193-f646-425a-a340-270c4d2b9860", "domain-admin", "cWbsM_vB", "admin",
     "AKIAHUKCHDEZGEXAMPLE", "cWbsM_vBB4CzTW7JdORRMx8SjGI3-wEXAMPLEKEY"),
    ("dfa9da54-4b28-432f-be29-c0d680c7a412", "user", "C8qnIo29", "user",
     "AKIANABBDUSEREXAMPLE", "C8qnIo29EZvXkPK_MXcuAakYTy4NYrxwmCEyNPlf"),
    ("009fb1a4-487c-4f6e-9b1b-228b94b1d040", "user2", "P7oxTDdz", "user",
     "AKIANATWOUSEREXAMPLE", "P7oxTDdzHbEpUSs5v7r7EWj9yKstp8VpZ7SEyA-g"),
]


def accounts():
    yield {
        "domains": [{"name": "default", "description": "", "is_active": True, "total_resource_slots": {},
                     "allowed_vfolder_hosts": HOSTS, "allowed_docker_registries": [REGISTRY]}],
        "user_resource_policies": [{"name": "default", "max_vfolder_size": -1, "max_vfolder_count": 0,
                                    "max_quota_scope_size": -1, "max_session_count_per_model_session": 10}],
        "project_resource_policies": [{"name": "default", "max_vfolder_size": -1, "max_vfolder_count": 0,
                                       "max_quota_scope_size": -1, "max_network_count": 3}],
        "keypair_resource_policies": [{"name": "default", "default_for_unspecified": "UNLIMITED",
                                       "total_resource_slots": {}, "max_session_lifetime": 0, "idle_timeout": 3600,
                                       "max_concurrent_sessions": 30, "max_containers_per_session": 1,
                                       "max_vfolder_count": 10, "max_vfolder_size": 0,
                                       "allowed_vfolder_hosts": HOSTS}],
        "groups": [{"id": GROUP, "name": "default", "description": "", "is_active": True, "domain_name": "default",
                    "type": "general", "resource_policy": "default", "total_resource_slots": {},
                    "allowed_vfolder_hosts": HOSTS}],
        "scaling_groups": [{"name": "default", "description": "", "is_active": True, "is_default": True,
                            "driver": "static", "driver_opts": {}, "scheduler": "fifo", "scheduler_opts": {},
                            **app_proxy()}],
        "sgroups_for_domains": [{"scaling_group": "default", "domain": "default"}],
        "users": [{"uuid": u, "username": n, "email": n + "@lablup.com", "password": p, "need_password_change": False,
                   "full_name": n.title(), "description": "", "status": "active", "status_info": "seeded",
                   "domain_name": "default", "resource_policy": "default", "role": r} for u, n, p, r, _, _ in USERS],
    }
    yield {
        "association_groups_users": [{"group_id": GROUP, "user_id": u[0]} for u in USERS],
        "keypairs": [{"user_id": n + "@lablup.com", "access_key": ak, "secret_key": sk, "is_active": True,
                      "is_admin": r != "user", "resource_policy": "default", "rate_limit": 30000, "num_queries": 0,
                      "user": u} for u, n, _, r, ak, sk in USERS],
    }
    yield {"__mode": "update", "users": [{"uuid": u[0], "main_access_key": u[4]} for u in USERS]}


def app_proxy():
    """The scheduler of 26.8 wants an address.  None runs there: calls that need one answer "unreachable"."""
    return {"wsproxy_addr": "http://127.0.0.1:5050"} if "resource_slot_types" in metadata.tables else {}


def resources():
    """The agent of 26.8 cannot register without the slot types that it reports."""
    def slot(rank, name, kind, title, unit, binary):
        return {"slot_name": name, "slot_type": kind, "required": True, "display_name": title, "description": title,
                "display_unit": unit, "display_icon": name, "rank": rank,
                "number_format": {"binary": binary, "round_length": 0}}
    yield {"resource_slot_types": [slot(1, "cpu", "count", "CPU", "Core", False),
                                   slot(2, "mem", "bytes", "RAM", "GiB", True)],
           "resource_presets": [
        {"name": "cpu01-small", "resource_slots": {"cpu": "1", "mem": str(1 << 30)}},
        {"name": "cpu02-medium", "resource_slots": {"cpu": "4", "mem": str(8 << 30)}}]}


OWNED = ["session", "session:app_service", "vfolder", "vfolder:data", "user", "keypair"]


def roles():
    """From 26.8 on permissions are rows (role, scope, kind of thing, operation), and nothing is allowed without.

    A request on a thing is allowed when one of the caller's roles grants the operation on that kind in a scope that the
    thing is associated with.  For one's own sessions and folders the owner role suffices, and being in the project.
    """
    from ai.backend.common.data.permission import types
    rows = {t: [] for t in ("roles", "user_roles", "permissions", "association_scopes_entities")}

    def role(scope, scope_id, kind, operations, users):
        rid = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{scope}/{scope_id}/{kind}"))
        rows["roles"].append({"id": rid, "name": f"{kind}-{scope}-{scope_id[:8]}", "source": "system",
                              "status": "active"})
        rows["user_roles"] += [{"user_id": u, "role_id": rid} for u in users]
        rows["permissions"] += [
            {"role_id": rid, "scope_type": scope, "scope_id": scope_id, "entity_type": e, "operation": op.value,
             "permission": types.Permission.from_operation(op)}
            for e in OWNED for op in sorted(operations(types.RBACElementType(e)))]
        inside(scope, scope_id, "role", rid)

    def inside(scope, scope_id, entity, entity_id):
        rows["association_scopes_entities"].append({"scope_type": scope, "scope_id": scope_id, "entity_type": entity,
                                                    "entity_id": entity_id, "relation_type": "auto"})

    admins = [u[0] for u in USERS if u[3] == "admin"]
    plain = [u[0] for u in USERS if u[3] == "user"]
    inside("domain", "default", "project", GROUP)
    for scope, scope_id in (("domain", "default"), ("project", GROUP)):
        role(scope, scope_id, "admin", types.admin_operations, admins)
        role(scope, scope_id, "member", types.member_operations, plain)
        for u in USERS:
            inside(scope, scope_id, "user", u[0])
    for u in USERS:
        role("user", u[0], "owner", types.owner_operations, [u[0]])
        inside("user", u[0], "keypair", u[4])
    yield rows


def fitting(data):
    """The rows of the tables, and the columns of the rows, that this release has."""
    for table, rows in data.items():
        if table.startswith("__"):
            yield table, rows
        elif table in metadata.tables:
            columns = metadata.tables[table].columns
            yield table, [{k: v for k, v in row.items() if k in columns} for row in rows]


def parts():
    yield from accounts()
    yield from resources()
    if "permissions" in metadata.tables:
        yield from roles()


async def main(url):
    engine = create_async_engine(url)
    config = Config()
    config.set_main_option("script_location", "ai.backend.manager.models:alembic")
    head = ScriptDirectory.from_config(config).get_heads()[0]
    async with engine.begin() as connection:
        await connection.exec_driver_sql('CREATE EXTENSION IF NOT EXISTS "uuid-ossp"')
        await connection.run_sync(lambda c: metadata.create_all(c, checkfirst=False))
        await connection.exec_driver_sql("CREATE TABLE alembic_version (version_num varchar(32))")
        await connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{head}')")
    for part in parts():
        await populate_fixture(engine, dict(fitting(part)))
    if "container_registries" in metadata.tables:
        async with engine.begin() as connection:
            await connection.execute(sa.text(
                "INSERT INTO container_registries (url, registry_name, type, project)"
                " VALUES ('http://localhost', :name, 'docker', 'lablup')"), {"name": REGISTRY})
    await engine.dispose()

asyncio.run(main(*sys.argv[1:]))
