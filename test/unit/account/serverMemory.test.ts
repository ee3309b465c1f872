import assert from "node:assert/strict";
import { ServerMemory } from "../../../src/account/serverMemory.js";
import { silentLogger } from "../../../src/base/logger.js";

/** Values in memory, as VS Code keeps them on disk. */
function memento(initial?: unknown): {
  get(key: string): unknown;
  update(key: string, value: unknown): Promise<void>;
} {
  const values = new Map<string, unknown>();
  return {
    get: (key) => values.get(key) ?? initial,
    update: async (key, value) => {
      values.set(key, structuredClone(value));
      return Promise.resolve();
    },
  };
}

const evidence = { manager: "24.09.14", findings: { executeFails: "seen" } } as const;

describe("ServerMemory", () => {
  it("recalls what was kept of a server, and nothing of others", () => {
    const memory = new ServerMemory(memento(), silentLogger);
    memory.keep("http://a", evidence);
    memory.keep("http://b", { manager: "26.8.1", findings: {} });
    assert.deepEqual(memory.recall("http://a"), evidence);
    assert.equal(memory.recall("http://c"), undefined);
  });

  it("keeps the newest word on a server", () => {
    const memory = new ServerMemory(memento(), silentLogger);
    memory.keep("http://a", evidence);
    memory.keep("http://a", { manager: "24.09.15", findings: {} });
    assert.equal(memory.recall("http://a")?.manager, "24.09.15");
  });

  it("forgets the server learned about longest ago when there are too many", () => {
    const memory = new ServerMemory(memento(), silentLogger);
    for (let index = 0; index <= 50; index += 1) {
      memory.keep(`http://${String(index)}`, evidence);
    }
    assert.equal(memory.recall("http://0"), undefined);
    assert.deepEqual(memory.recall("http://1"), evidence);
  });

  for (const odd of [
    "text",
    5,
    [["http://a"]],
    [["http://a", { manager: 1 }]],
    [["http://a", { manager: "x", findings: { y: "maybe" } }]],
  ]) {
    it(`takes no notice of what is none: ${JSON.stringify(odd)}`, () => {
      assert.equal(new ServerMemory(memento(odd), silentLogger).recall("http://a"), undefined);
    });
  }
});
