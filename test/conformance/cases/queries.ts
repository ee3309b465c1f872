import assert from "node:assert/strict";
import { TimeoutError } from "../../../src/api/index.js";
import { rejection } from "../assertions.js";
import { caseGroup, type ConformanceCase, NotApplicable } from "../conformanceCase.js";
import type { CaseContext } from "../context.js";
import { carriers, type Carrier, onceShown, play, query } from "../playing.js";

/** The rows that a query over a carrier covers. */
function coveredBy(carrier: Carrier): ConformanceCase["covers"] {
  return carrier === "poll"
    ? ["execute", "execute(mode=query)"]
    : ["stream_execute", "stream_execute(mode=query)"];
}

function casesOver(carrier: Carrier): ConformanceCase[] {
  const covers = coveredBy(carrier);
  const over = `over ${carrier === "poll" ? "requests" : "a websocket"}`;
  return [
    {
      covers,
      title: `runs code and gives back its output and its end, ${over}`,
      run: async (context) => {
        const code = "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('again')";
        const { stdout, stderr, notices } = await query(context, await context.python(), code, { carrier });
        assert.deepEqual([stdout, stderr, notices], ["out\nagain\n", "err\n", "finished:0"]);
      },
    },
    {
      covers,
      title: `keeps variables from one query to the next, ${over}`,
      run: async (context) => {
        const id = await context.python();
        await query(context, id, "kept = [1, 2]", { carrier });
        await query(context, id, "def f():\n    return sum(kept)", { carrier });
        assert.equal((await query(context, id, "kept.append(3)\nprint(f())", { carrier })).stdout, "6\n");
      },
    },
    {
      covers,
      title: `shows the value of the last expression, ${over}`,
      run: async (context) => {
        assert.match(
          (await query(context, await context.python(), "x = 20\nx + 1", { carrier })).stdout,
          /21/,
        );
      },
    },
    {
      covers,
      title: `shows a traceback, says so by the exit code of its era, and goes on, ${over}`,
      run: async (context) => {
        const id = await context.python();
        const failed = await query(context, id, "print('before')\n1/0\nprint('after')", { carrier });
        assert.match(failed.stderr, /ZeroDivisionError/);
        assert.match(failed.stdout, /^before\n/);
        assert.equal(failed.exitCode, context.dialect.execute.exceptionExitCode);
        assert.equal((await query(context, id, "print('alive')", { carrier })).stdout, "alive\n");
      },
    },
    {
      covers,
      title: `tells a syntax error, ${over}`,
      run: async (context) => {
        const { stderr, exitCode } = await query(context, await context.python(), "for for", { carrier });
        assert.match(stderr, /SyntaxError/);
        assert.equal(exitCode, context.dialect.execute.exceptionExitCode);
      },
    },
    {
      covers,
      title: `keeps characters of every width whole, ${over}`,
      run: async (context) => {
        const code = "import sys\nfor c in 'é한👩‍👩‍👧':\n    sys.stdout.write(c); sys.stdout.flush()";
        const { stdout } = await query(context, await context.python(), code, { carrier });
        assert.equal(stdout, "é한👩‍👩‍👧");
      },
    },
    {
      covers,
      title: `carries a megabyte of output whole and in order, ${over}`,
      run: async (context) => {
        const code = "for i in range(16384): print(f'{i:063}')";
        const { stdout, exitCode } = await query(context, await context.python(), code, { carrier });
        assert.equal(exitCode, 0);
        assert.equal(stdout.length, 1024 * 1024);
        const lines = stdout.trimEnd().split("\n").map(Number);
        assert.ok(lines.every((line, index) => line === index));
      },
    },
    {
      covers: carrier === "poll" ? [...covers, "execute(mode=continue)"] : covers,
      title: `goes on after the time of one answer, with the output as it comes, ${over}`,
      run: async (context) => {
        const seenAt: number[] = [];
        const code = "import time\nprint('first', flush=True)\ntime.sleep(3.6)\nprint('second')";
        const { stdout, notices } = await query(context, await context.python(), code, {
          carrier,
          onEvent: (event) => {
            if (event.type === "output") {
              seenAt.push(performance.now());
            }
            return undefined;
          },
        });
        assert.deepEqual([stdout, notices], ["first\nsecond\n", "finished:0"]);
        assert.ok((seenAt.at(-1) ?? 0) - (seenAt[0] ?? 0) > 300, "both lines came at once");
      },
    },
    {
      covers,
      title: `finishes an empty query, ${over}`,
      run: async (context) => {
        const { events } = await query(context, await context.python(), "", { carrier });
        assert.deepEqual(events, [{ type: "finished", exitCode: 0 }]);
      },
    },
    {
      covers,
      title: `interrupts a run whose reader leaves, so that the next one can run, ${over}`,
      run: async (context) => {
        const id = await context.python();
        const code = "import time\nprint('on', flush=True)\ntime.sleep(60)";
        for await (const event of context.client.runs.start(id, { mode: "query", code }, { carrier })) {
          if (event.type === "output") {
            break;
          }
        }
        assert.equal((await query(context, id, "print('free')", { carrier })).stdout, "free\n");
      },
    },
    {
      covers,
      title: `interrupts a run whose signal aborts, with the reason, ${over}`,
      defects: ["executeFails"],
      run: async (context) => {
        const id = await context.python();
        const controller = new AbortController();
        const reason = new DOMException("enough", "AbortError");
        const code = "import time\nprint('on', flush=True)\ntime.sleep(60)";
        const run = query(context, id, code, {
          carrier,
          signal: controller.signal,
          onEvent: onceShown("on", async () => {
            controller.abort(reason);
            return Promise.resolve();
          }),
        });
        assert.equal(await rejection(run, DOMException), reason);
        assert.equal((await query(context, id, "print('free')", { carrier })).stdout, "free\n");
      },
    },
    {
      covers,
      title: `gives up a run that is silent for too long, ${over}`,
      defects: ["executeFails"],
      run: async (context) => {
        const id = await context.python();
        const silent = query(context, id, "import time; time.sleep(60)", { carrier, idleMs: 300 });
        assert.equal((await rejection(silent, TimeoutError)).phase, "run");
        assert.equal((await query(context, id, "print('free')", { carrier })).stdout, "free\n");
      },
    },
  ];
}

