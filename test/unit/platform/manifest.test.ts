import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import * as z from "zod/mini";
import { commandIds, contextKeys } from "../../../src/platform/commandIds.js";
import { rowCommand } from "../../../src/platform/rows/rowPatterns.js";
import { readManifest } from "../../support/manifest.js";
import { settingIds } from "../../../src/platform/settingIds.js";
import { languages } from "../../../src/run/plan/languages.js";

const Manifest = z.looseObject({
  icon: z.string(),
  main: z.string(),
  engines: z.looseObject({ vscode: z.string() }),
  devDependencies: z.record(z.string(), z.string()),
  capabilities: z.looseObject({
    untrustedWorkspaces: z.looseObject({ supported: z.string(), description: z.string() }),
    virtualWorkspaces: z.looseObject({ supported: z.boolean(), description: z.string() }),
  }),
  contributes: z.looseObject({
    configuration: z.array(
      z.looseObject({
        title: z.string(),
        properties: z.record(
          z.string(),
          z.looseObject({ scope: z.string(), order: z.number(), markdownDescription: z.string() }),
        ),
      }),
    ),
    commands: z.array(z.looseObject({ command: z.string(), title: z.string(), category: z.string() })),
    menus: z.record(
      z.string(),
      z.array(
        z.looseObject({
          command: z.string(),
          when: z.optional(z.string()),
          group: z.optional(z.string()),
        }),
      ),
    ),
    viewsWelcome: z.array(z.looseObject({ contents: z.string(), when: z.string() })),
    walkthroughs: z.array(
      z.looseObject({
        steps: z.array(z.looseObject({ description: z.string(), media: z.looseObject({ svg: z.string() }) })),
      }),
    ),
    viewsContainers: z.looseObject({ activitybar: z.array(z.looseObject({ icon: z.string() })) }),
  }),
});

/** Commands of VS Code itself that welcome texts link to. */
const foreign = ["workbench.trust.manage"];

/** Each kind of row, with its view. */
const rows: readonly (readonly [view: string, row: string])[] = [
  ...["running", "starting", "waiting", "failed", "unknown", "ending", "ended"].map(
    (phase) => ["backendai.sessions", `session.${phase}`] as const,
  ),
  ...["root", "folder", "document", "device", "dangling"].map(
    (kind) => ["backendai.sessions", `file.${kind}`] as const,
  ),
  ["backendai.sessions", "forward.http"],
  ...["active", "going", "found", "past"].map((kind) => ["backendai.runs", `run.${kind}`] as const),
  ...["folder.rw", "directory.rw", "file.rw", "file.ro"].map((kind) => ["backendai.folders", kind] as const),
  ["backendai.search", "result.file.replace"],
];

function isForRow(when: string, row: string): boolean {
  const manifest = {
    contributes: { commands: [], menus: { "view/item/context": [{ command: "x", when }] } },
  };
  return rowCommand(manifest, "x").isFor(row);
}

