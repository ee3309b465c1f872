import assert from "node:assert/strict";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import type { EngineName } from "../../../../src/files/search/inside/engineScript.js";
import type { StartProgram } from "../../../../src/files/search/inside/searchProgram.js";
import { FileFilter } from "../../../../src/files/search/query/fileFilter.js";
import { expressionOf } from "../../../../src/files/search/query/lineMatcher.js";
import type { SearchQuery } from "../../../../src/files/search/query/searchQuery.js";
import { type FileMatches, searchFiles } from "../../../../src/files/search/searchFiles.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";
import { busyboxPath, localPrograms, programOf } from "./support/localPrograms.js";

/** A file as the test made it. */
interface MadeFile {
  readonly path: string;
  readonly content: Buffer;
}

const word = fc.constantFrom(
  ..."a b ab abc foo Foo FOO bar k K s S straße STRASSE é É σ ς Σ \u212a ſ 猫 1 42 _ . * [x] (y) \\ / $ ^ { } ] - ' \" # % \t".split(
    " ",
  ),
  " ",
  "\r",
  "\uFEFF",
  "😀",
);
const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(""));
const text = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([lines, end, isEnded]) => lines.join(end) + (isEnded ? end : ""));
const content = fc.oneof(
  { weight: 8, arbitrary: text.map((value) => Buffer.from(value)) },
  {
    weight: 1,
    arbitrary: text.map((value) => Buffer.concat([Buffer.from(value), Buffer.from("\0a foo\n")])),
  },
  {
    weight: 1,
    arbitrary: text.map((value) => Buffer.concat([Buffer.from([0xff, 0xe9, 0x80]), Buffer.from(value)])),
  },
);
const name = fc.constantFrom(
  ...'a b.py c.txt .hidden node_modules x\'y "q" #h %41 -e --help * [z] é e\u0301 猫 back\\slash $HOME `id` ; &'.split(
    " ",
  ),
  "two words",
  "line\nbreak",
  " lead",
  "trail ",
);
const file = fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), content);
const tree = fc.array(file, { minLength: 1, maxLength: 12 });

const atom = fc.constantFrom(
  ..."a b foo k s é σ 猫 . \\d \\w \\s \\D \\W \\S [a-f] [^a] [^k] [\\w.] [é-ü] [^\\s] [\\]^-] [[] \\. \\( \\\\ ^ $ \\b \\B \\x61 \\u{e9} \\t \\p{L} (?:a|b) (a|) (?=a) (?<!b) (?<n>o) \\/ 😀 ]".split(
    " ",
  ),
);
const quantifier = fc.constantFrom("", "", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "+?", "*?");
const expression = fc
  .array(
    fc.tuple(atom, quantifier).map((parts) => parts.join("")),
    { minLength: 1, maxLength: 4 },
  )
  .chain((parts) => fc.constantFrom(parts.join(""), `(${parts.join("")})+`, `(?:${parts.join("|")})b?`));
const plain = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(""));
const glob = fc.constantFrom(
  ..."*.py *.txt **/*.py node_modules **/node_modules a a/** **/a/** é *.{py,txt} .hidden [ab]* ?.py".split(
    " ",
  ),
);
const query = fc
  .record({
    pattern: fc.oneof(
      plain.map((value) => ({ text: value, isRegex: false })),
      expression.map((value) => ({ text: value, isRegex: true })),
    ),
    isCaseSensitive: fc.boolean(),
    isWholeWord: fc.boolean(),
    include: fc.array(glob, { maxLength: 2 }),
    exclude: fc.array(glob, { maxLength: 2 }),
  })
  .map(({ pattern, ...rest }) => ({ ...pattern, ...rest, maxLines: 100_000 }))
  .filter(isValid);

function isValid(value: Omit<SearchQuery, "folder">): boolean {
  try {
    expressionOf(value);
    return true;
  } catch {
    return false;
  }
}