/** The shared session with its interpreter started: a first step may take longer than one answer is held back. */
async function warmPython(context: CaseContext): Promise<string> {
  const id = await context.python();
  await query(context, id, "pass");
  return id;
}

export const queries = caseGroup("Q", "Queries", [
  ...carriers.flatMap(casesOver),
  {
    covers: coveredBy("poll"),
    title: "answers a bare step under the run id of the client",
    defects: ["executeFails"],
    run: async (context) => {
      const id = await warmPython(context);
      const runId = "0123456789abcdef0123456789abcdef";
      const step = await context.client.runs.execute(id, { mode: "query", code: "print(5)", runId });
      assert.equal(step.status, "finished");
      assert.equal(step.runId, runId);
      assert.deepEqual(step.console, [["stdout", "5\n"]]);
    },
  },
  {
    covers: coveredBy("poll"),
    title: "makes a run id when the client gives none",
    defects: ["executeFails"],
    run: async (context) => {
      const id = await warmPython(context);
      const step = await context.client.runs.execute(id, { mode: "query", code: "pass" });
      assert.match(step.runId ?? "", /^[0-9a-f]{16,}$/);
    },
  },
  {
    covers: ["execute(mode=query)"],
    title: "ends with the code of sys.exit since 26.1",
    run: async (context) => {
      const { exitCode } = await query(context, await context.python(), "import sys; sys.exit(3)");
      assert.equal(exitCode, context.dialect.execute.exceptionExitCode === 1 ? 3 : 0);
    },
  },
  {
    covers: ["execute(mode=query)"],
    title: "lets runs that overlap follow one another, of one client and of two",
    run: async (context) => {
      const id = await context.python();
      const other = await context.connect();
      const order: string[] = [];
      const one = async (client: typeof other, name: string): Promise<void> => {
        const code = `import time; time.sleep(0.2); print('${name}')`;
        order.push((await play(client.runs.start(id, { mode: "query", code }))).stdout.trim());
      };
      await Promise.all([one(context.client, "a"), one(context.client, "b"), one(other, "c")]);
      assert.deepEqual(order.toSorted(), ["a", "b", "c"]);
      assert.ok(order.indexOf("a") < order.indexOf("b"));
    },
  },
  {
    covers: ["execute(mode=query)"],
    title: "shows SVG as a medium",
    run: async (context) => {
      const svg = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'></svg>";
      const code = `class S:\n    def _repr_svg_(self): return "${svg}"\nS()`;
      const { events } = await query(context, await context.python(), code);
      const media = events.find((event) => event.type === "media");
      assert.deepEqual(media, { type: "media", mimeType: "image/svg+xml", data: svg });
    },
  },
  {
    covers: ["execute(mode=query)"],
    title: "shows PNG as a data URL",
    run: async (context) => {
      const png =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
      const code = `import base64\nclass P:\n    def _repr_png_(self): return base64.b64decode('${png}')\nP()`;
      const { events } = await query(context, await context.python(), code);
      const media = events.find((event) => event.type === "media");
      assert.equal(media?.type === "media" && media.mimeType, "image/png");
      assert.equal(media?.type === "media" && media.data.trim(), `data:image/png;base64,${png}`);
    },
  },
  {
    covers: ["execute(mode=query)"],
    title: "shows HTML",
    defects: ["htmlBlocks"],
    run: async (context) => {
      const code = "class H:\n    def _repr_html_(self): return '<b>bold</b>'\nH()";
      const { events } = await query(context, await context.python(), code);
      const html = events.find((event) => event.type === "html");
      assert.equal(html?.type === "html" && html.html, "<b>bold</b>");
    },
  },
  {
    covers: ["execute(mode=query)"],
    title: "shows a figure of matplotlib",
    timeoutMs: 60_000,
    run: async (context) => {
      const id = await context.python();
      const { exitCode, stderr } = await query(context, id, "import matplotlib");
      if (exitCode !== 0 || /ModuleNotFoundError/.test(stderr)) {
        throw new NotApplicable("matplotlib is not installed there");
      }
      const code = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()";
      const { events } = await query(context, id, code);
      assert.ok(events.some((event) => event.type === "media" && event.mimeType === "image/png"));
    },
  },
  {
    covers: ["execute(mode=query)"],
    title: "runs JavaScript",
    run: async (context) => {
      const { id } = await context.create({ image: await context.image("nodejs") });
      const { stdout } = await query(context, id, "console.log([1, 2, 3].map((x) => x * 2).join())");
      assert.match(stdout, /^2,4,6\n/);
    },
  },
  {
    covers: ["execute(mode=query)"],
    title: "compiles and runs C",
    timeoutMs: 60_000,
    run: async (context) => {
      const { id } = await context.create({ image: await context.image("c") });
      const code = '#include <stdio.h>\nint main(void) { printf("%d\\n", 6 * 7); return 4; }';
      const { stdout, exitCode } = await query(context, id, code);
      assert.deepEqual([stdout, exitCode], ["42\n", 4]);
      const broken = await query(context, id, "int main(void) { return x; }");
      assert.match(broken.stderr, /error/);
      assert.notEqual(broken.exitCode, 0);
    },
  },
  {
    covers: ["execute(mode=complete)"],
    title: "takes completion as a mode of execute",
    defects: ["completionFails"],
    run: async ({ client, python }) => {
      const options = { row: 0, col: 4, line: "prin", post: "" };
      const step = await client.runs.execute(await python(), { mode: "complete", code: "prin", options });
      assert.equal(step.status, "finished");
    },
  },
]);
