import * as l10n from "@vscode/l10n";
import type { BackendAIClient } from "../../../api/index.js";
import { type Asker, isBack } from "../../../platform/steps.js";
import { showInformationMessage } from "../../../platform/shown/notifications.js";
import { type PickItem, showManyPick } from "../../../platform/shown/quickPick.js";
import { problemOfName } from "../../lifecycle/sessionName.js";
import { wordOf } from "../../sessionTree.js";
import type { StartRequest } from "../../start/startRequest.js";
import { phaseOf } from "../../../wire/status.js";

/** What a line of the list of options changes. */
type Option = Exclude<keyof StartRequest, "image" | "resources" | "sharedMemory">;

interface OptionItem extends PickItem {
  readonly option?: Option;
}

/** The lines that a server may refuse. */
export const correctableOptions = [
  "name",
  "group",
  "resourceGroup",
  "dependencies",
] as const satisfies Option[];
export type CorrectableOption = (typeof correctableOptions)[number];

/** Asks for name and options, in a list that is gone back to until it says start; `first` is a line that is asked for before. */
export async function askOptions(
  ask: Asker,
  client: BackendAIClient,
  request: StartRequest,
  { first, signal }: { readonly first?: Option | undefined; readonly signal: AbortSignal },
): Promise<StartRequest> {
  let current = request;
  for (let option: Option | undefined = first; ; option = undefined) {
    option ??= await chooseLine(ask, itemsOf(current, client));
    if (option === undefined) {
      return current;
    }
    try {
      current = { ...current, ...(await askOption(ask, client, option, current, signal)) };
    } catch (error) {
      if (!isBack(error)) {
        throw error;
      }
    }
  }
}

async function chooseLine(ask: Asker, items: readonly OptionItem[]): Promise<Option | undefined> {
  return (await ask.pick({ placeHolder: l10n.t("Enter starts; choose a line to change it"), items })).option;
}

function itemsOf(request: StartRequest, { dialect, defaults }: BackendAIClient): OptionItem[] {
  const mounts = [...new Set([...defaults.mounts, ...(request.mounts ?? [])])].join(", ");
  const isBatch = request.type === "batch";
  const line = (option: Option, label: string, value: string | undefined): OptionItem => ({
    icon: "edit",
    label,
    description: value ?? "",
    option,
  });
  return [
    { icon: "play", label: l10n.t("Start {0}", request.name ?? "") },
    line("name", l10n.t("Name"), request.name),
    line("mounts", l10n.t("Virtual folders"), mounts === "" ? l10n.t("none") : mounts),
    line("environment", l10n.t("Environment"), environmentText(request.environment) || l10n.t("none")),
    line("group", l10n.t("Group (project)"), request.group ?? defaults.group),
    line("resourceGroup", l10n.t("Resource group"), request.resourceGroup ?? l10n.t("the server chooses")),
    line(
      "type",
      l10n.t("Kind"),
      isBatch ? l10n.t("batch: runs a command, then ends") : l10n.t("interactive"),
    ),
    ...(isBatch
      ? [
          line("command", l10n.t("Command"), request.command),
          line("timeLimit", l10n.t("Time limit"), request.timeLimit ?? l10n.t("none")),
        ]
      : []),
    ...(dialect.can.dependencies
      ? [line("dependencies", l10n.t("Starts after"), dependenciesText(request))]
      : []),
    line("clusterSize", l10n.t("Containers"), String(request.clusterSize ?? 1)),
    line("tag", l10n.t("Tag"), request.tag ?? l10n.t("none")),
  ];
}

async function askOption(
  ask: Asker,
  client: BackendAIClient,
  option: Option,
  request: StartRequest,
  signal: AbortSignal,
): Promise<Partial<StartRequest>> {
  switch (option) {
    case "name":
      return {
        name: await ask.text({ prompt: l10n.t("Name"), value: request.name, validate: problemOfName }),
      };
    case "mounts":
      return askMounts(client, request, signal);
    case "environment":
      return askEnvironment(ask, request);
    case "group":
      return askOf(
        ask,
        "group",
        (await client.groups.list({ signal })).map(({ name }) => name),
      );
    case "resourceGroup":
      return askOf(ask, "resourceGroup", await client.resources.resourceGroups(request.group, { signal }));
    case "type":
      return askType(ask, request);
    case "command":
      return { command: await askCommand(ask, request) };
    case "timeLimit":
      return askTimeLimit(ask, request);
    case "dependencies":
      return askDependencies(client, request, signal);
    case "clusterSize":
      return askClusterSize(ask, request);
    case "tag":
      return {
        tag: await ask.text({ prompt: l10n.t("Tag: a word that you find it by"), value: request.tag }),
      };
  }
}

