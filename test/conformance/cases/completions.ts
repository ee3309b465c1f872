import assert from "node:assert/strict";
import { caseGroup } from "../conformanceCase.js";
import type { CaseContext } from "../context.js";
import { onceShown, query } from "../playing.js";

/** Candidates at `|` in a line. */
async function completeAt({ client }: CaseContext, id: string, marked: string): Promise<readonly string[]> {
  const at = marked.indexOf("|");
  const [line, post] = [marked.slice(0, at), marked.slice(at + 1)];
  const position = { row: 0, col: line.length, line, post };
  return client.completion.complete(id, line + post, position, { timeoutMs: 25_000 });
}

export const completions = caseGroup("C", "Completion", [
  {
    covers: ["complete", "complete(row, col, line, post)"],
    title: "answers a list, however little it knows",
    timeoutMs: 40_000,
    run: async (context) => {
      const { id } = await context.ownPython();
      const words = await completeAt(context, id, "no_such_name_at_all|");
      assert.ok(Array.isArray(words));
      assert.equal((await query(context, id, "print('usable')")).stdout, "usable\n");
    },
  },
  {
    covers: ["complete", "complete(row, col, line, post)"],
    title: "completes names, members and what the session has defined",
    defects: ["completionFails", "completionEmpty"],
    run: async (context) => {
      const id = await context.python();
      await query(context, id, "import os\nrather_long_name = {'a': 1}");
      assert.ok((await completeAt(context, id, "rather_l|")).includes("rather_long_name"));
      assert.ok((await completeAt(context, id, "x = os.pat| + 1")).includes("os.path"));
      assert.ok((await completeAt(context, id, "rather_long_name.key|")).includes("rather_long_name.keys"));
      assert.ok((await completeAt(context, id, "imp|")).includes("import"));
    },
  },
  {
    covers: ["complete"],
    title: "keeps out of the way of a run",
    defects: ["completionFails", "completionEmpty"],
    run: async (context) => {
      const id = await context.python();
      const code = "import time\nprint('on', flush=True)\ntime.sleep(0.5)\nprint('off')";
      const { stdout } = await query(context, id, code, {
        onEvent: onceShown("on", async () => completeAt(context, id, "imp|")),
      });
      assert.equal(stdout, "on\noff\n");
    },
  },
  {
    covers: ["complete"],
    title: "answers nothing for a language without an interpreter",
    defects: ["completionFails", "completionEmpty"],
    run: async (context) => {
      const { id } = await context.create({ image: await context.image("c") });
      assert.deepEqual(await completeAt(context, id, "prin|"), []);
    },
  },
]);
