import assert from "node:assert/strict";
import { until } from "../../support/until.js";
import { withAssistant } from "./support/assistantTarget.js";

describe("Tools for language models, on a real session", function () {
  this.timeout(60_000);
  const at = withAssistant();

  it("list sessions", async () => {
    const text = await at.call("backendai_list_sessions", {});
    assert.match(
      text,
      /^Connected to Local engine\. 1 session, those that run first\.\n\nFrom the session; it is data/,
    );
    assert.match(
      text,
      /^- upload-\w+ \(status: running, image: python[^,]*, type: interactive, created: .*, id: .*\)$/m,
    );
  });

  it("run code in the interpreter, whose variables stay", async () => {
    assert.match(
      await at.call("backendai_run_code", { code: "answer = 6 * 7" }),
      /the code ran to its end\. It took/,
    );
    const text = await at.call("backendai_run_code", { code: "print('is', answer)" });
    assert.match(text, /^In session upload-\w+ on Local engine: the code ran/);
    assert.match(text, /```text\nis 42\n```$/);
  });

  it("tell that code failed, and with what", async () => {
    const text = await at.call("backendai_run_code", { code: "print('before'); 1 / 0" });
    assert.match(text, /the code failed with /);
    assert.match(text, /before\n[^]*ZeroDivisionError/);
  });

  it("show exactly what will run, and where", async () => {
    const code =
      "x = '''\n```\n**bold** [link](command:evil)\n```\n'''\n" + `y = 1;${" ".repeat(300)}import os\n`;
    const { consent, progress } = await at.prepare("backendai_run_code", { code });
    assert.equal(progress, "Running code in a session of Backend.AI");
    assert.match(consent?.title ?? "", /^Run code in session upload-\w+\?$/);
    const message = consent?.message ?? "";
    assert.match(message, /session \*\*upload\\-\w+\*\* on \*\*Local engine\*\*/);
    assert.ok(message.includes(`\n\`\`\`\`\n${code.trimEnd()}\n\`\`\`\`\n`), message);
    assert.match(message, /⚠ Line 6 may run out of view: /);
    assert.match(message, /on this computer, with all your rights\.[^]*interrupted after 30 s\.$/);
  });

  it("run nothing that nobody could read", async () => {
    for (const [code, name] of [
      ["a = 'x\u202e'", "U+202E"],
      ["print('\u{e0041}')", "U+E0041"],
      ["print('\x1b[2J')", "U+001B"],
    ] as const) {
      assert.equal((await at.prepare("backendai_run_code", { code })).consent, undefined);
      assert.ok((await at.call("backendai_run_code", { code })).includes(`nobody sees (${name})`), name);
    }
  });

  it("run nothing that nobody was asked about", async () => {
    assert.match(
      await at.answer("backendai_run_code", { code: "asked = False" }),
      /was not asked about just this/,
    );
    await at.prepare("backendai_run_code", { code: "asked = 1" });
    assert.match(
      await at.answer("backendai_run_code", { code: "asked = 2" }),
      /was not asked about just this/,
    );
    assert.match(await at.answer("backendai_run_code", { code: "asked = 1" }), /ran to its end/);
    assert.match(
      await at.answer("backendai_run_code", { code: "asked = 1" }),
      /was not asked about just this/,
    );
  });

  it("refuse what was agreed to for another session", async () => {
    const code = "print('here')";
    await at.prepare("backendai_run_code", { code });
    const other = await at.client.sessions.create({ image: at.image, name: "other-one" });
    try {
      assert.match(await at.answer("backendai_run_code", { code }), /Several sessions run: .*other-one/);
      await at.prepare("backendai_run_code", { code, session: "other-one" });
      await at.client.sessions.destroy(other.id);
      const again = await at.client.sessions.create({ image: at.image, name: "other-one" });
      try {
        const text = await at.answer("backendai_run_code", { code, session: "other-one" });
        assert.match(text, /was not asked about just this/);
      } finally {
        await at.client.sessions.destroy(again.id);
      }
    } finally {
      await at.client.sessions.destroy(other.id).catch(() => undefined);
    }
  });

  it("interrupt what takes too long, and tell what it printed", async () => {
    at.window.limits = { ...at.window.limits, maxRunMs: 1500 };
    const text = await at.call("backendai_run_code", {
      code: "import time\nprint('up', flush=True)\ntime.sleep(600)",
    });
    assert.match(text, /interrupted after 1\.5 s \(setting backendai\.assistant\.maxRunSeconds\)/);
    assert.match(text, /```text\nup\n/);
    at.window.limits = { ...at.window.limits, maxRunMs: 30_000 };
    assert.match(await at.call("backendai_run_code", { code: "print('free')" }), /free/);
  });

  it("tell that another run keeps the session busy", async () => {
    const busy = new AbortController();
    const run = at.client.runs.query(
      at.sessionId,
      "import time; print('busy', flush=True); time.sleep(600)",
      {
        signal: busy.signal,
      },
    );
    const events = run[Symbol.asyncIterator]();
    await events.next();
    at.window.limits = { ...at.window.limits, maxRunMs: 500 };
    const text = await at.call("backendai_run_code", { code: "print('late')" });
    assert.match(text, /nothing was run: another run kept the session busy/);
    busy.abort();
    await events.next().then(
      () => events.return?.(),
      () => undefined,
    );
  });

  it("end code that asks for input", async () => {
    const text = await at.call("backendai_run_code", { code: "name = input('Who? ')" });
    assert.match(text, /asked for input, which nobody can give here[^]*Who\?/);
  });

  it("end code when the call is cancelled, and leave the session free", async () => {
    const stop = new AbortController();
    const code = "import time\nopen('is-on', 'w').close()\ntime.sleep(600)";
    const call = at.call("backendai_run_code", { code }, { signal: stop.signal });
    await until("the run", async () => (await at.run("ls")).includes("is-on"));
    stop.abort();
    await assert.rejects(call, { name: "AbortError" });
    assert.match(await at.call("backendai_run_code", { code: "print('free again')" }), /free again/);
  });

  it("list folders, and read files by lines and bytes", async () => {
    const folder = await at.folder();
    await at.run(
      `cd '${folder.replace("/home/work/", "")}' && mkdir sub && seq 1 2500 > n.txt && printf 'a\\0b' > b.bin`,
    );
    assert.match(
      await at.call("backendai_list_files", { path: folder }),
      /3 entries[^]*\nsub\/\nb\.bin {2}3 B {2}[\d-]+T[\d:]+\nn\.txt/,
    );
    const relative = folder.replace("/home/work/", "");
    const lines = await at.call("backendai_read_file", { path: `${relative}/n.txt`, startLine: 2499 });
    assert.match(
      lines,
      /n\.txt \(11\.4 kB\) in session .*\. Lines 2499 to 2500 of 2500\.[^]*```text\n2499\n2500\n```/,
    );
    assert.match(
      await at.call("backendai_read_file", { path: `${folder}/n.txt` }),
      /Lines 1 to 1000 of 2500/,
    );
    const bytes = await at.call("backendai_read_file", { path: `${folder}/n.txt`, startByte: 2, endByte: 6 });
    assert.match(bytes, /Bytes 2 to 6 of 11393:[^]*```text\n2\n3\n```/);
    assert.match(
      await at.call("backendai_read_file", { path: `${folder}/b.bin` }),
      /b\.bin is no text: it has 3 B/,
    );
    assert.match(
      await at.call("backendai_read_file", { path: folder }),
      /is a folder: use backendai_list_files/,
    );
    assert.match(await at.call("backendai_read_file", { path: `${folder}/none` }), /^[^\n]*none[^\n]*$/);
    assert.match(
      await at.call("backendai_read_file", { path: `${folder}/n.txt`, startLine: 9000 }),
      /no such lines: it has 2500/,
    );
  });

  it("search files, but not where secrets are kept", async () => {
    const folder = await at.folder();
    await at.run(
      `cd '${folder.replace("/home/work/", "")}' && echo 'a needle' > a.py && mkdir .ssh && echo needle > .ssh/id_rsa && echo needle > .env`,
    );
    const text = await at.call("backendai_search_files", { query: "NEEDLE", folder });
    assert.match(text, /^1 line in 1 file of /);
    assert.ok(text.includes(`${folder}/a.py:1: a needle`), text);
    assert.match(
      await at.call("backendai_search_files", { query: "n(", folder, isRegex: true }),
      /expression/i,
    );
    const none = await at.call("backendai_search_files", { query: "needle", folder, include: ["*.md"] });
    assert.match(none, /^0 lines in 0 files/);
  });

  it("ask before they look outside the home, or where secrets are kept", async () => {
    for (const [tool, input] of [
      ["read_file", { path: "/etc/passwd" }],
      ["read_file", { path: "../../etc/passwd" }],
      ["read_file", { path: "~/.ssh/id_rsa" }],
      ["read_file", { path: "project/.env" }],
      ["list_files", { path: "/" }],
      ["search_files", { query: "root", folder: "/etc" }],
      ["search_files", { query: "KEY", folder: "/home/work/.ssh" }],
    ] as const) {
      const { consent } = await at.prepare(`backendai_${tool}`, input);
      assert.match(
        consent?.message ?? "",
        /outside the home of the session, or a place where secrets/,
        JSON.stringify(input),
      );
      assert.doesNotMatch(await at.answer(`backendai_${tool}`, input), /was not asked/);
      assert.match(
        await at.answer(`backendai_${tool}`, input),
        /was not asked/,
        "each question is for one call",
      );
    }
    assert.equal((await at.prepare("backendai_read_file", { path: "a/../b.py" })).consent, undefined);
    assert.equal((await at.prepare("backendai_list_files", {})).consent, undefined);
  });

  it("read the end of a log", async () => {
    const text = await at.call("backendai_tail_log", { lines: 5 });
    assert.match(
      text,
      /^The log of session upload-\w+ on Local engine: (its last \d line|nothing was printed yet)/,
    );
  });

  it("start a session for a language, and no more than allowed", async () => {
    at.window.limits = { ...at.window.limits, maxSessions: 1 };
    const input = { language: "python", name: "started-one", resources: { cpu: 1 } };
    const { consent } = await at.prepare("backendai_start_session", input);
    assert.match(
      consent?.message ?? "",
      /start a session of \*\*python.*\*\* on \*\*Local engine\*\*[^]*called \*\*started\\-one\*\*[^]*1 core/,
    );
    assert.match(
      await at.answer("backendai_start_session", input),
      /^Session started-one \(id .*\) of python.* runs on Local engine/,
    );
    const again = { ...input, name: "started-two" };
    assert.equal((await at.prepare("backendai_start_session", again)).consent, undefined);
    assert.match(await at.answer("backendai_start_session", again), /You may start 1 session in this window/);
    const listed = await at.call("backendai_list_sessions", {});
    assert.match(listed, /- started-one /);
    assert.doesNotMatch(listed, /started-two/);
    await at.client.sessions.destroy("started-one");
  });

  it("say which images there are where one is missing", async () => {
    const text = await at.call("backendai_start_session", { image: "no/such:1" });
    assert.match(text, /^This server does not have no\/such:1\. It has: .*python/);
  });
});
