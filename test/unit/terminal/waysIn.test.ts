import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ConflictError,
  NotFoundError,
  ServerDefectError,
  ServerError,
  UnauthorizedError,
} from "../../../src/api/errors.js";
import {
  ConfigurationError,
  NetworkError,
  ProtocolError,
  StreamClosedError,
  TimeoutError,
} from "../../../src/base/errors.js";
import { silentLogger } from "../../../src/base/logger.js";
import { type LadderFacts, rungLabel, rungsFor } from "../../../src/terminal/ladder.js";
import { verdictOf } from "../../../src/terminal/linkFailure.js";
import { MuteTerminalError } from "../../../src/terminal/links/ptyLink.js";
import type { Rung } from "../../../src/terminal/links/terminalLink.js";
import { RungMemory } from "../../../src/terminal/rungMemory.js";
import { type SavedTerminal, SavedTerminals } from "../../../src/terminal/savedTerminals.js";
import { parseShells } from "../../../src/terminal/sessionShells.js";
import { HostKeyChangedError } from "../../../src/tunnel/hostKeys.js";
import { NoSessionKeyError } from "../../../src/tunnel/sessionKey.js";
import { SshUnavailableError } from "../../../src/tunnel/sshConnection.js";

describe("the ways into a terminal", () => {
  const nothing: LadderFacts = {
    preference: "auto",
    mute: undefined,
    isPtyTaken: false,
    wantsOwnShell: false,
    refused: new Set(),
    last: undefined,
  };
  const table: readonly (readonly [string, Partial<LadderFacts>, string])[] = [
    ["nothing is known", {}, "pty ssh ttyd"],
    ["the server's terminal works", { mute: "absent" }, "pty ssh ttyd"],
    ["it is expected to be mute", { mute: "expected" }, "ssh ttyd"],
    ["it is mute", { mute: "seen" }, "ssh ttyd"],
    ["another terminal shows it", { isPtyTaken: true }, "ssh ttyd pty"],
    ["a shell of its own is wanted", { wantsOwnShell: true }, "ssh ttyd pty"],
    ["a shell of its own is wanted where it is mute", { wantsOwnShell: true, mute: "seen" }, "ssh ttyd"],
    ["ssh is refused", { refused: new Set<Rung>(["ssh"]) }, "pty ttyd"],
    ["all are refused", { refused: new Set<Rung>(["pty", "ssh", "ttyd"]) }, "pty ssh ttyd"],
    [
      "all but the mute one are refused",
      { refused: new Set<Rung>(["ssh", "ttyd"]), mute: "seen" },
      "pty ssh ttyd",
    ],
    ["it was open by ttyd", { last: "ttyd" }, "ttyd pty ssh"],
    ["it was open by pty, which others have taken since", { last: "pty", isPtyTaken: true }, "pty ssh ttyd"],
    [
      "it was open by a way that is refused by now",
      { last: "ssh", refused: new Set<Rung>(["ssh"]) },
      "pty ttyd",
    ],
    [
      "a person wants pty, mute and refused as it may be",
      { preference: "pty", mute: "seen", refused: new Set<Rung>(["pty"]) },
      "pty",
    ],
    ["a person wants ttyd", { preference: "ttyd", last: "ssh", wantsOwnShell: true }, "ttyd"],
  ];
  for (const [name, facts, expected] of table) {
    it(`are ${expected} when ${name}`, () => {
      assert.equal(rungsFor({ ...nothing, ...facts }).join(" "), expected);
    });
  }

  it("are never none, and none comes twice", () => {
    const rungs: readonly Rung[] = ["pty", "ssh", "ttyd"];
    const facts = fc.record({
      preference: fc.constantFrom("auto" as const, ...rungs),
      mute: fc.constantFrom(undefined, "expected" as const, "seen" as const, "absent" as const),
      isPtyTaken: fc.boolean(),
      wantsOwnShell: fc.boolean(),
      refused: fc.subarray([...rungs]).map((some) => new Set(some)),
      last: fc.constantFrom(undefined, ...rungs),
    });
    fc.assert(
      fc.property(facts, (given) => {
        const ways = rungsFor(given);
        assert.ok(ways.length > 0);
        assert.equal(new Set(ways).size, ways.length);
      }),
    );
  });

  it("have names for people", () => {
    assert.deepEqual((["pty", "ssh", "ttyd"] as const).map(rungLabel), [
      "the server's own terminal",
      "ssh",
      "the terminal app",
    ]);
  });
});

