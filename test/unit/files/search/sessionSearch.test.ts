import assert from "node:assert/strict";
import type { EngineName } from "../../../../src/files/search/inside/engineScript.js";
import { apiPrograms } from "../../../../src/files/search/inside/apiProgram.js";
import type { StartProgram } from "../../../../src/files/search/inside/searchProgram.js";
import { sessionPrograms } from "../../../../src/files/search/inside/sessionProgram.js";
import { sshPrograms } from "../../../../src/files/search/inside/sshProgram.js";
import { listFileNames } from "../../../../src/files/search/names/fileNames.js";
import type { SearchQuery } from "../../../../src/files/search/query/searchQuery.js";
import { type FileMatches, searchFiles, type SearchEnd } from "../../../../src/files/search/searchFiles.js";
import { homeDirectory as home } from "../../../../src/api/index.js";
import { until } from "../../../support/until.js";
import { withUploads } from "../support/uploadTarget.js";

const engines: readonly EngineName[] = ["rg", "grep", "python"];

describe("Searching inside a session", function () {
  this.timeout(120_000);
  const at = withUploads();
  let start: StartProgram;

  before(async () => {
    await at.programs.run(`mkdir -p s/src 's/it'"'"'s $HOME' s/node_modules s/.git && cd s &&
      printf 'import os\\nprint("needle", 1)\\n' > src/a.py &&
      printf 'Needle needle\\r\\nno\\r\\n' > 'it'"'"'s $HOME/b "q".txt' &&
      printf 'needle\\n' > 'line
break.txt' && printf 'needle\\n' > node_modules/skip.js && printf 'needle\\0needle\\n' > src/data.bin &&
      printf 'needle \\377\\n' > "$(printf 'bad\\377name')" && ln -s src/a.py link && mkfifo pipe`);
  });

  beforeEach(() => {
    start = sshPrograms(at.tunnels.ssh(at.client, at.sessionId));
  });

  const query = (asked: Partial<SearchQuery> = {}): SearchQuery => ({
    text: "needle",
    isRegex: false,
    isCaseSensitive: false,
    isWholeWord: false,
    folder: `${home}/s`,
    include: [],
    exclude: ["node_modules", ".git"],
    maxLines: 10_000,
    ...asked,
  });

  const shown = (files: readonly FileMatches[]): readonly string[] =>
    files
      .flatMap(({ path, lines }) =>
        lines.map(
          ({ line, ranges }) => `${path.slice(home.length + 3)}:${line}:${ranges.map((r) => r.start).join()}`,
        ),
      )
      .sort();

  const wanted = ["bad\uFFFDname:1:0", 'it\'s $HOME/b "q".txt:1:0,7', "line\nbreak.txt:1:0", "src/a.py:2:7"];

  for (const engine of engines) {
    it(`finds the same by ${engine}, also in files with strange names`, async function () {
      const result = await collect(searchFiles(start, query(), { signal: live(), engines: [engine] })).catch(
        (error: unknown) => {
          if (String(error).includes("neither ripgrep")) {
            return undefined;
          }
          throw error;
        },
      );
      if (result === undefined) {
        console.log(`      ! the session has no ${engine}`);
        this.skip();
      }
      assert.deepEqual(shown(result.files), wanted);
      assert.deepEqual(result.end, { engine, isLimited: false, unreadable: 0 });
      const bad = result.files.find(({ path }) => path.includes("\uFFFD"));
      assert.equal(bad?.isExactPath, false);
      const names = await collectNames(listFileNames(start, query(), { signal: live(), engines: [engine] }));
      assert.deepEqual(names, ['it\'s $HOME/b "q".txt', "line\nbreak.txt", "src/a.py", "src/data.bin"]);
    });
  }

  it("finds the same by the interpreter of the session, where ssh is not there", async () => {
    const byApi = apiPrograms(at.client, at.sessionId);
    const { files, end } = await collect(searchFiles(byApi, query(), { signal: live() }));
    assert.deepEqual(shown(files), wanted);
    assert.equal(end.engine, "python");
    await assert.rejects(collect(searchFiles(byApi, query({ folder: "/none" }), { signal: live() })), {
      failure: "notFound",
    });
    await at.programs.run("mv id_container kept");
    try {
      const { image } = await at.client.sessions.info(at.sessionId);
      const without = sessionPrograms(at.tunnels, at.client, { id: at.sessionId, image: image ?? "" });
      assert.deepEqual(
        shown((await collect(searchFiles(without, query(), { signal: live() }))).files),
        wanted,
      );
    } finally {
      await at.programs.run("mv kept id_container");
    }
  });

  it("says that a folder is not there, what is wrong with an expression, and that one takes too long", async () => {
    const searching = async (asked: Partial<SearchQuery>): Promise<unknown> =>
      collect(searchFiles(start, query(asked), { signal: live() }));
    await assert.rejects(searching({ folder: `${home}/s/none` }), { failure: "notFound" });
    await assert.rejects(searching({ folder: `${home}/s/src/a.py` }), { failure: "notFound" });
    await assert.rejects(searching({ text: "(", isRegex: true }), {
      code: "SEARCH_QUERY",
      message: /Unterminated/,
    });
    await assert.rejects(searching({ text: "" }), { code: "SEARCH_QUERY" });
    await assert.rejects(searching({ text: "a\nb" }), { code: "SEARCH_QUERY", message: /line break/ });
    await at.programs.run("mkdir -p slow && printf '%0100d!\\n' 0 > slow/zeros");
    await assert.rejects(searching({ text: "(0+)+$", isRegex: true, folder: `${home}/slow` }), {
      code: "SEARCH_QUERY",
      message: /too long/,
    });
  });

  it("counts what may not be read, and stops at the limit", async () => {
    await at.programs.run(
      "mkdir -p many/closed && chmod 0 many/closed; for i in 1 2 3; do for j in 1 2 3 4; do echo needle; done > many/$i; done",
    );
    const isRoot = (await at.programs.run("id -u")).trim() === "0";
    const all = await collect(searchFiles(start, query({ folder: `${home}/many` }), { signal: live() }));
    assert.deepEqual([all.files.length, all.end.unreadable], [3, isRoot ? 0 : 1]);
    const some = await collect(
      searchFiles(start, query({ folder: `${home}/many`, maxLines: 6 }), { signal: live() }),
    );
    assert.equal(some.files.flatMap(({ lines }) => lines).length, 6);
    assert.ok(some.end.isLimited);
  });

  for (const engine of ["grep", "python"] as const) {
    it(`ends ${engine} in the session within 2 s when it is cancelled, and when the connection is lost`, async () => {
      const mark = `mark${engine}${Date.now()}`;
      await at.programs.run(
        "mkdir -p huge && yes 'some words of no interest' | head -c 20000000 > huge/0; i=0; while [ $i -lt 800 ]; do i=$((i+1)); ln -f huge/0 huge/$i; done",
      );
      // What runs for the search has the expression in its environment.
      const running = async (): Promise<string> =>
        at.programs.run(
          `for p in $(grep -lsaz '^escaped=${mark}' /proc/[0-9]*/environ); do cat "\${p%/*}/comm" 2>/dev/null; done`,
        );
      const asked = query({ text: mark, isCaseSensitive: true, folder: `${home}/huge` });
      for (const cut of [
        (controller: AbortController): Promise<void> => {
          controller.abort();
          return Promise.resolve();
        },
        async (): Promise<void> =>
          (await at.tunnels.ssh(at.client, at.sessionId).acquire()).connection.close(),
      ]) {
        const controller = new AbortController();
        const searching = collect(
          searchFiles(start, asked, { signal: controller.signal, engines: [engine] }),
        );
        searching.catch(() => undefined);
        await until("the search in the session", async () => (await running()).includes(engine));
        const since = performance.now();
        await cut(controller);
        await assert.rejects(searching);
        let left = "";
        await until("its end", async () => (left = await running()) === "").catch((error: unknown) => {
          throw new Error(`${String(error)}: ${left} is left`);
        });
        const ms = Math.round(performance.now() - since);
        console.log(`      ${engine}: nothing of it was left after ${ms} ms`);
        assert.ok(ms < 2000);
      }
    });
  }
});

function live(): AbortSignal {
  return new AbortController().signal;
}

async function collect(
  search: AsyncGenerator<FileMatches, SearchEnd, undefined>,
): Promise<{ readonly files: readonly FileMatches[]; readonly end: SearchEnd }> {
  const files: FileMatches[] = [];
  for (;;) {
    const { done, value } = await search.next();
    if (done === true) {
      return { files, end: value };
    }
    files.push(value);
  }
}

async function collectNames(list: AsyncIterable<readonly string[]>): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const portion of list) {
    names.push(...portion);
  }
  return names.sort();
}