describe("package.json", () => {
  const text = readFileSync("package.json", "utf8");
  const manifest = Manifest.parse(readManifest());
  const { commands, configuration, menus, viewsWelcome, viewsContainers, walkthroughs } =
    manifest.contributes;
  const properties = Object.assign({}, ...configuration.map((group) => group.properties)) as Record<
    string,
    (typeof configuration)[number]["properties"][string]
  >;

  it("contributes exactly the commands that the code registers", () => {
    assert.deepEqual(commands.map((entry) => entry.command).sort(), [...commandIds].sort());
  });

  it("contributes exactly the settings that the code reads", () => {
    assert.deepEqual(Object.keys(properties).sort(), [...settingIds].sort());
  });

  it("lets no workspace say which server is used, as whom, or whether its certificate counts", () => {
    const ofPerson = Object.entries(properties).filter(([, { scope }]) => scope === "application");
    assert.deepEqual(
      ofPerson.map(([name]) => name).filter((name) => !name.startsWith("backendai.assistant.")),
      ["backendai.servers"],
    );
    const servers = JSON.stringify(properties["backendai.servers"]);
    for (const part of ["endpoint", "login", "domain", "group", "mounts", "caFile", "skipVerification"]) {
      assert.ok(servers.includes(`"${part}"`), part);
    }
    const elsewhere = Object.entries(properties).filter(([name]) => name !== "backendai.servers");
    assert.doesNotMatch(JSON.stringify(elsewhere), /endpoint|certificate|secret|password|access key/i);
  });

  it("lets no workspace say what language models may do", () => {
    const ofModels = Object.entries(properties).filter(([name]) => name.startsWith("backendai.assistant."));
    assert.equal(ofModels.length, 5);
    assert.deepEqual([...new Set(ofModels.map(([, { scope }]) => scope))], ["application"]);
  });

  it("says what it does in folders that are not trusted, and in those that are on no disk, and why", () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    assert.equal(untrustedWorkspaces.supported, "limited");
    assert.match(untrustedWorkspaces.description, /not on this computer.*never from the workspace/);
    assert.equal(virtualWorkspaces.supported, true);
    assert.ok(virtualWorkspaces.description.length > 20);
  });

  it("puts every command under our name, and no two under the same words in the palette", () => {
    const categories = ["Backend.AI", "Backend.AI Files", "Backend.AI Folders", "Backend.AI Runs"];
    assert.deepEqual([...new Set(commands.map((entry) => entry.category))].sort(), categories);
    const hidden = menus["commandPalette"]!.filter(({ when }) => when === "false").map(
      ({ command }) => command,
    );
    const words = commands
      .filter(({ command }) => !hidden.includes(command))
      .map(({ category, title }) => `${category}: ${title}`);
    assert.deepEqual(
      words.filter((text, index) => words.indexOf(text) !== index),
      [],
    );
  });

  it("gives settings in groups, each with its place, its scope and a description", () => {
    for (const { title, properties: group } of configuration) {
      assert.match(title, /^%config\.\w+%$|^[A-Z]\w+$/);
      assert.deepEqual(
        Object.values(group).map(({ order }) => order),
        Object.keys(group).map((_, index) => index + 1),
        title,
      );
    }
  });

  it("puts at most three actions on a row", () => {
    const inlineOf = (view: string, row: string): string[] =>
      menus["view/item/context"]!.filter(
        ({ group, when = "" }) =>
          group?.startsWith("inline") === true && when.includes(`view == ${view}`) && isForRow(when, row),
      ).map(({ command }) => command);
    for (const [view, row] of rows) {
      const actions = inlineOf(view, row);
      assert.ok(actions.length <= 3, `${row}: ${actions.join(", ")}`);
    }
  });

  it("puts what destroys last in the menus of rows", () => {
    const groups = menus["view/item/context"]!.filter(({ group }) => group?.startsWith("inline") !== true);
    const rank = new Map(groups.map(({ command, group = "" }) => [command, group]));
    const ofSessions = groups.filter(({ when = "" }) =>
      /viewItem =~ \/\^session|session\.running/.test(when),
    );
    const last = ofSessions
      .map(({ group = "" }) => group)
      .sort()
      .at(-1);
    assert.equal(rank.get("backendai.sessions.forceDestroy"), last);
    assert.equal(rank.get("backendai.files.delete"), "7_modification@2");
  });

  it("has each action of a row in the palette too, where a picker asks for the row", () => {
    const hidden = menus["commandPalette"]!.filter(({ when }) => when === "false").map(
      ({ command }) => command,
    );
    const ofRows = menus["view/item/context"]!.map(({ command }) => command);
    assert.deepEqual(
      hidden.filter((command) => ofRows.includes(command)).sort(),
      // What is done to single rows of what was found: search again instead, or replace all.
      ["backendai.search.dismiss", "backendai.search.preview", "backendai.search.replaceFile"],
    );
  });

  it("names only commands that exist in menus and welcome texts", () => {
    const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    const texts = [...viewsWelcome.map(({ contents }) => contents), ...steps.map((step) => step.description)];
    const links = texts.flatMap((contents) => [...contents.matchAll(/command:([\w.]+)/g)].map((m) => m[1]!));
    const used = [
      ...Object.values(menus).flatMap((entries) => entries.map((entry) => entry.command)),
      ...links,
    ];
    assert.deepEqual(
      used.filter((id) => !foreign.includes(id) && !commands.some((entry) => entry.command === id)),
      [],
    );
  });

  it("uses only context keys that the code sets", () => {
    const clauses = [...text.matchAll(/"when": "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]!);
    const used = clauses.flatMap((clause) =>
      [...clause.matchAll(/(?:config\.)?backendai\.[\w.]+/g)].map((match) => match[0]),
    );
    const views = ["backendai.sessions", "backendai.folders", "backendai.runs", "backendai.search"];
    const ofSettings = settingIds.map((id) => `config.${id}`);
    const known: readonly string[] = [...Object.values(contextKeys), ...views, ...ofSettings];
    assert.ok(used.length > 5);
    assert.deepEqual(
      used.filter((key) => !known.includes(key)),
      [],
    );
  });

  it("offers Run for every language that can be run, and for no other", () => {
    const offered = /resourceLangId =~ \/\^\(([^)]*)\)\$\//
      .exec(JSON.parse(JSON.stringify(text)) as string)?.[1]
      ?.split("|");
    assert.deepEqual(offered?.sort(), languages.flatMap((language) => [...language.ids]).sort());
  });

  it("points at pictures that exist", () => {
    const pictures = walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg));
    for (const file of [
      manifest.icon,
      ...pictures,
      ...viewsContainers.activitybar.map((entry) => entry.icon),
    ]) {
      assert.ok(existsSync(file), file);
    }
  });

  it("pins every package, and types VS Code as the oldest that is supported", () => {
    for (const [name, version] of Object.entries(manifest.devDependencies)) {
      assert.match(version, /^\d/, name);
    }
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies["@types/vscode"] ?? ""}`);
  });
});
