import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { BackendAIClient } from "../../src/api/index.js";
import { silentLogger } from "../../src/base/logger.js";
import type { CodePoint } from "../../src/completion/source/completionSource.js";
import { SessionBusyError } from "../../src/completion/source/sessionBusyError.js";
import { catchUpByEmptyRun } from "../../src/completion/source/kernel/catchUp.js";
import { KernelSource } from "../../src/completion/source/kernel/kernelSource.js";
import { pythonReset } from "../../src/run/query/pythonReset.js";
import { programOutput } from "../../src/tunnel/programOutput.js";
import type { SessionSsh } from "../../src/tunnel/sessionSsh.js";
import { openServerTarget, type ServerTarget } from "../support/serverTarget.js";
import { until } from "../support/until.js";
import { freshSsh } from "../unit/tunnel/support/freshSsh.js";

const { signal } = new AbortController();

/** A table by its looks, things to call, and a list of what the kernel was asked by clients that complete. */
const things = `
import os, json
class Table:
    """Rows and columns."""
    price = 1
    def __dir__(self): return ["price", "describe"]
    def _ipython_key_completions_(self): return ["price", "count of items", "größe"]
    def describe(self, deep: bool = False): "Tells of it."
table = Table()
def area(width, height=2, *, unit="m"):
    "Width times height."
    return width * height
name = "Ada"
def watch(kernel, asked):
    for kind in ("complete_request", "inspect_request"):
        def handle(*arguments, kind=kind, handler=kernel.shell_handlers[kind]):
            asked.append(kind)
            return handler(*arguments)
        kernel.shell_handlers[kind] = handle
asked = []
watch(get_ipython().kernel, asked)
`;

/** What would tell that somebody ran something. */
const traces = `
shell = get_ipython()
print(json.dumps([shell.execution_count, len(shell.history_manager.input_hist_raw), len(Out), len(asked)]))
`;

const startMs = 150_000;

