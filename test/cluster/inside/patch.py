"""Edits of freshly installed server packages:  patch.py NAME...

container-limits      The agent (up to 24.09.12) asks docker for more open files and locked memory than a host may grant
                      whose root lacks CAP_SYS_RESOURCE; no session starts there.  The list is emptied on such hosts.
statement-cache       With each session that it has created, the manager of 23.09 stalls longer: 1 s after a dozen, 14 s
                      after seventy.  SQLAlchemy 1.4 clones the loader options of its cached statements; without the cache
                      this does not happen.
scaling-group-import  The manager of 24.09.13 and .14 does not start as published: a module is imported that only later
                      release lines have.
execute               The agent of 24.09.11 to .14 answers every execute call with 500 as a line of a constructor is missing.
"""
import pathlib
import re
import sys
import sysconfig

site = pathlib.Path(sysconfig.get_paths()["purelib"], "ai", "backend")
CAP_SYS_RESOURCE = 24


def has_capability(bit):
    status = pathlib.Path("/proc/self/status").read_text()
    return bool(int(re.search(r"^CapEff:\s*(\w+)", status, re.M)[1], 16) >> bit & 1)


def edit(name, old, new):
    path = site / name
    changed, count = re.subn(old, new, path.read_text(), count=1)
    if not count:
        sys.exit(f"{path} is not as expected: nothing to patch")
    # As a new file: the installer's cache holds the old one by a hard link.
    fresh = path.with_suffix(".new")
    fresh.write_text(changed)
    fresh.replace(path)


def container_limits():
    if not has_capability(CAP_SYS_RESOURCE):
        edit("agent/docker/agent.py", r'"Ulimits": \[\n(?:\s+\{"Name".*\n)+\s+\],', '"Ulimits": [],')


def statement_cache():
    edit("manager/models/utils.py", r"(        isolation_level=isolation_level,\n        future=True,\n)",
         r"\1        query_cache_size=0,\n")


def scaling_group_import():
    edit("manager/api/scaling_group.py", r"from ai\.backend\.manager\.errors\.common import \(",
         "from ai.backend.manager.api.exceptions import (")


def execute():
    edit("agent/kernel.py", r"(        self\.clean_event = None\n)(        self\.environ = )",
         r"\1        self._tasks = set()\n\2")


for patch in sys.argv[1:]:
    globals()[patch.replace("-", "_")]()
