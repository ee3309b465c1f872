import { build, transform } from "esbuild";
import { writeFile } from "node:fs/promises";
import path from "node:path";

/** Name of the entry, and of its file. */
const entry = "extension.cjs";

/** What the parts that come later call those that are in the main file. */
const early = "earlyParts";

/**
 * Builds the extension: `dist/extension.cjs` with all that activation reads, and a file for each part that is imported when first
 * needed. A file costs more than its bytes: the extension host resolves, looks up and compiles each by itself.
 *
 * Each module is in one file alone: an error class that existed twice would not be known by `instanceof`. So esbuild splits first,
 * which it can do with ES modules only; what the entry imports at once is put into one file with it, and hands itself to what
 * comes later. All becomes CommonJS, which VS Code's extension host needs.
 *
 * @param options What all builds of this repository have in common.
 * @param banner Lines for what asks for its own address.
 */
export async function buildExtension(options, banner) {
  const { parts, metafile } = await split(options);
  const first = [...reachedAtOnce(metafile)];
  const later = [...parts.keys()].filter((name) => !first.includes(name));
  await Promise.all([
    writeMain(options, parts, first, banner),
    ...later.map(async (name) => writeLater(options, name, parts.get(name), first, banner)),
  ]);
  return { metafile };
}

/** Splits into ES modules, by the names of the files that they would be. */
async function split(options) {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: { [path.parse(entry).name]: "src/extension.ts" },
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

/** Names of what is read with the entry. */
function reachedAtOnce({ outputs }, name = entry, reached = new Set()) {
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

async function writeMain(options, parts, first, banner) {
  const names = first.filter((name) => name !== entry);
  const { outputFiles } = await build({
    ...options,
    stdin: {
      contents: [
        ...names.map((name, at) => `import * as p${at} from "./${name}";`),
        `export * from "./${entry}";`,
        `export const ${early} = {${names.map((_, at) => `p${at}`).join()}};`,
      ].join("\n"),
      resolveDir: "dist",
    },
    keepNames: false, // they are kept by the first step already; kept twice, they are a tenth of all that is read
    outfile: `dist/${entry}`,
    sourcemap: "external",
    write: false,
    metafile: false,
    banner: { js: banner },
    supported: { "dynamic-import": false },
    plugins: [fromMemory(parts, first)],
  });
  const textOf = (end) => outputFiles.find((file) => file.path.endsWith(end)).text;
  await write(entry, textOf(".cjs"), textOf(".map"));
}

/** Gives esbuild the texts that it made; what is imported later stays a file of its own. */
function fromMemory(parts, first) {
  return {
    name: "from memory",
    setup(context) {
      context.onResolve({ filter: /^\.\/(vendor\/|part-|extension\.)/ }, ({ path: file }) => {
        const name = file.slice("./".length);
        return first.includes(name) ? { path: name, namespace: "parts" } : { path: file, external: true };
      });
      context.onLoad({ filter: /.*/, namespace: "parts" }, ({ path: name }) => ({
        contents: parts.get(name),
        loader: "js",
        resolveDir: "dist",
      }));
    },
  };
}

async function writeLater(options, name, text, first, banner) {
  const names = first.filter((each) => each !== entry);
  const { code, map } = await transform(text, {
    format: "cjs",
    platform: "node",
    target: options.target,
    minify: true,
    sourcemap: "external",
    sourcesContent: false,
    sourcefile: name,
    banner: [
      text.includes("importMetaUrl") ? banner : "",
      `const ${early}=require("./${entry}").${early};`,
    ].join(""),
    supported: { "dynamic-import": false },
  });
  const linked = code.replaceAll(/require\("\.\/(part-\w+\.cjs)"\)/g, (all, part) => {
    const at = names.indexOf(part);
    return at === -1 ? all : `${early}.p${at}`.padStart(all.length); // columns stay those that the map knows
  });
  await write(name, linked, map);
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
