import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { makefileCommands } from "../../../../src/run/project/makefile.js";
import { languageOf } from "../../../../src/run/plan/languages.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";
import { writeTree } from "./support/diskFolder.js";

describe("makefileCommands", () => {
  const newFolder = temporaryFolders();
  const commands = (id: string, paths: readonly string[]): ReturnType<typeof makefileCommands> => {
    const language = languageOf(id);
    assert.ok(language);
    return makefileCommands(language, paths);
  };

  it("is for languages that are built, and for a Makefile at the top", () => {
    assert.equal(commands("c", ["src/main.c", "Makefile"])?.build, "make");
    assert.equal(commands("rust", ["main.rs", "Makefile"])?.exec, "exec ./main");
    assert.equal(commands("c", ["main.c", "src/Makefile"]), undefined);
    assert.equal(commands("python", ["main.py", "Makefile"]), undefined);
    assert.equal(commands("java", ["Main.java", "Makefile"]), undefined);
  });

  it("runs what was made, under either name", async () => {
    for (const name of ["main", "a.out"]) {
      const cwd = await newFolder();
      await writeTree(cwd, {
        Makefile: `all:\n\tprintf '#!/bin/sh\\necho made "$$@"' > ${name} && chmod +x ${name}\n`,
      });
      const { build, exec } = commands("cpp", ["Makefile"])!;
      execFileSync("sh", ["-c", build], { cwd });
      assert.equal(
        execFileSync("sh", ["-c", `${exec} "to measure"`], { cwd, encoding: "utf8" }),
        "made to measure\n",
      );
    }
  });
});
