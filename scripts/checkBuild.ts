/**
 * Bundles every plain file of `src` with no `vscode` to be had, and follows each import against the map of rooms: what
 * lint may be told to overlook, this does not. Nothing is written.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { build, type Plugin } from "esbuild";
import { adapters, rooms } from "./rooms.mjs";

const root = path.join(import.meta.dirname, "..");

const noVsCode: Plugin = {
  name: "no-vscode",
  setup(context) {
    context.onResolve({ filter: /^vscode$/ }, ({ importer }) => ({
      errors: [{ text: `${path.relative(root, importer)} is a plain file and imports vscode` }],
    }));
  },
};

const directions: Plugin = {
  name: "directions",
  setup(context) {
    context.onResolve({ filter: /^\./ }, ({ path: specifier, importer, resolveDir, kind }) => {
      const from = kind === "entry-point" ? undefined : roomOf(importer);
      const to = roomOf(path.join(resolveDir, specifier));
      const allowed = from === undefined || to === undefined || from === to || rooms[from]?.includes(to);
      return allowed
        ? undefined
        : { errors: [{ text: `${path.relative(root, importer)}: ${from} must not import ${to}` }] };
    });
  },
};

function roomOf(file: string): string | undefined {
  const [source, room] = path.relative(root, file).split(path.sep);
  return source === "src" && room !== undefined && Object.hasOwn(rooms, room) ? room : undefined;
}

function isAdapter(file: string): boolean {
  return adapters.some((pattern) =>
    pattern.endsWith("/**") ? file.startsWith(pattern.slice(0, -2)) : file === pattern,
  );
}

const sources = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => `src/${file.replaceAll(path.sep, "/")}`);
const plain = sources.filter((file) => !isAdapter(file));
const common = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  platform: "node",
  format: "esm",
  outdir: "dist",
  packages: "external",
} as const;

await build({ ...common, entryPoints: plain, plugins: [noVsCode, directions] });
await build({
  ...common,
  entryPoints: sources.filter(isAdapter),
  external: ["vscode"],
  plugins: [directions],
});
console.log(
  `${String(plain.length)} plain files know nothing of VS Code; every import stays on the map of rooms`,
);
