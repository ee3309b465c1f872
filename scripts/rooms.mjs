/**
 * The rooms of `src` and which others each may import (`docs/architecture.md`). Lint and the check build both read this.
 */
import { readdirSync } from "node:fs";
import path from "node:path";

const source = path.join(import.meta.dirname, "..", "src");

/** Rooms that every feature is built from. */
const foundations = {
  base: [],
  wire: ["base"],
  api: ["base", "wire"],
  engine: ["base", "wire"],
  platform: ["base", "wire", "api"],
};

/** The features that others may use: which server and as whom, which session, a byte stream into it, its files. */
const spines = ["account", "sessions", "tunnel", "files"];

const features = readdirSync(source, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !Object.hasOwn(foundations, entry.name))
  .map((entry) => entry.name);

/** @type {Readonly<Record<string, readonly string[]>>} Room → the rooms it may import beside itself. */
export const rooms = {
  ...foundations,
  ...Object.fromEntries(
    features.map((feature) => [
      feature,
      ["base", "wire", "api", "platform", ...spines].filter((r) => r !== feature),
    ]),
  ),
};

/** Rooms that know nothing of VS Code at all. */
const plainRooms = ["base", "wire", "api", "engine"];

/** Files that may name the `vscode` module, even for a type, relative to the repository. */
export const adapters = [
  "src/compose.ts",
  "src/extension.ts",
  "src/platform/**",
  ...Object.keys(rooms)
    .filter((room) => !plainRooms.includes(room) && room !== "platform")
    .flatMap((room) => [`src/${room}/index.ts`, `src/${room}/vscode/**`]),
];
