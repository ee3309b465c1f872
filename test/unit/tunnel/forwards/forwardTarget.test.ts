import assert from "node:assert/strict";
import fc from "fast-check";
import type { SessionApp } from "../../../../src/api/index.js";
import { parsePorts, targetLabel, targetOf } from "../../../../src/tunnel/forwards/forwardTarget.js";

describe("ports as they are typed", () => {
  const table: readonly (readonly [text: string, local: number | undefined, remote: number])[] = [
    ["8888", undefined, 8888],
    ["1", undefined, 1],
    ["65535", undefined, 65_535],
    ["08888", undefined, 8888],
    ["  8888\t", undefined, 8888],
    ["9000:8888", 9000, 8888],
    [" 9000 : 8888 ", 9000, 8888],
    ["80:80", 80, 80],
  ];
  for (const [text, local, remote] of table) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parsePorts(text), { local, remote });
    });
  }

  const nonsense = [
    ...[
      "",
      " ",
      "0",
      "65536",
      "100000",
      "000080",
      "-1",
      "+80",
      "80.0",
      "8e3",
      "0x50",
      "80 90",
      "jupyter",
      "٨٠",
    ],
    ...[":", ":80", "80:", "0:80", "80:0", "65536:80", "80:65536", "80::80", "1:2:3", "localhost:80"],
  ];
  for (const text of nonsense) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parsePorts(text), undefined);
    });
  }

  it("reads every pair of ports, and nothing that is no port", () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    fc.assert(
      fc.property(port, port, (local, remote) => {
        assert.deepEqual(parsePorts(`${local}:${remote}`), { local, remote });
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { remote = 1, local = 1 } = parsePorts(text) ?? {};
        assert.ok([remote, local].every((value) => value >= 1 && value <= 65_535));
      }),
    );
  });
});

describe("the target of a port", () => {
  const apps: readonly SessionApp[] = [
    { name: "sshd", protocol: "tcp", ports: [2200] },
    { name: "jupyter", protocol: "http", ports: [8080, 8081] },
    { name: "9000", protocol: "preopen", ports: [9000] },
  ];
  const table: readonly (readonly [port: number, app: string | undefined, isHttp: boolean, label: string])[] =
    [
      [2200, "sshd", false, "sshd"],
      [8080, "jupyter", true, "jupyter"],
      [8081, "jupyter", true, "jupyter"],
      [9000, "9000", true, "port 9000"],
      [8000, undefined, true, "port 8000"],
    ];
  for (const [port, app, isHttp, label] of table) {
    it(`is ${label} for ${port}`, () => {
      const target = targetOf(apps, port);
      assert.deepEqual(target, { port, app, isHttp });
      assert.equal(targetLabel(target), label);
    });
  }
});
