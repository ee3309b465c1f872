import assert from "node:assert/strict";
import type { Covered } from "../calls.js";
import { caseGroup, type ConformanceCase } from "../conformanceCase.js";
import { batch, carriers, type Carrier, query } from "../playing.js";

function coveredBy(
  carrier: Carrier,
  ...options: readonly ("clean" | "build" | "buildLog" | "exec")[]
): Covered[] {
  return carrier === "poll"
    ? ["execute", "execute(mode=batch)", ...options.map((name) => `execute(opts.${name})` as const)]
    : ["stream_execute", "stream_execute(mode=batch)"];
}

function casesOver(carrier: Carrier): ConformanceCase[] {
  const over = `over ${carrier === "poll" ? "requests" : "a websocket"}`;
  return [
    {
      covers: coveredBy(carrier, "clean", "build", "buildLog", "exec"),
      title: `cleans, builds and executes in this order, with a notice after each step, ${over}`,
      defects: ["batchLoses"],
      run: async (context) => {
        const steps = {
          clean: "echo cleaning",
          build: "echo building",
          buildLog: true,
          exec: "echo running",
        };
        const { events, notices } = await batch(context, await context.python(), steps, { carrier });
        const shown = events.map((event) => (event.type === "output" ? event.text.trim() : event.type));
        assert.deepEqual(shown, [
          ...["cleaning", "cleanFinished", "building", "buildFinished"],
          ...["running", "finished"],
        ]);
        assert.equal(notices, "cleanFinished:0 buildFinished:0 finished:0");
      },
    },
    {
      covers: coveredBy(carrier, "clean", "build", "exec"),
      title: `skips steps that are empty or absent, ${over}`,
      defects: ["batchLoses"],
      run: async (context) => {
        const id = await context.python();
        const only = await batch(context, id, { clean: "", build: null, exec: "exit 5" }, { carrier });
        assert.equal(only.notices, "cleanFinished:0 buildFinished:0 finished:5");
        const none = await batch(context, id, {}, { carrier });
        assert.equal(none.notices, "cleanFinished:0 buildFinished:0 finished:0");
      },
    },
    {
      covers: coveredBy(carrier, "build", "exec"),
      title: `does not execute what could not be built, and ends with 127, ${over}`,
      defects: ["batchLoses"],
      run: async (context) => {
        const steps = { build: "echo broken >&2; exit 3", exec: "echo never" };
        const { stdout, stderr, notices } = await batch(context, await context.python(), steps, { carrier });
        assert.equal(notices, "cleanFinished:0 buildFinished:3 finished:127");
        assert.equal(stderr, "broken\n");
        assert.doesNotMatch(stdout, /never/);
      },
    },
    {
      covers: [...coveredBy(carrier, "exec"), "upload"],
      title: `runs a main.py that was uploaded, with its output, errors and exit code, ${over}`,
      defects: ["batchLoses"],
      run: async (context) => {
        const { id } = await context.ownPython();
        const missing = await batch(context, id, { exec: "*" }, { carrier });
        assert.equal(missing.exitCode, 127);
        const program = "import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.exit(3)\n";
        await context.client.files.upload(id, [{ path: "main.py", content: Buffer.from(program) }]);
        const { stdout, stderr, exitCode } = await batch(context, id, { exec: "*" }, { carrier });
        assert.deepEqual([stdout, stderr.trim(), exitCode], ["out\n", "err", 3]);
      },
    },
  ];
}

export const batches = caseGroup("B", "Batch runs", [
  ...carriers.flatMap(casesOver),
  {
    covers: coveredBy("poll", "exec"),
    title: "shows the traceback of a program",
    defects: ["batchLoses"],
    run: async (context) => {
      const id = await context.python();
      const file = "traceback_case.py";
      await context.client.files.upload(id, [
        { path: file, content: Buffer.from("def f():\n    1/0\nf()\n") },
      ]);
      const { stderr, exitCode } = await batch(context, id, {
        exec: `python3 ${file}; s=$?; rm -f ${file}; exit $s`,
      });
      assert.match(stderr, /Traceback[\s\S]*line 3[\s\S]*ZeroDivisionError/);
      assert.equal(exitCode, 1);
    },
  },
  {
    covers: coveredBy("poll", "build", "exec"),
    title: "builds a Makefile before anything else",
    defects: ["batchLoses"],
    run: async (context) => {
      const { id } = await context.ownPython();
      const { exitCode } = await batch(context, id, { exec: "command -v make" });
      if (exitCode === 0) {
        const makefile = Buffer.from("all:\n\t@echo made > made.txt\n");
        await context.client.files.upload(id, [{ path: "Makefile", content: makefile }]);
        const { stdout } = await batch(context, id, { build: "*", exec: "cat made.txt" });
        assert.equal(stdout, "made\n");
      }
    },
  },
  {
    covers: coveredBy("poll", "clean", "build", "exec"),
    title: "builds and runs C, and tells what the compiler said",
    defects: ["batchLoses"],
    timeoutMs: 60_000,
    run: async (context) => {
      const { id } = await context.create({ image: await context.image("c") });
      const upload = async (text: string): Promise<void> =>
        context.client.files.upload(id, [{ path: "main.c", content: Buffer.from(text) }]);
      await upload('#include <stdio.h>\nint main(void) { puts("built"); return 6; }\n');
      const good = await batch(context, id, { clean: "*", build: "*", exec: "*" });
      assert.deepEqual([good.stdout, good.exitCode], ["built\n", 6]);
      await upload("int main(void) { return nothing; }\n");
      const bad = await batch(context, id, { clean: "*", build: "*", exec: "*" });
      assert.match(bad.stderr + bad.stdout, /nothing/);
      assert.equal(bad.exitCode, 127);
      assert.match(bad.notices, /buildFinished:[1-9]/);
    },
  },
  {
    covers: coveredBy("poll", "exec"),
    title: "runs JavaScript from main.js",
    defects: ["batchLoses"],
    run: async (context) => {
      const { id } = await context.create({ image: await context.image("nodejs") });
      const content = Buffer.from("console.log('js'); process.exitCode = 7;\n");
      await context.client.files.upload(id, [{ path: "main.js", content }]);
      const { stdout, exitCode } = await batch(context, id, { build: "*", exec: "*" });
      assert.deepEqual([stdout.trim().split("\n").at(-1), exitCode], ["js", 7]);
    },
  },
  {
    covers: coveredBy("poll", "exec"),
    title: "carries a megabyte of output of a program whole",
    defects: ["batchLoses"],
    run: async (context) => {
      const exec = `python3 -c "for i in range(16384): print(f'{i:063}')"`;
      const { stdout, exitCode } = await batch(context, await context.python(), { exec });
      assert.deepEqual([stdout.length, exitCode], [1024 * 1024, 0]);
    },
  },
  {
    covers: coveredBy("poll", "exec"),
    title: "leaves the variables of queries alone",
    defects: ["batchLoses"],
    run: async (context) => {
      const id = await context.python();
      await query(context, id, "apart = 'kept'");
      await batch(context, id, { exec: "python3 -c 'apart = 1'" });
      assert.equal((await query(context, id, "print(apart)")).stdout, "kept\n");
    },
  },
]);
