import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigurationError } from "../../../../src/base/errors.js";
import {
  formatSessionLink,
  parseLinkText,
  parseSessionLink,
  type SessionLink,
} from "../../../../src/sessions/link/sessionLink.js";
import { fuzzed } from "../../../support/fuzz.js";

const extensionId = "backendai.backendai-sessions";
const maker = { scheme: "vscode", extensionId };

describe("links to sessions", () => {
  it("name a session, and what to show of it", () => {
    assert.deepEqual(
      parse("session=8c1f6a&server=cluster.example:8090&file=/home/work/a.py&action=terminal"),
      {
        session: "8c1f6a",
        server: "cluster.example:8090",
        file: "/home/work/a.py",
        action: "terminal",
      },
    );
    assert.deepEqual(parse("session=train_1.b-2&windowId=3"), {
      session: "train_1.b-2",
      server: undefined,
      file: undefined,
      action: undefined,
    });
  });

  it("are readable where nothing in them is special", () => {
    const link = { session: "train", server: "a.example:80", file: "/home/work/x y&z.py", action: undefined };
    assert.equal(
      formatSessionLink(link, maker),
      "vscode://backendai.backendai-sessions/open?session=train&server=a.example:80&file=/home/work/x%2520y%2526z.py",
    );
  });

  for (const [what, parts, words] of [
    ["another path", { path: "/run", query: "session=a" }, /path \/open/],
    ["no session", { query: "server=a" }, /names no session/],
    ["a parameter that means nothing", { query: "session=a&command=rm" }, /parameter “command”/],
    ["a hostile name of a parameter", { query: "session=a&<b>\u202e%00=1" }, /parameter “\?b\?\?\?”/],
    ["a parameter twice", { query: "session=a&session=b" }, /“session” twice/],
    ["names of the language itself", { query: "session=a&__proto__=1" }, /parameter “__proto__”/],
    ["an empty session", { query: "session=" }, /parameter “session” has a value/],
    ["a session with blanks", { query: "session=a b" }, /parameter “session” has a value/],
    [
      "a session that turns the text around",
      { query: "session=a\u202eb" },
      /parameter “session” has a value/,
    ],
    [
      "a session that is too long",
      { query: `session=${"a".repeat(129)}` },
      /parameter “session” has a value/,
    ],
    ["a server with a path", { query: "session=a&server=evil.example/x" }, /parameter “server” has a value/],
    [
      "a server with a login",
      { query: "session=a&server=me@evil.example" },
      /parameter “server” has a value/,
    ],
    ["a whole address as server", { query: "session=a&server=https://evil.example" }, /parameter “server”/],
    ["a relative file", { query: "session=a&file=a.py" }, /parameter “file” has a value/],
    ["a file with line breaks", { query: "session=a&file=/a\nb" }, /parameter “file” has a value/],
    ["a file beyond its folder", { query: "session=a&file=/home/work/../../etc/x" }, /has “\.\.”/],
    [
      "an action that does not exist",
      { query: "session=a&action=destroy" },
      /parameter “action” has a value/,
    ],
    ["a fragment", { query: "session=a", fragment: "x" }, /after “#”/],
    ["too much", { query: `session=a&file=/${"b".repeat(5000)}` }, /has 5016 characters, and may have 4096/],
  ] as const) {
    it(`are refused with ${what}`, () => {
      const {
        path = "/open",
        query,
        fragment = "",
      } = parts as { path?: string; query: string; fragment?: string };
      assert.throws(
        () => parseSessionLink({ path, query, fragment }),
        (error) =>
          error instanceof ConfigurationError && error.setting === "link" && words.test(error.message),
      );
    });
  }

  it("come back as they were made, whatever their names", async () => {
    const letter = fc.constantFrom(...Array.from("abzAZ09_.-한é%&=+#?/ ()'\""));
    const text = (kind: RegExp): fc.Arbitrary<string> =>
      fc.string({ unit: letter, minLength: 1, maxLength: 60 }).filter((word) => kind.test(word));
    const link: fc.Arbitrary<SessionLink> = fc.record({
      session: text(/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u),
      server: fc.option(fc.constantFrom("local", "한 서버 (2)", "[::1]:8090", "a.example"), {
        nil: undefined,
      }),
      file: fc
        .option(
          text(/./).map(
            (word) =>
              `/x${word
                .replaceAll(/\/+/g, "/")
                .replaceAll("..", "")
                .replace(/[./]*$/, "")}`,
          ),
          { nil: undefined },
        )
        .filter((file) => file === undefined || !/\/\.?(\/|$)|\.\./.test(file)),
      action: fc.constantFrom("terminal" as const, "files" as const, undefined),
    });
    await fuzzed(
      fc.property(link, (given) => {
        const read = parseLinkText(formatSessionLink(given, maker), extensionId);
        assert.deepEqual(read, { ...given });
      }),
    );
  });

  it("of any text are read or refused in words without what could deceive", async () => {
    const query = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc
        .tuple(
          fc.constantFrom("session", "server", "file", "action", "x"),
          fc.string({ unit: "binary", maxLength: 80 }),
        )
        .map(([name, value]) => `session=a&${name}=${value}`),
    );
    await fuzzed(
      fc.property(query, (text) => {
        try {
          const { session, server = "", file = "" } = parse(text);
          assert.match(session + server + file, /^[^\p{C}]*$/u);
          assert.ok(file === "" || (file.startsWith("/") && !file.split("/").includes("..")));
        } catch (error) {
          assert.ok(error instanceof ConfigurationError, String(error));
          assert.match(error.message, /^This link can't be opened\. [^\p{C}<>]{10,120}$/u);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("that are typed begin with any VS Code's scheme and this extension's id", () => {
    const link = "code-oss://BackendAI.backendai-sessions/open?session=train";
    assert.equal(parseLinkText(`  ${link}\n`, extensionId).session, "train");
    for (const text of [
      "",
      "train",
      "https://evil.example/open?session=train",
      "vscode://other.extension/open?session=train",
      `vscode://${extensionId}/open?session=%E0%A4%A`,
      `vscode://${extensionId}/open?session=${"a".repeat(9000)}`,
    ]) {
      assert.throws(() => parseLinkText(text, extensionId), ConfigurationError, text.slice(0, 80));
    }
  });
});

function parse(query: string): SessionLink {
  return parseSessionLink({ path: "/open", query, fragment: "" });
}
