import assert from "node:assert/strict";
import fc from "fast-check";
import { infoDocument } from "../../../../src/sessions/info/infoDocument.js";
import { readInfo } from "../../../../src/sessions/info/infoRecords.js";
import { parsePython } from "../../../../src/sessions/info/pythonLiteral.js";
import { masked } from "../../../../src/base/secrets/masked.js";
import { maskSecrets, maskText } from "../../../../src/base/secrets/maskText.js";
import { releases } from "../../../../src/wire/releases.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";
import { recordingsOf } from "../../golden/recordings.js";

const { signal } = new AbortController();

describe("maskSecrets", () => {
  it("masks by name and leaves what is no secret", () => {
    const record = {
      environ: {
        API_TOKEN: "abc",
        DB_PASSWORD: "p",
        AWS_ACCESS_KEY_ID: "x",
        HF_TOKEN: "y",
        PATH: "/bin",
        EMPTY_TOKEN: "",
      },
      access_key: "AKIANABBDUSEREXAMPLE",
      author: "Ada",
      monkey: "banana",
      nested: [{ client_secret: { a: 1 } }],
    };
    assert.deepEqual(maskSecrets(record), {
      environ: {
        ...{ API_TOKEN: masked, DB_PASSWORD: masked, AWS_ACCESS_KEY_ID: masked, HF_TOKEN: masked },
        ...{ PATH: "/bin", EMPTY_TOKEN: "" },
      },
      access_key: "AKIANABBDUSEREXAMPLE",
      author: "Ada",
      monkey: "banana",
      nested: [{ client_secret: masked }],
    });
  });

  it("masks what looks like a secret, whatever it is called", () => {
    for (const secret of [
      "ghp_0123456789abcdefghijABCDEFGHIJ012345",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
      "AKIAIOSFODNN7EXAMPLE",
      "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    ]) {
      assert.equal(maskText(`run with ${secret} now`), `run with ${masked} now`);
    }
    assert.equal(
      maskText("git clone https://ada:s3cret@example.com/x"),
      `git clone https://ada:${masked}@example.com/x`,
    );
    assert.equal(
      maskText("TOKEN=abc python train.py --password 'p q' --api-key=k --epochs 3 -v"),
      `TOKEN=${masked} python train.py --password ${masked} --api-key=${masked} --epochs 3 -v`,
    );
    assert.equal(maskText('curl -H "Authorization: Bearer abc"').includes("abc"), false);
    assert.equal(
      maskText("python token.py and the key is under the mat"),
      "python token.py and the key is under the mat",
    );
  });
});

describe("parsePython", () => {
  it("reads what managers print", () => {
    assert.deepEqual(parsePython("{'cpu': Decimal('1'), 'mem': Decimal('268435456')}"), {
      cpu: "1",
      mem: "268435456",
    });
    assert.deepEqual(
      parsePython(`{'A': "it's", 'B': 'a\\nb\\\\', 'C': None, 'D': [1, 2.5, (True,)], 'E': {}}`),
      {
        ...{ A: "it's", B: "a\nb\\", C: null, D: [1, 2.5, [true]], E: {} },
      },
    );
    assert.deepEqual(parsePython("{}"), {});
    for (const text of [
      "{'a': object()}",
      "{'a'",
      "x",
      "{'a': 1} 2",
      "",
      `${"[".repeat(100)}${"]".repeat(100)}`,
    ]) {
      assert.equal(parsePython(text), undefined, text);
    }
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."{}[]()',\":\\aDecimal 1".split("")) }), (text) => {
        parsePython(text);
      }),
    );
  });

  it("reads the variables of every recorded session", () => {
    const bodies = recordingsOf("23.09")
      .concat(recordingsOf("26.8"))
      .flatMap(({ body }) => {
        const text = body?.toString() ?? "";
        return text.includes('"environ"') ? [JSON.parse(text) as Record<string, unknown>] : [];
      });
    const texts = bodies.flatMap(({ environ, requestedSlots }) => [environ, requestedSlots]);
    const given = texts.filter((text) => typeof text === "string");
    assert.ok(given.length > 5);
    assert.deepEqual(
      given.filter((text) => parsePython(text) === undefined),
      [],
    );
  });
});

