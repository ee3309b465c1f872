// Builds what ships (dist/*.cjs) and, with --tests, what runs inside the test host.
//
// Heavy packages are bundles of their own under dist/vendor: the main bundle holds only a `require` of them, inside
// modules that are imported when first needed, so activation reads none of them (`docs/architecture.md`, "Loading").
import { build } from "esbuild";
import { readdirSync } from "node:fs";
import path from "node:path";

/** Packages that are loaded when first needed. */
const vendored = ["undici", "ws", "tar", "ssh2"];

/** Resolved at run time: VS Code's own API, and the native terminal that comes with VS Code or with npm. */
const external = [
  "vscode",
  "@lydell/node-pty",
  "bufferutil",
  "utf-8-validate",
  // ssh2 looks for these and does without: node:crypto does the work then
  "cpu-features",
  "./crypto/build/Release/sshcrypto.node",
];

const common = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  sourcemap: true,
  sourcesContent: false,
  minify: true,
  keepNames: true,
  logLevel: "warning",
  external,
  mainFields: ["module", "main"],
  define: { "import.meta.url": "importMetaUrl" },
  banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
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

await Promise.all([
  build({
    ...common,
    entryPoints: Object.fromEntries(vendored.map((name) => [name, name])),
    outdir: "dist/vendor",
    outExtension: { ".js": ".cjs" },
    sourcemap: false,
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
    logLevel: "warning",
    outfile: "dist/vendor/xterm.cjs",
  }),
  build({
    ...common,
    entryPoints: {
      extension: "src/extension.ts",
      engine: "src/engine/main.ts",
      proxy: "src/tunnel/external/proxyCommand.ts",
    },
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    plugins: [vendor("vendor")],
  }),
]);

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