describe("what a failed way in means", () => {
  const refusal = { method: "GET", path: "/stream/session/x/pty" };
  const table = [
    ["stop", "another host key", new HostKeyChangedError("x", "SHA256:a", "SHA256:b")],
    ["stop", "credentials that are refused", new UnauthorizedError({ ...refusal, status: 401 })],
    ["refused", "a mute terminal", new MuteTerminalError()],
    ["refused", "no key", new NoSessionKeyError()],
    ["refused", "no sshd", new SshUnavailableError("No sshd answers.")],
    ["refused", "a known defect", new ServerDefectError("failedAppBlocks")],
    ["refused", "404", new NotFoundError({ ...refusal, status: 404 })],
    ["unreachable", "a refused connection", new NetworkError("no", "ECONNREFUSED")],
    ["failed", "a broken connection", new NetworkError("no", undefined)],
    ["failed", "500", new ServerError({ ...refusal, status: 500 })],
    ["failed", "409", new ConflictError({ ...refusal, status: 409 })],
    ["failed", "a deadline", new TimeoutError("handshake", 1, "x")],
    ["failed", "nonsense", new ProtocolError("pty", "x", "y")],
    ["failed", "a close code", new StreamClosedError(1011, "x")],
    ["failed", "a wrong setting", new ConfigurationError("x", "y")],
    ["failed", "no error at all", "words"],
  ] as const;
  for (const [verdict, name, error] of table) {
    it(`is ${verdict} for ${name}`, () => {
      assert.equal(verdictOf(error), verdict);
    });
  }
});

describe("what a window remembers of the ways in", () => {
  it("is which ways a session has refused, until one works again", () => {
    const memory = new RungMemory();
    memory.refuse("a", "pty");
    memory.refuse("a", "ssh");
    memory.allow("a", "pty");
    memory.allow("b", "pty");
    assert.deepEqual([...memory.refused("a")], ["ssh"]);
    assert.deepEqual([...memory.refused("b")], []);
  });

  it("is which terminal shows the session's own, until it leaves", () => {
    const memory = new RungMemory();
    const [one, other] = [{}, {}];
    const lease = memory.takePty("a", one);
    const joined = memory.takePty("a", other);
    assert.deepEqual(
      [memory.isPtyTaken("a", one), memory.isPtyTaken("a", other), memory.isPtyTaken("b", other)],
      [false, true, false],
    );
    joined.dispose();
    assert.ok(memory.isPtyTaken("a", other), "who joined does not give it back");
    lease.dispose();
    lease.dispose();
    assert.ok(!memory.isPtyTaken("a", other));
  });
});

describe("terminals that are remembered", () => {
  const terminal = (shellName: string): SavedTerminal => ({
    endpoint: "https://api",
    sessionId: "id",
    sessionName: "name",
    shellName,
  });

  function saved(value?: unknown): { readonly saved: SavedTerminals; readonly written: () => unknown } {
    let stored = value;
    const store = {
      get: () => stored,
      update: (_: string, next: unknown) => Promise.resolve(void (stored = next)),
    };
    return { saved: new SavedTerminals(store, silentLogger), written: () => stored };
  }

  it("are kept once each, the last one last, up to a bound, and forgotten", () => {
    const { saved: list } = saved();
    ["a", "b", "a"].forEach((name) => list.keep(terminal(name)));
    assert.deepEqual(list.all(), [terminal("b"), terminal("a")]);
    list.forget("b");
    list.forget("unknown");
    assert.deepEqual(list.all(), [terminal("a")]);
    Array.from({ length: 60 }, (_, n) => list.keep(terminal(String(n))));
    assert.deepEqual([list.all().length, list.all()[0]?.shellName], [50, "10"]);
  });

  it("are those that make sense, whatever else is stored", () => {
    for (const garbage of [undefined, null, 7, "text", {}, { length: 2 }]) {
      assert.deepEqual(saved(garbage).saved.all(), []);
    }
    const { shellName, ...partial } = terminal("a");
    const mixed = [
      null,
      7,
      [],
      {},
      partial,
      { ...partial, shellName: 7 },
      { ...partial, shellName, more: 1 },
    ];
    assert.deepEqual(
      saved(mixed)
        .saved.all()
        .map((one) => one.shellName),
      ["a"],
    );
    fc.assert(fc.property(fc.anything(), (value) => Array.isArray(saved(value).saved.all())));
  });

  it("are lost with a warning when the store fails", async () => {
    const warnings: string[] = [];
    const store = { get: () => [], update: () => Promise.reject(new Error("disk full")) };
    const logger = { ...silentLogger, warn: (words: string) => void warnings.push(words) };
    new SavedTerminals(store, logger).keep(terminal("a"));
    await new Promise(setImmediate);
    assert.match(warnings.join(), /not remembered: disk full/);
  });
});

describe("the list of a session's shells", () => {
  it("has the one used last first, with titles as they are", () => {
    const text = ["old\t0\t100\tbash\twork", "new\t2\t200\tvim\ta\tb", ""].join("\n");
    assert.deepEqual(parseShells(text), [
      { name: "new", clients: 2, lastUsed: new Date(200_000), program: "vim", title: "a\tb" },
      { name: "old", clients: 0, lastUsed: new Date(100_000), program: "bash", title: "work" },
    ]);
  });

  it("leaves out what profiles print, and bears missing fields", () => {
    const text = "Welcome!\n\tyou\tare\there\nLoad:\t3\tof\t4\nno\t\t\t\nx\tmany\t5\n";
    assert.deepEqual(parseShells(text), [
      { name: "x", clients: 0, lastUsed: new Date(5000), program: "", title: "" },
    ]);
    assert.deepEqual(parseShells(""), []);
  });
});
