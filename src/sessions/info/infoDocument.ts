import type { DependencyNode, FieldRecord } from "../../api/index.js";
import { formatDuration } from "../../base/text.js";
import { formatBinary, usageRows } from "../usage/usageText.js";
import { usageOf } from "../usage/usage.js";
import type { InfoRecords } from "./infoRecords.js";

/** What the document is made for. */
export interface InfoSubject {
  readonly name: string;
  readonly id: string;
  readonly server: string;
  /** The manager's release. */
  readonly manager: string;
  readonly askedAt: Date;
}

/** All that a server told of a session, as Markdown: what people look for first, then the rest, then the answers themselves. */
export function infoDocument(records: InfoRecords, subject: InfoSubject): string {
  const session = { ...records.info, ...records.detail?.session };
  const sections = [
    [`# ${cell(subject.name)}`, "", headline(session, subject)],
    table("Session", aboutRows(session, subject)),
    resources(session),
    usage(records, subject),
    apps(records, session),
    list("Mounted folders", valuesOf(session["vfolder_mounts"] ?? session["mounts"]).map(mountText)),
    containers(records),
    table(
      "Environment",
      Object.entries(recordOf(records.info?.["environ"])).map(([name, value]) => [name, code(textOf(value))]),
    ),
    table("Idle checks", idleRows(session["idle_checks"] ?? session["idleChecks"])),
    table("Times", timeRows(session, records)),
    list("Depends on", dependencyLines(records)),
    statusData(session["status_data"] ?? session["statusData"]),
    list("Not told", records.missing.map(cell)),
    raw(records),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

type Rows = readonly (readonly [name: string, value: string])[];

function headline(session: FieldRecord, { server, manager, askedAt }: InfoSubject): string {
  const state = textOf(session["status"]) || "unknown";
  const reason = reasonOf(session);
  const words = [`**${cell(state)}**`, ...(reason === "" ? [] : [cell(reason)])].join(": ");
  return `${words} · ${cell(server)} (manager ${manager}) · asked ${time(askedAt.toISOString())}`;
}

function reasonOf(session: FieldRecord): string {
  const info = textOf(session["status_info"] ?? session["statusInfo"]);
  return info === "None" ? "" : info;
}

function aboutRows(session: FieldRecord, { id }: InfoSubject): Rows {
  const result = textOf(session["result"]).toLowerCase();
  const cluster = Number(session["cluster_size"] ?? 1);
  return present([
    ["Type", textOf(session["type"] ?? session["sess_type"]).toLowerCase()],
    ["Result", result === "undefined" ? "" : result],
    ["Image", code(textOf(session["image"] ?? session["lang"]))],
    ["Architecture", textOf(session["architecture"])],
    [
      "Cluster",
      cluster > 1 ? `${String(cluster)} containers, ${textOf(session["cluster_mode"]).toLowerCase()}` : "",
    ],
    ["Start-up command", code(textOf(session["startup_command"]))],
    ["Tag", textOf(session["tag"])],
    ["Priority", textOf(session["priority"])],
    ["Owner", textOf(session["user_email"])],
    ["Created by", differing(session["created_user_email"], session["user_email"])],
    ["Access key", code(textOf(session["access_key"]))],
    ["Domain", textOf(session["domain_name"] ?? session["domainName"])],
    ["Group", textOf(session["group_name"])],
    ["Resource group", textOf(session["scaling_group"])],
    ["Agents", valuesOf(session["agent_ids"]).map(textOf).join(", ")],
    ["Runs", textOf(session["num_queries"] ?? session["numQueriesExecuted"])],
    ["Id", code(id)],
  ]);
}

/** Slots: asked for, and held now. */
function resources(session: FieldRecord): readonly string[] {
  const asked = recordOf(session["requested_slots"] ?? session["requestedSlots"]);
  const held = recordOf(session["occupying_slots"] ?? session["occupied_slots"] ?? session["occupiedSlots"]);
  const names = [...new Set([...Object.keys(asked), ...Object.keys(held)])];
  const shared = Object.values(recordOf(session["resource_opts"] ?? session["resourceOpts"])).map(
    (options) => recordOf(options)["shmem"] ?? options,
  );
  const rows = names.map(
    (name) => `| ${cell(name)} | ${slot(name, asked[name])} | ${slot(name, held[name])} |`,
  );
  const memory = shared.find((value) => Number(value) > 0);
  return names.length === 0
    ? []
    : [
        ...["## Resources", "", "| | asked for | held |", "|:--|--:|--:|"],
        ...rows,
        ...(memory === undefined ? [] : [`| shared memory | ${slot("mem", memory)} | |`]),
      ];
}

function slot(name: string, value: unknown): string {
  const number = Number(value);
  if (value === undefined || value === null) {
    return "–";
  }
  return name === "mem" && Number.isFinite(number) ? formatBinary(number) : cell(textOf(value));
}

/** Servers have none before the first measurement, and some never (`docs/protocol.md` §3.6). */
function usage({ detail }: InfoRecords, { manager }: InfoSubject): readonly string[] {
  const figures = usageOf(detail?.containers ?? [], manager);
  const isRunning = detail?.session["status"] === "RUNNING";
  return figures !== undefined
    ? table("In use", usageRows(figures))
    : isRunning
      ? ["## In use", "", "The server has no figures of what the session uses."]
      : [];
}

function apps(records: InfoRecords, session: FieldRecord): readonly string[] {
  const rows = (records.apps ?? []).map(
    ({ name, protocol, ports }) => `| ${cell(name)} | ${cell(protocol)} | ${ports.join(", ")} |`,
  );
  const listed = valuesOf(session["service_ports"]).map((value) => {
    const port = recordOf(value);
    const numbers = valuesOf(port["container_ports"]).map(textOf).join(", ");
    return `| ${cell(textOf(port["name"]))} | ${cell(textOf(port["protocol"]))} | ${numbers} |`;
  });
  const shown = rows.length > 0 ? rows : listed;
  return shown.length === 0
    ? []
    : ["## Apps and ports", "", "| App | Protocol | Port in the session |", "|:--|:--|:--|", ...shown];
}

function containers({ detail }: InfoRecords): readonly string[] {
  const rows = (detail?.containers ?? []).map((container) => {
    const role = textOf(container["cluster_hostname"] ?? container["cluster_role"] ?? container["role"]);
    const cells = [
      cell(role || "main"),
      cell(textOf(container["status"])),
      cell(textOf(container["status_info"])),
      cell(textOf(container["agent"])) || "–",
      code(textOf(container["container_id"]).slice(0, 12)) || "–",
      code(textOf(container["kernel_id"] ?? container["id"])),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return rows.length === 0
    ? []
    : [
        ...[
          "## Containers",
          "",
          "| | State | Reason | Agent | Container | Id |",
          "|:--|:--|:--|:--|:--|:--|",
        ],
        ...rows,
      ];
}

/** `remaining` is in seconds; `null` for no limit. */
function idleRows(checks: unknown): Rows {
  return Object.entries(recordOf(checks)).map(([name, value]) => {
    const { remaining, remaining_time_type: kind, extra } = recordOf(value);
    const limit =
      typeof remaining === "number"
        ? `${formatDuration(Math.max(0, remaining) * 1000)} left${kind === "grace_period" ? " of the grace period" : ""}`
        : "no limit";
    const more = Object.keys(recordOf(extra)).length > 0 ? ` (${code(JSON.stringify(extra))})` : "";
    return [name.replaceAll("_", " "), `${limit}${more}`];
  });
}

function timeRows(session: FieldRecord, { history }: InfoRecords): Rows {
  const statuses = Object.entries(recordOf(history ?? session["status_history"]));
  const entered = statuses
    .map(([status, value]) => ({ status, at: lastOf(value) }))
    .sort((a, b) => textOf(a.at).localeCompare(textOf(b.at))) // ISO times of one server
    .map(({ status, at }): readonly [string, string] => [status, time(at)]);
  return present([
    ["Created", time(session["created_at"] ?? session["creationTime"])],
    ["To start at", time(session["starts_at"])],
    ["Ended", time(session["terminated_at"] ?? session["terminationTime"])],
    ["Last change", time(session["status_changed"])],
    ...entered,
  ]);
}

/** Some releases keep every time that a status was entered. */
function lastOf(value: unknown): unknown {
  return Array.isArray(value) ? (value as readonly unknown[]).at(-1) : value;
}

function dependencyLines({ dependencies, detail }: InfoRecords): readonly string[] {
  if (dependencies !== undefined) {
    return dependencies.depends_on.flatMap((node) => nodeLines(node, 0));
  }
  return (detail?.dependencies ?? []).map((node) =>
    [node["name"], node["status"]].map((value) => cell(textOf(value))).join(" · "),
  );
}

/** As deep as a list can be read. */
const depthLimit = 8;

function nodeLines(node: DependencyNode, depth: number): readonly string[] {
  const status = node.status.replace(/^\w+\./, ""); // `KernelStatus.RUNNING` of old releases
  const below = depth < depthLimit ? node.depends_on.flatMap((inner) => nodeLines(inner, depth + 1)) : [];
  return [`${"\u2003".repeat(depth)}${cell(node.session_name)} · ${cell(status)}`, ...below];
}

function statusData(data: unknown): readonly string[] {
  return Object.keys(recordOf(data)).length === 0
    ? []
    : ["## What the scheduler and the agent say", "", ...fenced(data)];
}

function raw({ detail, info, apps: appList, dependencies, history }: InfoRecords): readonly string[] {
  const answers = { ...detail, info, apps: appList, dependencyGraph: dependencies, statusHistory: history };
  return ["## The server's answers", "", ...fenced(answers)];
}

function fenced(value: unknown): readonly string[] {
  const text = JSON.stringify(value, null, 2);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}json`, text, fence];
}

function table(title: string, rows: Rows): readonly string[] {
  const lines = present(rows).map(([name, value]) => `| ${cell(name)} | ${value} |`);
  return lines.length === 0 ? [] : [`## ${title}`, "", "| | |", "|:--|:--|", ...lines];
}

function list(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`## ${title}`, "", ...items.map((item) => `- ${item}`)];
}

function present(rows: Rows): Rows {
  return rows.filter(([, value]) => value !== "" && value !== "–");
}

function differing(value: unknown, from: unknown): string {
  return value === from ? "" : textOf(value);
}

function mountText(mount: unknown): string {
  const { name, host, permission, mount_path: path } = recordOf(mount);
  return name === undefined && Array.isArray(mount)
    ? cell((mount as readonly unknown[]).map(textOf).join(" · "))
    : name === undefined
      ? cell(textOf(mount))
      : cell([name, path, host, permission].filter(Boolean).map(textOf).join(" · "));
}

function recordOf(value: unknown): FieldRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function valuesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return value === undefined || value === null
    ? ""
    : typeof value === "string"
      ? value
      : typeof value === "number" || typeof value === "boolean"
        ? String(value)
        : JSON.stringify(value);
}

/** A moment as people here write it; what is none stays as it is. */
function time(value: unknown): string {
  const text = textOf(value);
  const moment = new Date(text.replace(" ", "T"));
  return text === "" || text === "None"
    ? ""
    : Number.isNaN(moment.getTime())
      ? cell(text)
      : cell(moment.toLocaleString());
}

function code(text: string): string {
  return text === ""
    ? ""
    : `\`${text
        .replaceAll("`", "'")
        .replaceAll("|", "\\|")
        .replaceAll(/\s*\n\s*/g, " ⏎ ")}\``;
}

/** Server text must not become links, images, html or other cells. */
function cell(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+!|<>~]/g, "\\$&").replaceAll(/\s*\n\s*/g, " ⏎ ");
}
