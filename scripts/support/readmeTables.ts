import * as z from "zod/mini";
import { readManifest } from "../../test/support/manifest.js";

const Manifest = z.looseObject({
  contributes: z.looseObject({
    commands: z.array(z.looseObject({ command: z.string(), title: z.string(), category: z.string() })),
    keybindings: z.array(z.looseObject({ command: z.string(), key: z.string() })),
    menus: z.looseObject({
      commandPalette: z.array(z.looseObject({ command: z.string(), when: z.string() })),
    }),
    configuration: z.array(
      z.looseObject({
        title: z.string(),
        properties: z.record(
          z.string(),
          z.looseObject({ default: z.unknown(), markdownDescription: z.string() }),
        ),
      }),
    ),
  }),
});

/**
 * README.md with its tables as the manifest has them now: between `<!-- settings -->` and `<!-- /settings -->`, and so for commands.
 * @throws {Error} when a mark is missing.
 */
export function withTables(readme: string): string {
  return between(between(readme, "settings", settingsTable()), "commands", commandsTable());
}

function between(readme: string, mark: string, content: string): string {
  const [start, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`README.md has no ${start} … ${end}`);
  }
  return `${readme.slice(0, from + start.length)}\n\n${content}\n\n${readme.slice(to)}`;
}

function settingsTable(): string {
  const { configuration } = Manifest.parse(readManifest()).contributes;
  const rows = configuration.flatMap(({ title, properties }) =>
    Object.entries(properties).map(
      ([id, { default: value, markdownDescription }]) =>
        `| ${title} | \`${id}\` | ${defaultOf(value)} | ${firstSentence(markdownDescription)} |`,
    ),
  );
  return ["| | setting | default | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function defaultOf(value: unknown): string {
  return Array.isArray(value) && value.length > 0 ? `${value.length} globs` : `\`${JSON.stringify(value)}\``;
}

/** Links to other settings are names of settings here. */
function firstSentence(text: string): string {
  const [first = text] = /^.*?[.](?= |$)/s.exec(text) ?? [];
  return first
    .replaceAll(/`#([\w.]+)#`/g, "`$1`")
    .replaceAll("|", "\\|")
    .replaceAll("\n", " ");
}

/** Those that the palette has, by category. */
function commandsTable(): string {
  const { commands, keybindings, menus } = Manifest.parse(readManifest()).contributes;
  const hidden = new Set(
    menus.commandPalette.filter(({ when }) => when === "false").map(({ command }) => command),
  );
  const keys = new Map(keybindings.toReversed().map(({ command, key }) => [command, key]));
  const shown = commands.filter(({ command }) => !hidden.has(command));
  const words = (name: string): string => {
    const titles = shown
      .filter(({ category, command }) => groupOf(category, command) === name)
      .map(({ command, title }) => (keys.has(command) ? `${title} (\`${keys.get(command) ?? ""}\`)` : title));
    return `| ${name} | ${titles.toSorted().join(" · ")} |`;
  };
  const groups = [...new Set(shown.map(({ category, command }) => groupOf(category, command)))].sort();
  return ["| | commands |", "| --- | --- |", ...groups.map(words)].join("\n");
}

/** The room that a command is of, as people call it. */
function groupOf(category: string, command: string): string {
  const [, room = ""] = command.split(".");
  const names: Readonly<Record<string, string>> = {
    account: "Servers",
    apps: "Apps and ports",
    completion: "Completion",
    files: "Files",
    folders: "Folders",
    languageServer: "Completion",
    log: "Help",
    notebook: "Cells and notebooks",
    ports: "Apps and ports",
    query: "Cells and notebooks",
    results: "Running",
    run: "Running",
    runs: "Runs",
    search: "Search",
    sessions: "Sessions",
    ssh: "Apps and ports",
    support: "Help",
    terminal: "Terminals",
    welcome: "Help",
  };
  return names[room] ?? category;
}
