import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type BundledPackage, readBundledPackages } from "../../../scripts/packaging/bundledPackages.js";
import { thirdPartyNotices } from "../../../scripts/packaging/thirdPartyNotices.js";
import { temporaryFolders } from "../../support/temporaryFolder.js";

const fine: BundledPackage = { name: "a", version: "1.0.0", license: "MIT", texts: ["Copyright A"] };

describe("notices of what is bundled", () => {
  const newFolder = temporaryFolders();

  it("have the name, the licence and its text of each package", () => {
    assert.match(thirdPartyNotices([fine]), /^-+\na 1\.0\.0 \(MIT\)\n-+\n\nCopyright A$/m);
  });

  for (const license of ["GPL-3.0-only", "SEE LICENSE IN x", "", "(MIT AND LGPL-2.1-only)"]) {
    it(`refuse a package with the licence “${license}”`, () => {
      assert.throws(
        () => thirdPartyNotices([fine, { ...fine, name: "b", license }]),
        /b 1\.0\.0: the licence is/,
      );
    });
  }

  it("refuse a package without the text of its licence, and take one that offers a permissive licence", () => {
    assert.throws(() => thirdPartyNotices([{ ...fine, texts: [] }]), /no text of its licence/);
    assert.match(thirdPartyNotices([{ ...fine, license: "(GPL-2.0-only OR MIT)" }]), /a 1\.0\.0/);
  });

  it("know dependencies too, where Node would find them", async () => {
    const root = await newFolder();
    const write = async (folder: string, manifest: object): Promise<void> => {
      await mkdir(path.join(root, folder), { recursive: true });
      await writeFile(path.join(root, folder, "package.json"), JSON.stringify(manifest));
      await writeFile(path.join(root, folder, "LICENSE.md"), `text of ${folder}\r\n`);
    };
    await write("node_modules/a", {
      name: "a",
      version: "1.0.0",
      license: "MIT",
      dependencies: { b: "1", c: "2", gone: "1" },
    });
    await write("node_modules/a/node_modules/b", {
      name: "b",
      version: "1.1.0",
      licenses: [{ type: "ISC" }],
    });
    await write("node_modules/c", { name: "c", version: "2.0.0", license: "MIT" });
    await write("node_modules/d", { name: "d", version: "1.0.0", license: "MIT" });
    const found = readBundledPackages([path.join(root, "node_modules/a")]);
    assert.deepEqual(
      found.map(({ name, version, license, texts }) => [name, version, license, ...texts]),
      [
        ["a", "1.0.0", "MIT", "text of node_modules/a"],
        ["b", "1.1.0", "ISC", "text of node_modules/a/node_modules/b"],
        ["c", "2.0.0", "MIT", "text of node_modules/c"],
      ],
    );
  });
});
