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
  contributes: z.looseObject({
    configuration: z.looseObject({ properties: z.record(z.string(), z.unknown()) }),
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
      [...clause.matchAll(/backendai\.[\w.]+/g)].map((match) => match[0]),
    );
    const views = ["backendai.sessions", "backendai.folders", "backendai.runs", "backendai.search"];
    const known: readonly string[] = [...Object.values(contextKeys), ...views];
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
