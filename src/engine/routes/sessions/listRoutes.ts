import { statfs } from "node:fs/promises";
import type { Call } from "../../http/call.js";
import { Refusal } from "../../http/refusal.js";
import { json } from "../../http/reply.js";
import type { Route } from "../../http/routes.js";
import { addSlots, capacity, type Slots, slotStrings } from "../../sessions/slots.js";
import { parseApiVersion } from "../../../wire/version.js";
import type { EngineParts } from "../engineParts.js";

/** Small, medium and large for this computer. */
function presets(): { name: string; slots: Slots }[] {
  const { cpu = 1, mem = 0 } = capacity();
  return [
    { name: "cpu01-small", slots: { cpu: 1, mem: 1024 ** 3 } },
    { name: "cpu02-medium", slots: { cpu: Math.max(1, Math.floor(cpu / 2)), mem: Math.floor(mem / 4) } },
    { name: "cpu03-large", slots: { cpu, mem: Math.floor(mem / 2) } },
  ];
}

/** What else a client shows: presets, groups, slots, the manager's state (`protocol.md` §3.7). */
export function listRoutes(parts: EngineParts): Route[] {
  const { era } = parts;
  const presetList = presets().map(({ name, slots }) => ({
    name,
    shared_memory: null,
    resource_slots: slotStrings(slots),
  }));
  const routes: Route[] = [
    { method: "GET", path: "/resource/presets", handle: () => json({ presets: presetList }) },
    { method: "POST", path: "/resource/check-presets", handle: () => json(checkedPresets(parts)) },
    {
      method: "GET",
      path: "/scaling-groups",
      handle: () => json({ scaling_groups: [{ name: "default" }] }),
    },
    {
      method: "GET",
      path: "/scaling-groups/:name/wsproxy-version",
      handle: (call) => wsproxyVersion(call, parts),
    },
    { method: "GET", path: "/config/resource-slots", handle: () => json({ cpu: "count", mem: "bytes" }) },
    { method: "GET", path: "/manager/status", handle: () => json(managerStatus(parts)) },
    {
      method: "GET",
      path: "/manager/announcement",
      handle: () => json({ enabled: false, message: "" }),
    },
    { method: "GET", path: "/user-config/dotfiles", handle: () => json([]) },
    { method: "GET", path: "/folders/_/hosts", handle: async () => json(await folderHosts(parts)) },
  ];
  return era.since("19.09") ? routes : routes.filter(({ path }) => !path.startsWith("/user-config"));
}

function checkedPresets({ sessions }: EngineParts): Record<string, unknown> {
  const placed = sessions.store.live().filter((session) => session.isPlaced);
  const using = addSlots(placed.map((session) => session.spec.slots));
  // The computer is shared, not divided: what sessions asked for is not taken from others.
  const remaining = slotStrings(capacity());
  const unlimited = { cpu: "Infinity", mem: "Infinity" };
  const unknown = { cpu: "NaN", mem: "NaN" };
  return {
    keypair_limits: unlimited,
    keypair_using: slotStrings(using),
    keypair_remaining: unlimited,
    group_limits: unknown,
    group_using: unknown,
    group_remaining: unknown,
    scaling_group_remaining: remaining,
    scaling_groups: { default: { using: slotStrings(using), remaining } },
    presets: presets().map(({ name, slots }) => ({
      name,
      resource_slots: slotStrings(slots),
      shared_memory: null,
      allocatable: true,
    })),
  };
}

function wsproxyVersion(call: Call, { era, port }: EngineParts): never {
  if (call.part("name") !== "default") {
    throw new Refusal("scaling-group-not-found", { msg: call.part("name") });
  }
  throw new Refusal("no-app-proxy", {
    msg: era.since("26.1")
      ? `Failed to connect to AppProxy at http://127.0.0.1:${String(port())}`
      : "No coordinator configured for this resource group",
  });
}

function managerStatus({ era, sessions, port }: EngineParts): Record<string, unknown> {
  const active = sessions.store.live().length;
  const { apiVersion, manager } = era.dialect;
  const version = parseApiVersion(apiVersion);
  return {
    nodes: [
      {
        id: "i-local",
        num_proc: 1,
        service_addr: `127.0.0.1:${String(port())}`,
        heartbeat_timeout: 40,
        ssl_enabled: false,
        active_sessions: active,
        status: "running",
        version: manager,
        api_version: [version?.major ?? 0, String(version?.date ?? "")],
      },
    ],
    status: "running",
    active_sessions: active,
  };
}

async function folderHosts({ folders }: EngineParts): Promise<Record<string, unknown>> {
  const disk = await statfs(folders.directory).catch(() => undefined);
  const used = disk === undefined ? 0 : 100 - (disk.bavail / disk.blocks) * 100;
  return {
    default: "local:volume1",
    allowed: ["local:volume1"],
    volume_info: {
      "local:volume1": {
        backend: "vfs",
        capabilities: ["vfolder"],
        usage: { percentage: used },
        sftp_scaling_groups: [],
      },
    },
  };
}