describe("KernelSource in a real session", function () {
  this.timeout(60_000);
  let server: ServerTarget;
  let sessionId: string;
  let ssh: SessionSsh;
  let source: KernelSource;

  const newSource = (idleMs?: number): KernelSource =>
    new KernelSource({
      ssh,
      isExpected: () => true,
      catchUp: async () => catchUpByEmptyRun(server.client, sessionId),
      logger: silentLogger,
      idleMs,
    });
  const names = async (code: string, from = source): Promise<string[]> =>
    (await from.complete(endOf(code), signal)).candidates.map(({ name }) => name);
  const query = async (code: string, client = server.client): Promise<string> =>
    outputOf(client, sessionId, code);
  const counts = async (): Promise<readonly number[]> => JSON.parse(await query(traces)) as number[];

  before(async function () {
    this.timeout(startMs);
    server = await openServerTarget(process.env);
    if (!server.isReal) {
      await server.end();
      assert.fail("These tests need a real server: TUNNEL_TARGET=environment.");
    }
    sessionId = await runningSession(server);
    ssh = freshSsh(server.client, sessionId);
    source = newSource();
    await query(things);
  });

  after(async function () {
    this.timeout(startMs);
    source.dispose();
    ssh.dispose();
    await server.client.sessions.destroy(sessionId, { forced: true });
    await server.end();
  });

  it("finds names and members, with what they are", async () => {
    // what is read ahead for it takes its time on a busy computer
    const first = async (): Promise<boolean> =>
      until("the first answer", async () => (await names("os.path.jo").catch(() => [])).length > 0);
    await first().catch(first);
    const found: (readonly unknown[])[][] = [];
    for (const code of ["os.path.jo", "tabl", "table.", "are", "os", "import jso", "whil"]) {
      const { candidates } = await source.complete(endOf(code), signal);
      found.push(candidates.slice(0, 2).map(({ name, kind, detail }) => [name, kind, detail]));
    }
    assert.deepEqual(found[0], [["join", "function", "(a, *p)"]]);
    assert.deepEqual(found[1], [["table", "variable", undefined]]);
    assert.deepEqual(
      found[2]?.map(([name]) => name),
      ["describe", "price"],
    );
    assert.deepEqual(found[3]?.[0], ["area", "function", "(width, height=2, *, unit='m')"]);
    assert.equal(found[4]?.[0]?.[1], "module");
    assert.deepEqual(found[5], [["json", "module", undefined]]);
    assert.deepEqual(found[6], [["while", "keyword", undefined]]);
  });

  it("finds columns in subscripts", async () => {
    const { candidates } = await source.complete(endOf('x = table["pri'), signal);
    assert.deepEqual(candidates, [{ name: "price", kind: "column", detail: undefined }]);
    assert.deepEqual(await names("table['"), ["count of items", "größe", "price"]);
    assert.deepEqual(await names('table["count of it'), ["count of items"]);
    assert.deepEqual(await names("table[table['gr"), ["größe"]);
    assert.ok((await names("table[")).includes("'price'"));
  });

  it("counts in code points beside what is longer than one unit, and looks no further than the cursor", async () => {
    const code = "s = '🐍🐍'; table.des.nothing\nwrong(";
    const point = { languageId: "python", code, row: 0, col: "s = '🐍🐍'; table.des".length };
    const { candidates } = await source.complete(point, signal);
    assert.deepEqual(
      candidates.map(({ name }) => name),
      ["describe"],
    );
  });

  it("tells 500 candidates of a thousand", async () => {
    await query(
      "class Many:\n    def __dir__(self): return ['m%04d' % i for i in range(1000)]\nmany = Many()",
    );
    const { candidates, isIncomplete } = await source.complete(endOf("many."), signal);
    assert.deepEqual([candidates.length, isIncomplete], [500, true]);
  });

  it("describes functions and values, and tells how things are called", async () => {
    assert.deepEqual(await source.describe("area", endOf("area"), signal), {
      signature: "area(width, height=2, *, unit='m')",
      type: "function",
      value: undefined,
      documentation: "Width times height.",
    });
    const value = await source.describe("name", endOf("name"), signal);
    assert.deepEqual([value?.signature, value?.type, value?.value], ["str", "str", "Ada"]);
    assert.deepEqual(await source.signature("area", endOf("area("), signal), {
      label: "area(width, height=2, *, unit='m')",
      parameters: ["width", "height=2", "*", "unit='m'"],
      documentation: "Width times height.",
    });
    const ofClass = await source.signature("os.path.join", endOf("os.path.join("), signal);
    assert.deepEqual([ofClass?.label, ofClass?.parameters], ["join(a, *p)", ["a", "*p"]]);
    assert.equal(await source.describe("nothing_of_this_name", endOf(""), signal), undefined);
    assert.equal(await source.describe("area(3)", endOf(""), signal), undefined);
  });

  it("leaves nothing in history, count and output", async () => {
    const before = await counts();
    for (const code of ["table.", 'table["', "os.pa", "1 + na"]) {
      await source.complete(endOf(code), signal);
      await source.describe("table", endOf(code), signal);
    }
    const after = await counts();
    // the query that counts is the one run more
    assert.deepEqual(
      after.map((count, index) => count - (before[index] ?? 0)),
      [1, 1, 0, 8],
    );
  });

  for (const [what, code] of [
    ["sleeps", "import time; time.sleep(4)"],
    ["computes", "import time\nend = time.time() + 4\nwhile time.time() < end: pass"],
  ] as const) {
    it(`asks nothing while a query of another client ${what}, also when it comes later`, async () => {
      await names("table.");
      const other = await server.connect({});
      const before = (await counts())[3];
      const run = query(code, other);
      const late = newSource();
      try {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        const startedAt = performance.now();
        const busy = { code: "SESSION_BUSY" };
        await assert.rejects(source.complete(endOf("table."), signal), busy);
        assert.ok(performance.now() - startedAt < 1000, "it says so at once");
        await assert.rejects(source.describe("table", endOf("table"), signal), busy);
        await assert.rejects(names("table.", late), busy);
        await assert.rejects(names("table.", late), busy);
        await run;
        assert.equal((await counts())[3], before);
        assert.deepEqual(await names("table.", late), ["describe", "price"]);
        assert.deepEqual(await names("table."), ["describe", "price"]);
      } finally {
        late.dispose();
        await other.close();
      }
    });
  }

  it("gives a question up that nobody waits for, and answers the next", async () => {
    const abort = new AbortController();
    const asked = source.complete(endOf("os."), abort.signal);
    abort.abort();
    await assert.rejects(asked, { name: "AbortError" });
    assert.deepEqual(await names("table."), ["describe", "price"]);
  });

  it("ends its program when idle, and starts it again", async () => {
    const short = newSource(300);
    // The kernel may still be busy with what was asked before.
    const answered = async (): Promise<string[] | undefined> =>
      names("table.", short).catch((error: unknown) => {
        assert.ok(error instanceof SessionBusyError, String(error));
        return undefined;
      });
    try {
      assert.deepEqual(await until("an answer", answered), ["describe", "price"]);
      source.dispose();
      await until("no helper", async () => (await helpers(ssh)) === 0);
      assert.deepEqual(await until("another answer", answered), ["describe", "price"]);
    } finally {
      short.dispose();
      source = newSource();
    }
  });

  it("goes on when the server's end is behind, and never makes it lose a run's end", async () => {
    // 600 questions are 1200 messages, more than it holds
    for (let asked = 0; asked < 600; asked += 1) {
      await source.describe("nothing_of_this_name", endOf(""), signal).catch(() => undefined);
    }
    const answered = async (): Promise<boolean> => (await names("table.").catch(() => [])).length === 2;
    await until("an answer after it has read", answered);
    assert.equal(await query("print('here')"), "here\n");
  });

  it("finds the interpreter again after a reset", async () => {
    await names("table.");
    const { code, mark } = pythonReset();
    assert.match(await query(code), new RegExp(mark));
    await query("fresh_thing = {'one': 1}");
    await until("the new interpreter's names", async () =>
      (await names("fresh_th").catch((): string[] => [])).includes("fresh_thing"),
    );
    assert.deepEqual(await names("tabl"), []);
    assert.deepEqual(await names("fresh_thing['"), ["one"]);
  });
});