async function askMounts(
  client: BackendAIClient,
  { mounts = [] }: StartRequest,
  signal: AbortSignal,
): Promise<Partial<StartRequest>> {
  const { mounts: always } = client.defaults; // every session has these anyway
  const folders = (await client.folders.list({ signal })).filter(({ name }) => !always.includes(name));
  if (folders.length === 0) {
    void showInformationMessage(l10n.t("You have no virtual folders on this server."));
    return {};
  }
  const { pickMounts } = await import("../../../files/vscode/folders/mountPick.js");
  const chosen = await pickMounts(folders, mounts);
  return chosen === undefined ? {} : { mounts: chosen.map(({ name }) => name) };
}

async function askEnvironment(ask: Asker, { environment }: StartRequest): Promise<Partial<StartRequest>> {
  const text = await ask.text({
    prompt: l10n.t("Variables, such as SEED=1 NAME=two"),
    value: environmentText(environment),
    validate: (typed) => {
      const wrong = words(typed).find((word) => !/^[A-Za-z_]\w*=/.test(word));
      return wrong === undefined ? undefined : l10n.t("“{0}” is no variable: write NAME=value.", wrong);
    },
  });
  const pairs = words(text).map((word) => [
    word.slice(0, word.indexOf("=")),
    word.slice(word.indexOf("=") + 1),
  ]);
  return { environment: Object.fromEntries(pairs) as Record<string, string> };
}

async function askOf(
  ask: Asker,
  option: "group" | "resourceGroup",
  names: readonly string[],
): Promise<Partial<StartRequest>> {
  const items = names.map((label) => ({ label }));
  return { [option]: (await ask.pick({ placeHolder: l10n.t("Which one?"), items })).label };
}

async function askType(ask: Asker, request: StartRequest): Promise<Partial<StartRequest>> {
  const items = [
    {
      label: l10n.t("Interactive"),
      detail: l10n.t("Runs until you destroy it: terminals, cells, files."),
      type: "interactive",
    },
    { label: l10n.t("Batch"), detail: l10n.t("Runs one command, then ends."), type: "batch" },
  ] as const;
  const { type } = await ask.pick({ placeHolder: l10n.t("Kind of session"), items });
  return type === "batch" ? { type, command: await askCommand(ask, request) } : { type };
}

async function askCommand(ask: Asker, { command }: StartRequest): Promise<string> {
  return ask.text({
    prompt: l10n.t("Command to run, in /home/work"),
    value: command,
    placeHolder: "python train.py --epochs 3", // for programs
    validate: (text) => (text.trim() === "" ? "A batch session runs a command." : undefined),
  });
}

async function askTimeLimit(ask: Asker, { timeLimit }: StartRequest): Promise<Partial<StartRequest>> {
  const text = await ask.text({
    prompt: l10n.t("When it is ended at the latest, such as 30m, 2h or 1d"),
    value: timeLimit,
    validate: (typed) => (/^\d+(\.\d+)?[smhdw]?$/.test(typed) ? undefined : l10n.t("Write 30m, 2h or 1d.")),
  });
  return { timeLimit: text };
}

function dependenciesText({ dependencies = [] }: StartRequest): string {
  return dependencies.length === 0
    ? l10n.t("nothing")
    : dependencies.length === 1
      ? l10n.t("1 session")
      : l10n.t("{0} sessions", dependencies.length);
}

/** Sessions that must have succeeded before: of those that run or wait, and those that did succeed. */
async function askDependencies(
  client: BackendAIClient,
  { dependencies = [] }: StartRequest,
  signal: AbortSignal,
): Promise<Partial<StartRequest>> {
  const { items } = await client.sessions.page({ limit: 100 }, { signal });
  const useful = items.filter(
    ({ status, result, type }) =>
      result === "success" || (type === "batch" && !["ended", "ending", "failed"].includes(phaseOf(status))),
  );
  if (useful.length === 0) {
    void showInformationMessage(
      l10n.t(
        "There is nothing to wait for: a session can wait for batch sessions, until they have succeeded.",
      ),
    );
    return {};
  }
  const chosen = await showManyPick(
    useful.map(({ id, name, status, result }) => ({
      label: name,
      description: result === "success" ? l10n.t("has succeeded") : wordOf(status),
      picked: dependencies.includes(id) || dependencies.includes(name),
      id,
    })),
    { placeHolder: l10n.t("Sessions that must have succeeded before it starts") },
  );
  return chosen === undefined ? {} : { dependencies: chosen.map(({ id }) => id) };
}

async function askClusterSize(ask: Asker, { clusterSize = 1 }: StartRequest): Promise<Partial<StartRequest>> {
  const text = await ask.text({
    prompt: l10n.t("How many containers"),
    value: String(clusterSize),
    validate: (typed) => (/^[1-9]\d?$/.test(typed) ? undefined : l10n.t("A number from 1 to 99.")),
  });
  return { clusterSize: Number(text) };
}

function environmentText(environment: StartRequest["environment"]): string {
  return Object.entries(environment ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
