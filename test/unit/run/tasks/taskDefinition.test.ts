import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { ConfigurationError } from "../../../../src/base/errors.js";
import { parseTaskDefinition } from "../../../../src/run/tasks/taskDefinition.js";
import { taskType } from "../../../../src/platform/contributedIds.js";

/** A task that says all that can be said. */
const full = {
  type: taskType,
  file: "src/a.c",
  session: "c-1",
  clean: "rm -f *.o",
  build: "make",
  exec: "./a",
  args: "--fast $HOME",
  env: { LEVEL: "3" },
};

describe("a task of tasks.json", () => {
  it("is read whole", () => {
    const { clean, build, exec, args, env } = full;
    assert.deepEqual(parseTaskDefinition(full), {
      file: "src/a.c",
      session: "c-1",
      options: { clean, build, exec, args, env },
    });
  });

  it("needs a file and nothing else", () => {
    const { file, session, options } = parseTaskDefinition({ type: taskType, file: "a.py" });
    assert.deepEqual(
      [file, session, Object.values(options).filter((value) => value !== undefined)],
      ["a.py", undefined, []],
    );
  });

  it("skips the build for an empty text, and takes other empty texts for none", () => {
    const { session, options } = parseTaskDefinition({
      file: "a.c",
      session: "",
      clean: "",
      build: "",
      exec: "",
    });
    assert.equal(session, undefined);
    assert.deepEqual([options.clean, options.build, options.exec], [undefined, "", undefined]);
  });

  it("quotes the words of a list for the shell", () => {
    const { options } = parseTaskDefinition({
      file: "a.py",
      args: ["two words", "it's", "$HOME", "", 7, "--x=1"],
    });
    assert.equal(options.args, `'two words' 'it'\\''s' '$HOME' '' 7 --x=1`);
  });

  it("takes numbers and switches of JSON for variables", () => {
    const { options } = parseTaskDefinition({ file: "a.py", env: { N: 2, ON: true, EMPTY: "" } });
    assert.deepEqual(options.env, { N: "2", ON: "true", EMPTY: "" });
  });

  const wrong: readonly [name: string, definition: object][] = [
    ["file", {}],
    ["file", { file: "" }],
    ["file", { file: 3 }],
    ["session", { file: "a.py", session: ["s"] }],
    ["build", { file: "a.py", build: false }],
    ["args", { file: "a.py", args: { a: 1 } }],
    ["args", { file: "a.py", args: ["a", null] }],
    ["env", { file: "a.py", env: ["A=1"] }],
    ["env.A", { file: "a.py", env: { A: { b: 1 } } }],
  ];
  for (const [name, definition] of wrong) {
    it(`names ${name} in ${JSON.stringify(definition)}`, () => {
      assert.throws(
        () => parseTaskDefinition(definition),
        (error) =>
          error instanceof ConfigurationError &&
          error.setting === name &&
          error.message.includes(`“${name}”`),
      );
    });
  }

  it("has the properties that package.json declares", () => {
    const Manifest = z.looseObject({
      contributes: z.looseObject({
        taskDefinitions: z.array(
          z.object({
            type: z.string(),
            required: z.array(z.string()),
            properties: z.record(z.string(), z.looseObject({ description: z.string() })),
          }),
        ),
      }),
    });
    const [declared, ...others] = Manifest.parse(JSON.parse(readFileSync("package.json", "utf8"))).contributes
      .taskDefinitions;
    assert.deepEqual([declared?.type, declared?.required, others], [taskType, ["file"], []]);
    assert.deepEqual(
      Object.keys(declared?.properties ?? {}).sort(),
      Object.keys(full)
        .filter((name) => name !== "type")
        .sort(),
    );
  });
});
