// Builds what ships (dist/*.cjs) and, with --tests, what runs inside the test host.
//
// Heavy packages are bundles of their own under dist/vendor: the main bundle holds only a `require` of them, inside
// modules that are imported when first needed, so activation reads none of them (`docs/architecture.md`, "Loading").
import { build } from "esbuild";
import { readdirSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { buildExtension } from "./scripts/build/extension.mjs";

/** Inside VS Code, texts are translated by VS Code itself (`src/platform/vscodeL10n.ts`). */
const alias = { "@vscode/l10n": "./src/platform/vscodeL10n.ts" };

/** Packages that are loaded when first needed. */
const vendored = ["undici", "ws", "tar", "ssh2", "picomatch"];

/** Resolved at run time: VS Code's own API, and the native terminal that comes with VS Code or with npm. */
const external = [
  "vscode",
  "@lydell/node-pty",
  "utf-8-validate",
  // ssh2 looks for these and does without: node:crypto does the work then
  "cpu-features",
  "./crypto/build/Release/sshcrypto.node",
];

const importMetaUrl = 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;';

const common = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  sourcemap: true,
  sourcesContent: false,
  minify: true,
  metafile: true,
  logLevel: "warning",
  external,
  mainFields: ["module", "main"],
  define: { "import.meta.url": "importMetaUrl" },
  banner: { js: importMetaUrl },
};

const vendor = (outdir) => ({
  name: "vendor",
  setup(context) {
    const filter = new RegExp(`^(${vendored.join("|")})$`);
    context.onResolve({ filter }, ({ path: name }) => ({
      path: path.posix.join(outdir, `${name}.cjs`).replace(/^(?!\.)/, "./"),
      external: true,
    }));
  },
});

/** Folders of the packages that are in what was built, as far as anything of them is left there: their licences ship with it. */
function packagesIn(results) {
  const inputs = results
    .flatMap(({ metafile }) => Object.values(metafile.outputs))
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = inputs.flatMap(([input]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

await mkdir("dist", { recursive: true });
const stale = readdirSync("dist").filter((name) => name.startsWith("part-"));
await Promise.all(stale.map(async (name) => rm(path.join("dist", name))));

const shipped = await Promise.all([
  buildExtension({ ...common, banner: {}, alias, plugins: [vendor("vendor")] }, importMetaUrl),
  build({
    ...common,
    entryPoints: Object.fromEntries(vendored.map((name) => [name, name])),
    keepNames: true, // what others wrote may look at them; of our own, each closure would pay for its name whenever it is made
    outdir: "dist/vendor",
    outExtension: { ".js": ".cjs" },
    sourcemap: false,
    alias: { bufferutil: "./src/wire/websocketMask.ts" },
  }),
  // xterm.js for the page of the engine's web terminal, as one script for the browser.
  build({
    stdin: {
      contents: `export { Terminal } from "@xterm/xterm"; export { default as css } from "@xterm/xterm/css/xterm.css";`,
      resolveDir: ".",
    },
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "xterm",
    loader: { ".css": "text" },
    minify: true,
    metafile: true,
    logLevel: "warning",
    outfile: "dist/vendor/xterm.cjs",
  }),
  build({
    ...common,
    entryPoints: {
      engine: "src/engine/main.ts",
      proxy: "src/tunnel/external/proxyCommand.ts",
    },
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    plugins: [vendor("vendor")],
  }),
]);
await writeFile("dist/bundled.json", JSON.stringify(packagesIn(shipped), undefined, 2));

if (process.argv.includes("--tests")) {
  const tests = readdirSync("test/integration").filter((name) => name.endsWith(".test.ts"));
  await build({
    ...common,
    entryPoints: Object.fromEntries([
      ["index", "test/host/inside/index.ts"],
      ...tests.map((name) => [name.replace(/\.ts$/, ""), `test/integration/${name}`]),
    ]),
    minify: false,
    outdir: "dist/test/integration",
    outExtension: { ".js": ".cjs" },
    external: [...external, "mocha"],
    plugins: [vendor("../../vendor")],
  });
}
