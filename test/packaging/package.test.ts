import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { transform } from "esbuild";
import * as z from "zod/mini";
import { makePackage, type MadePackage, sizeLimitBytes } from "../../scripts/packaging/makePackage.js";
import { temporaryFolders } from "../support/temporaryFolder.js";
import { allowed, matches, required } from "./expectedContents.js";
import { smokeRun } from "./smokeRun.js";

const Manifest = z.looseObject({
  main: z.string(),
  icon: z.string(),
  contributes: z.looseObject({
    jsonValidation: z.array(z.looseObject({ url: z.string() })),
    viewsContainers: z.looseObject({ activitybar: z.array(z.looseObject({ icon: z.string() })) }),
  }),
});

describe("the package that people install", function () {
  this.timeout(240_000); // VS Code, a browser and the packager start, on a computer that is busy

  const newFolder = temporaryFolders();
  let made: MadePackage;
  let folder: string;
  let files: string[];

  before(async () => {
    const place = await newFolder();
    made = await makePackage(path.join(place, "made.vsix"));
    const { status, stderr } = spawnSync("python3", ["-m", "zipfile", "-e", made.file, place], {
      encoding: "utf8",
      timeout: 30_000,
    });
    assert.equal(status, 0, stderr);
    folder = path.join(place, "extension");
    files = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => statSync(path.join(folder, file)).isFile())
      .map((file) => file.replaceAll(path.sep, "/"));
  });

  it("has what is needed and nothing else: no sources, no maps, no tests, no packages", () => {
    const missing = required.filter((pattern) => !files.some((file) => matches(file, pattern)));
    assert.deepEqual(missing, []);
    const others = files.filter(
      (file) => ![...required, ...allowed].some((pattern) => matches(file, pattern)),
    );
    assert.deepEqual(others, []);
    assert.deepEqual(
      files.filter((file) => /\.(map|ts|vsix)$|test|node_modules|__pycache__/.test(file)),
      [],
    );
  });

  it("has every part that its bundles load, and every file that its manifest names", () => {
    const { main, icon, contributes } = Manifest.parse(JSON.parse(read("package.json")));
    const named = [
      main,
      icon,
      ...contributes.jsonValidation.map(({ url }) => url),
      ...contributes.viewsContainers.activitybar.map((container) => container.icon),
    ];
    assert.deepEqual(
      named.filter((file) => !existsSync(path.join(folder, file))),
      [],
    );
    const loads = bundles().flatMap((file) =>
      [...read(file).matchAll(/require\("(\.[^"]+\.cjs)"\)/g)].map((match) => ({
        file,
        part: match[1] ?? "",
      })),
    );
    assert.ok(loads.length > 100, "the bundles load each other");
    assert.deepEqual(
      loads.filter(({ file, part }) => !existsSync(path.join(folder, path.dirname(file), part))),
      [],
    );
  });

  it("is small", () => {
    assert.ok(made.bytes < sizeLimitBytes);
    console.log(`      ${(made.bytes / 1_000_000).toFixed(2)} MB in ${files.length} files`);
  });

  it("has bundles that can't be made smaller by another pass", async () => {
    let before = 0;
    let after = 0;
    for (const file of bundles()) {
      const { code } = await transform(read(file), { minify: true, platform: "node", target: "node20" });
      before += Buffer.byteLength(read(file));
      after += Buffer.byteLength(code);
    }
    assert.ok(after > before * 0.97, `${before} bytes could be ${after}`);
    assert.doesNotMatch(bundles().map(read).join("\n"), /sourcesContent/);
  });

  it("has the licence of every package that is in its bundles", () => {
    const notices = read("ThirdPartyNotices.txt");
    const bundled = z.array(z.string()).parse(JSON.parse(readFileSync("dist/bundled.json", "utf8")));
    assert.ok(bundled.length > 20, "many packages are bundled");
    for (const place of bundled) {
      const { name, version } = z
        .looseObject({ name: z.string(), version: z.string() })
        .parse(JSON.parse(readFileSync(path.join(place, "package.json"), "utf8")));
      assert.ok(notices.includes(`\n${name} ${version} (`), `${name} ${version}`);
    }
    // These are in tar's own files, where no bundler sees them.
    for (const name of ["minipass", "minizlib", "yallist", "chownr", "@isaacs/fs-minipass"]) {
      assert.match(notices, new RegExp(`^${name} \\d`, "m"));
    }
    assert.ok(notices.split("Permission").length > bundled.length / 2, "with the texts");
  });

  it("installs into a clean VS Code and works there", async () => smokeRun(made.file));

  function bundles(): string[] {
    return files.filter((file) => file.endsWith(".cjs"));
  }

  function read(file: string): string {
    return readFileSync(path.join(folder, file), "utf8");
  }
});