function endOf(code: string): CodePoint {
  return { languageId: "python", code, row: 0, col: code.length };
}

async function outputOf(client: BackendAIClient, sessionId: string, code: string): Promise<string> {
  let output = "";
  const run = client.runs.start(sessionId, { mode: "query", code }, { carrier: "poll" });
  for await (const event of run) {
    output += event.type === "output" ? event.text : "";
  }
  return output;
}

/** Real servers cancel a new session now and then, or give one without an interpreter. */
async function runningSession({ client, pythonImage: image }: ServerTarget): Promise<string> {
  for (let tries = 0; tries < 3; tries += 1) {
    const name = `live-${randomBytes(5).toString("hex")}`;
    const { id, status } = await client.sessions.create({ image, name, timeoutMs: 60_000 });
    if (status === "RUNNING" && (await outputOf(client, id, "print(1)").catch(() => "")) === "1\n") {
      return id;
    }
    await client.sessions.destroy(id, { forced: true });
  }
  return assert.fail("No session runs.");
}

/** How many programs of ours are in the session. */
async function helpers(ssh: SessionSsh): Promise<number> {
  const command = "grep -la 'backendai-completio[n]' /proc/[0-9]*/cmdline 2>/dev/null | wc -l";
  const { text } = await programOutput(ssh, command, { limitBytes: 1000, timeoutMs: 10_000 });
  return Number(text);
}