describe("searchFiles with each engine", function () {
  this.timeout(240_000);
  const folders = temporaryFolders();
  const engines: { readonly name: string; readonly engine: EngineName; readonly start: StartProgram }[] = [];

  before(async () => {
    const all = [
      ["ripgrep", "rg", programOf("rg") && localPrograms()],
      ["grep", "grep", programOf("grep") && localPrograms()],
      ["python", "python", programOf("python3") && localPrograms()],
    ] as const;
    const busybox = busyboxPath(await folders());
    for (const [title, engine, start] of [
      ...all,
      ["busybox", "grep", busybox && localPrograms(busybox)] as const,
    ]) {
      if (start) {
        engines.push({ name: title, engine, start });
      } else {
        console.log(`      ! ${title} is not on this computer: its results are not compared`);
      }
    }
    assert.ok(engines.length >= 2, "there are engines to compare");
  });

  it("finds the same in random trees, whichever engine looks", async () => {
    await fc.assert(
      fc.asyncProperty(tree, query, async (files, asked) => {
        const folder = await folders();
        const made = await makeTree(folder, files);
        const wanted = expectedOf(made, { ...asked, folder });
        const found = await Promise.all(
          engines.map(async ({ name: title, engine, start }) => [
            title,
            await found_(start, { ...asked, folder }, engine),
          ]),
        );
        for (const [title, result] of found) {
          assert.deepEqual(result, wanted, `${String(title)} finds the same`);
        }
        await rm(folder, { recursive: true });
      }),
      { numRuns: Number(process.env["SEARCH_RUNS"] ?? 60) },
    );
  });
});

async function makeTree(
  folder: string,
  files: readonly (readonly [string[], Buffer])[],
): Promise<MadeFile[]> {
  const made = new Map<string, Buffer>();
  for (const [names, bytes] of files) {
    const relative = names.join("/");
    try {
      await mkdir(path.join(folder, ...names.slice(0, -1)), { recursive: true });
      await writeFile(path.join(folder, relative), bytes);
      made.set(relative, bytes);
    } catch {
      // a file and a folder of one name
    }
  }
  await symlink("a", path.join(folder, "link")).catch(() => undefined);
  return [...made].map(([relative, bytes]) => ({ path: relative, content: bytes }));
}

type Plain = readonly (readonly [string, readonly (readonly [number, string, string])[]])[];

/** What a search means: each line of each text file, by JavaScript's own expression. */
function expectedOf(files: readonly MadeFile[], asked: SearchQuery): Plain {
  const filter = new FileFilter(asked);
  const expected = files
    .filter(({ path: relative, content: bytes }) => filter.accepts(relative) && !bytes.includes(0))
    .map(({ path: relative, content: bytes }) => {
      const lines = bytes.toString("utf8").replace(/\n$/, "").split("\n");
      const matches = (bytes.length === 0 ? [] : lines).flatMap((raw, index) => {
        const shown = raw.replace(/\r$/, "").replace(index === 0 ? /^\uFEFF/ : /^$/, "");
        const found = [...shown.matchAll(expressionOf(asked))];
        return found.length === 0
          ? []
          : [
              [
                index + 1,
                shown,
                found.map(({ 0: part, index: at }) => `${at}+${part.length}`).join(),
              ] as const,
            ];
      });
      return [path.posix.join(asked.folder, relative), matches] as const;
    });
  return sorted(expected.filter(([, lines]) => lines.length > 0));
}

async function found_(start: StartProgram, asked: SearchQuery, engine: EngineName): Promise<Plain> {
  const found: FileMatches[] = [];
  const { signal } = new AbortController();
  const search = searchFiles(start, asked, { signal, engines: [engine] });
  for (;;) {
    const { done, value } = await search.next();
    if (done === true) {
      assert.deepEqual(value, { engine, isLimited: false, unreadable: 0 });
      break;
    }
    assert.ok(value.isExactPath);
    found.push(value);
  }
  return sorted(
    found.map(({ path: place, lines }) => [
      place,
      lines.map(
        ({ line: number, preview, ranges }) =>
          [number, preview, ranges.map(({ start: from, end }) => `${from}+${end - from}`).join()] as const,
      ),
    ]),
  );
}

function sorted(found: Plain): Plain {
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}
