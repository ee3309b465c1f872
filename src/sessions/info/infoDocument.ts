import * as l10n from "@vscode/l10n";
import type { DependencyNode, FieldRecord } from "../../api/index.js";
import { codeSpan, escapeMarkdown } from "../../base/shownText.js";
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
    table(l10n.t("Session"), aboutRows(session, subject)),
    resources(session),
    usage(records, subject),
    apps(records, session),
    list(l10n.t("Mounted folders"), valuesOf(session["vfolder_mounts"] ?? session["mounts"]).map(mountText)),
    containers(records),
    table(
      l10n.t("Environment"),
      Object.entries(recordOf(records.info?.["environ"])).map(([name, value]) => [name, code(textOf(value))]),
    ),
    table(l10n.t("Idle checks"), idleRows(session["idle_checks"] ?? session["idleChecks"])),
    table(l10n.t("Times"), timeRows(session, records)),
    list(l10n.t("Depends on"), dependencyLines(records)),
    statusData(session["status_data"] ?? session["statusData"]),
    list(l10n.t("Not told"), records.missing.map(cell)),
    raw(records),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

type Rows = readonly (readonly [name: string, value: string])[];

function headline(session: FieldRecord, { server, manager, askedAt }: InfoSubject): string {
  const state = textOf(session["status"]) || l10n.t("unknown");
  const reason = reasonOf(session);
  const words = [`**${cell(state)}**`, ...(reason === "" ? [] : [cell(reason)])].join(": ");
  const about = l10n.t(
    "{0} (manager {1}) · asked {2}",
    cell(server),
    cell(manager),
    time(askedAt.toISOString()),
  );
  return `${words} · ${about}`;
}

function reasonOf(session: FieldRecord): string {
  const info = textOf(session["status_info"] ?? session["statusInfo"]);
  return info === "None" ? "" : info; // for programs
}

function aboutRows(session: FieldRecord, { id }: InfoSubject): Rows {
  const result = textOf(session["result"]).toLowerCase();
  const cluster = Number(session["cluster_size"] ?? 1);
  return present([
    [l10n.t("Type"), cell(textOf(session["type"] ?? session["sess_type"]).toLowerCase())],
    [l10n.t("Result"), result === "undefined" ? "" : cell(result)],
    [l10n.t("Image"), code(textOf(session["image"] ?? session["lang"]))],
    [l10n.t("Architecture"), cell(textOf(session["architecture"]))],
    [
      l10n.t("Cluster"),
      cluster > 1
        ? l10n.t("{0} containers, {1}", cluster, cell(textOf(session["cluster_mode"]).toLowerCase()))
        : "",
    ],
    [l10n.t("Start-up command"), code(textOf(session["startup_command"]))],
    [l10n.t("Tag"), cell(textOf(session["tag"]))],
    [l10n.t("Priority"), cell(textOf(session["priority"]))],
    [l10n.t("Owner"), cell(textOf(session["user_email"]))],
    [l10n.t("Created by"), cell(differing(session["created_user_email"], session["user_email"]))],
    [l10n.t("Access key"), code(textOf(session["access_key"]))],
    [l10n.t("Domain"), cell(textOf(session["domain_name"] ?? session["domainName"]))],
    [l10n.t("Group"), cell(textOf(session["group_name"]))],
    [l10n.t("Resource group"), cell(textOf(session["scaling_group"]))],
    [l10n.t("Agents"), cell(valuesOf(session["agent_ids"]).map(textOf).join(", "))],
    [l10n.t("Runs"), cell(textOf(session["num_queries"] ?? session["numQueriesExecuted"]))],
    [l10n.t("Id"), code(id)],
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
        ...[
          `## ${l10n.t("Resources")}`,
          "",
          `| | ${l10n.t("asked for")} | ${l10n.t("held")} |`,
          "|:--|--:|--:|",
        ],
        ...rows,
        ...(memory === undefined ? [] : [`| ${l10n.t("shared memory")} | ${slot("mem", memory)} | |`]),
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
    ? table(l10n.t("In use"), usageRows(figures))
    : isRunning
      ? [`## ${l10n.t("In use")}`, "", l10n.t("The server has no figures of what the session uses.")]
      : [];
}

function apps(records: InfoRecords, session: FieldRecord): readonly string[] {
  const rows = (records.apps ?? []).map(
    ({ name, protocol, ports }) => `| ${cell(name)} | ${cell(protocol)} | ${ports.join(", ")} |`,
  );
  const listed = valuesOf(session["service_ports"]).map((value) => {
    const port = recordOf(value);
    const numbers = cell(valuesOf(port["container_ports"]).map(textOf).join(", "));
    return `| ${cell(textOf(port["name"]))} | ${cell(textOf(port["protocol"]))} | ${numbers} |`;
  });
  const shown = rows.length > 0 ? rows : listed;
  return shown.length === 0
    ? []
    : [
        `## ${l10n.t("Apps and ports")}`,
        "",
        `| ${l10n.t("App")} | ${l10n.t("Protocol")} | ${l10n.t("Port in the session")} |`,
        "|:--|:--|:--|",
        ...shown,
      ];
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
          `## ${l10n.t("Containers")}`,
          "",
          `| | ${[l10n.t("State"), l10n.t("Reason"), l10n.t("Agent"), l10n.t("Container"), l10n.t("Id")].join(" | ")} |`,
          "|:--|:--|:--|:--|:--|:--|",
        ],
        ...rows,
      ];
}

/** `remaining` is in seconds; `null` for no limit. */
function idleRows(checks: unknown): Rows {
  return Object.entries(recordOf(checks)).map(([name, value]) => {
    const { remaining, remaining_time_type: kind, extra } = recordOf(value);
    const left = typeof remaining === "number" ? formatDuration(Math.max(0, remaining) * 1000) : undefined;
    const limit =
      left === undefined
        ? l10n.t("no limit")
        : kind === "grace_period"
          ? l10n.t("{0} left of the grace period", left)
          : l10n.t("{0} left", left);
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
    [l10n.t("Created"), time(session["created_at"] ?? session["creationTime"])],
    [l10n.t("To start at"), time(session["starts_at"])],
    [l10n.t("Ended"), time(session["terminated_at"] ?? session["terminationTime"])],
    [l10n.t("Last change"), time(session["status_changed"])],
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
    : [`## ${l10n.t("What the scheduler and the agent say")}`, "", ...fenced(data)];
}

function raw({ detail, info, apps: appList, dependencies, history }: InfoRecords): readonly string[] {
  const answers = { ...detail, info, apps: appList, dependencyGraph: dependencies, statusHistory: history };
  return [`## ${l10n.t("The server's answers")}`, "", ...fenced(answers)];
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
  // for programs
  return text === "" || text === "None"
    ? ""
    : Number.isNaN(moment.getTime())
      ? cell(text)
      : cell(moment.toLocaleString());
}

function code(text: string): string {
  return text === "" ? "" : codeSpan(oneLine(text)).replaceAll("|", "\\|");
}

/** Server text must not become links, images, html or other cells. */
function cell(text: string): string {
  return escapeMarkdown(oneLine(text));
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*[\n\r\u0085\u2028\u2029]\s*/g, " ⏎ ");
}
