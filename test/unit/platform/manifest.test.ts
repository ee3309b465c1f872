import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import * as z from "zod/mini";
import { commandIds, contextKeys } from "../../../src/platform/commandIds.js";
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
    configuration: z.looseObject({
      properties: z.record(z.string(), z.looseObject({ scope: z.optional(z.string()) })),
    }),
    commands: z.array(z.looseObject({ command: z.string(), title: z.string(), category: z.string() })),
    menus: z.record(
      z.string(),
      z.array(z.looseObject({ command: z.string(), when: z.optional(z.string()) })),
    ),
    viewsWelcome: z.array(z.looseObject({ contents: z.string(), when: z.string() })),
    viewsContainers: z.looseObject({ activitybar: z.array(z.looseObject({ icon: z.string() })) }),
  }),
});

/** Commands of VS Code itself that welcome texts link to. */
const foreign = ["workbench.trust.manage"];

describe("package.json", () => {
  const text = readFileSync("package.json", "utf8");
  const manifest = Manifest.parse(JSON.parse(text));
  const { commands, menus, viewsWelcome, viewsContainers } = manifest.contributes;

  it("contributes exactly the commands that the code registers", () => {
    assert.deepEqual(commands.map((entry) => entry.command).sort(), [...commandIds].sort());
  });

  it("contributes exactly the settings that the code reads", () => {
    const { properties } = manifest.contributes.configuration;
    assert.deepEqual(Object.keys(properties).sort(), [...settingIds].sort());
  });

  it("lets no workspace say which server is used, as whom, or whether its certificate counts", () => {
    const { properties } = manifest.contributes.configuration;
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
    const ofModels = Object.entries(manifest.contributes.configuration.properties).filter(([name]) =>
      name.startsWith("backendai.assistant."),
    );
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

  it("puts every command under one category", () => {
    assert.deepEqual([...new Set(commands.map((entry) => entry.category))], ["Backend.AI"]);
  });

  it("names only commands that exist in menus and welcome texts", () => {
    const links = viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/command:([\w.]+)/g)].map((m) => m[1]!),
    );
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
    for (const file of [manifest.icon, ...viewsContainers.activitybar.map((entry) => entry.icon)]) {
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