describe("the information of a session", () => {
  const servers: LocalServer[] = [];
  after(() => Promise.all(servers.map((server) => server.stop())));

  for (const release of ["19.09", "20.03", "23.09", "24.09", "26.8"]) {
    it(`tells all that an engine of ${release} knows, and none of its secrets`, async () => {
      const { apiVersion, manager } = releases.find((known) => known.release === release) ?? {};
      assert.ok(apiVersion !== undefined && manager !== undefined);
      const server = await startLocalServer({ apiVersion });
      servers.push(server);
      const { id } = await server.client.sessions.create({
        ...{ image: "python", name: "told-1", tag: "demo" },
        resources: { cpu: 1, mem: "512m" },
        environ: { MODE: "fast|slow", API_TOKEN: "hush-hush", URL: "https://u:hush-too@example.com" },
      });
      const records = await readInfo(server.client, id, signal);
      const about = { name: "told-1", id, server: "Local engine", manager, askedAt: new Date() };
      const text = infoDocument(records, about);
      assert.deepEqual(records.missing, []);
      assert.match(text, /^# told\\?-1\n\n\*\*RUNNING\*\*/);
      assert.match(text, /\| Tag \| demo \|/);
      assert.match(text, /\| mem \| (512 MiB|–) \| 512 MiB \|/);
      assert.match(text, /\| MODE \| `fast\\\|slow` \|/);
      assert.match(text, /\| CPU \| /);
      assert.match(text, /## The server's answers\n\n```json\n\{/);
      assert.ok(!/hush/.test(text), "a secret");
      assert.ok(text.includes(masked));
    });
  }

  it("says what the server did not tell, and fails when that is all", async () => {
    const server = await startLocalServer();
    servers.push(server);
    const nobody = "00000000-0000-4000-8000-000000000000";
    await assert.rejects(readInfo(server.client, nobody, signal), { code: "NOT_FOUND" });
    const { id } = await server.client.sessions.create({ image: "python", name: "ended-1" });
    await server.client.sessions.destroy(id);
    const records = await readInfo(server.client, id, signal);
    const text = infoDocument(records, {
      name: "ended-1",
      id,
      server: "x",
      manager: "26.8",
      askedAt: new Date(),
    });
    assert.match(text, /\*\*TERMINATED\*\*: user\\-requested/);
  });

  it("is safe from what servers put into names and reasons", () => {
    const session = {
      name: "x",
      status: "ERROR",
      status_info: "<img src=x> [a](command:b) | c\nd",
      tag: "``` `",
    };
    const records = {
      ...{ detail: { session, containers: [], dependencies: [] }, info: undefined, apps: undefined },
      ...{ dependencies: undefined, history: undefined, missing: [] },
    };
    const text = infoDocument(records, {
      name: "a|b",
      id: "i",
      server: "s",
      manager: "26.8",
      askedAt: new Date(),
    });
    const [readable = "", answers = ""] = text.split("## The server's answers");
    assert.ok(readable.includes("\\<img src=x\\> \\[a\\]\\(command\\:b\\) \\| c ⏎ d"));
    assert.match(answers, /^\n\n````json\n[^]*\n````\n$/);
  });

  it("makes nothing but text of any field of a session, wherever it stands", () => {
    const hostile = "![a](https://evil.example/x) <img src=x>\r| y |\n# big";
    const text = (name: string): string => `${name} ${hostile}`;
    const names = ["type", "result", "architecture", "tag", "priority", "user_email", "created_user_email"];
    const more = ["domain_name", "group_name", "scaling_group", "num_queries", "status", "status_info"];
    const session = {
      ...Object.fromEntries([...names, ...more].map((name) => [name, text(name)])),
      ...{ cluster_size: 2, cluster_mode: text("mode"), agent_ids: [text("agent")] },
      service_ports: [{ name: text("app"), protocol: text("protocol"), container_ports: [text("port")] }],
      requested_slots: { [text("slot")]: text("asked") },
      environ: { [text("variable")]: text("value") },
      idle_checks: { [text("check")]: { remaining: 1, extra: { [text("extra")]: 1 } } },
      status_history: { [text("entered")]: text("time") },
      mounts: [text("mount"), [text("folder")]],
    };
    const node = { session_id: "", session_name: text("needed"), status: text("state"), depends_on: [] };
    const container = { role: text("role"), status: text("running"), agent: text("on"), id: text("id") };
    const records = {
      detail: { session: {}, containers: [container], dependencies: [] },
      info: session,
      apps: undefined,
      dependencies: { ...node, depends_on: [node] },
      history: undefined,
      missing: [text("missing")],
    };
    const subject = { name: text("name"), id: "i", server: text("server"), manager: text("manager") };
    const [readable = ""] = infoDocument(records, { ...subject, askedAt: new Date() }).split(
      "\n## The server",
    );
    const spans = /(?<!\\)`[^`\n]*`/g;
    const markup = readable.replaceAll(spans, "").replaceAll(/\\[^\w\s]/g, "");
    assert.ok((readable.match(/evil/g)?.length ?? 0) > 30, "most of it is told");
    assert.doesNotMatch(markup, /[<>[\]!]|https:/);
    assert.deepEqual(markup.match(/^#+ big.*$/gm), null);
    for (const row of readable.split("\n").filter((line) => line.startsWith("| "))) {
      assert.match(row, /^\|(?:[^|\\]|\\.)*(?:\|(?:[^|\\]|\\.)*){1,6}\|$/, "a row");
    }
  });
});
