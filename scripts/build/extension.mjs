import { build, transform } from "esbuild";
import { writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Builds the extension: `dist/extension.cjs` with what activation reads, `dist/rooms.cjs` with all that is read together when a window
 * first uses the extension, and a file for each part that is imported later. A file costs more than its bytes: the extension host
 * resolves, looks up and compiles each by itself.
 *
 * Each module is in one file alone: an error class that existed twice would not be known by `instanceof`. So esbuild splits first,
 * which it can do with ES modules only; what is read at once is then put into one file, which hands its parts to what comes later. All
 * becomes CommonJS, which VS Code's extension host needs.
 *
 * @param options What all builds of this repository have in common.
 * @param banner Lines for what asks for its own address.
 */
export async function buildExtension(options, banner) {
  const { parts, metafile } = await split(options);
  const files = [];
  for (const [file, source] of [
    ["extension.cjs", "src/extension.ts"],
    ["rooms.cjs", "src/compose.ts"],
  ]) {
    const entry = nameOf(metafile, source);
    const earlier = files.flatMap(({ names }) => names);
    const names = [...reachedAtOnce(metafile, entry)].filter((name) => !earlier.includes(name));
    files.push({ file, entry, names });
  }
  const held = new Set(files.flatMap(({ names }) => names));
  await Promise.all([
    ...files.map(async (each) => writeTogether(options, { ...each, parts, files }, banner)),
    ...[...parts]
      .filter(([name]) => !held.has(name))
      .map(async ([name, text]) => writeLater(options, { name, text, files }, banner)),
  ]);
  return { metafile };
}

/** Splits into ES modules, by the names of the files that they would be. */
async function split(options) {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: { extension: "src/extension.ts" },
    format: "esm",
    splitting: true,
    sourcemap: "inline",
    write: false,
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    chunkNames: "part-[hash]",
  });
  return { parts: new Map(outputFiles.map(({ path: file, text }) => [path.basename(file), text])), metafile };
}

/** The name of the part that begins with a source. */
function nameOf({ outputs }, source) {
  const [file] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === source);
  return path.basename(file);
}

/** Names of what is read with a part, and its own. */
function reachedAtOnce({ outputs }, name, reached = new Set()) {
  if (!reached.has(name)) {
    reached.add(name);
    for (const { path: file, kind, external } of outputs[`dist/${name}`].imports) {
      if (kind === "import-statement" && !external) {
        reachedAtOnce({ outputs }, path.basename(file), reached);
      }
    }
  }
  return reached;
}

async function writeTogether(options, { file, entry, names, parts, files }, banner) {
  const others = names.filter((name) => name !== entry);
  const { outputFiles } = await build({
    ...options,
    stdin: {
      contents: [
        `export * from "./${entry}";`,
        ...others.map((name, at) => `export * as p${at} from "./${name}";`),
      ].join("\n"),
      resolveDir: "dist",
    },
    outfile: `dist/${file}`,
    sourcemap: "external",
    write: false,
    metafile: false,
    banner: { js: banner },
    supported: { "dynamic-import": false },
    plugins: [fromMemory(parts, names)],
  });
  const textOf = (end) => outputFiles.find(({ path: output }) => output.endsWith(end)).text;
  await write(file, linked(textOf(".cjs"), files), textOf(".map"));
}

/** Gives esbuild the texts that it made; what is in another file stays there. */
function fromMemory(parts, names) {
  return {
    name: "from memory",
    setup(context) {
      context.onResolve({ filter: /^\.\/(vendor\/|part-|extension\.)/ }, ({ path: file }) => {
        const name = file.slice("./".length);
        return names.includes(name) ? { path: name, namespace: "parts" } : { path: file, external: true };
      });
      context.onLoad({ filter: /.*/, namespace: "parts" }, ({ path: name }) => ({
        contents: parts.get(name),
        loader: "js",
        resolveDir: "dist",
      }));
    },
  };
}

async function writeLater(options, { name, text, files }, banner) {
  const { code, map } = await transform(text, {
    format: "cjs",
    platform: "node",
    target: options.target,
    minify: true,
    sourcemap: "external",
    sourcesContent: false,
    sourcefile: name,
    banner: text.includes("importMetaUrl") ? banner : "",
    supported: { "dynamic-import": false },
  });
  await write(name, linked(code, files), map);
}

/** Has a text ask for parts where they are. Blanks keep the columns that the map of sources knows. */
function linked(code, files) {
  return code.replaceAll(/require\("\.\/([\w-]+\.cjs)"\)/g, (all, name) => {
    const holder = files.find(({ names }) => names.includes(name));
    if (holder === undefined) {
      return all;
    }
    const { file, entry, names } = holder;
    const whole = `require("./${file}")`;
    const at = names.filter((each) => each !== entry).indexOf(name);
    const there = (name === entry ? whole : `${whole}.p${at}`).padStart(all.length);
    if (there.length > all.length) {
      throw new Error(`${there} is longer than ${all}: the map of sources would be wrong.`);
    }
    return there;
  });
}

async function write(name, code, map) {
  const file = path.join("dist", name);
  await writeFile(file, `${sharingVsCode(code)}//# sourceMappingURL=${name}.map\n`);
  await writeFile(`${file}.map`, map);
}

/**
 * esbuild makes an ES module of what is required, by a getter for each of its names: of VS Code's API hundreds of them, for each of
 * our files that imports it. That took half of the time of an activation. Nobody asks for its default export, so the API itself does.
 * Blanks keep the columns that the map of sources knows.
 */
function sharingVsCode(code) {
  return code.replaceAll(/\b[\w$]+(\(require\("vscode"\)\))/g, (all, call) => call.padStart(all.length));
}
