import assert from "node:assert/strict";
import {
  type ListeningPort,
  listeningPorts,
  PortNews,
  worthTelling,
} from "../../../../src/tunnel/ports/listeningPorts.js";

const row = (address: string, state = "0A", inode = "1"): string =>
  `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 100 0 0 10 0`;

describe("the rows of /proc/net/tcp", () => {
  it("are read as a kernel wrote them", () => {
    const recorded = [
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
      "   0: 0100007F:22B8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4812345 1 0000000000000000 100 0 0 10 0",
      "   1: 00000000:0898 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4801122 1 0000000000000000 100 0 0 10 0",
      "   2: 0500A8C0:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4812399 1 0000000000000000 100 0 0 10 0",
      "   3: 0100007F:22B8 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4812400 1 0000000000000000 20 4 30 10 -1",
      "   4: 0100007F:D431 0100007F:22B8 06 00000000:00000000 03:000017A1 00000000     0        0 0 3 0000000000000000",
      "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
      "   0: 00000000000000000000000000000000:0898 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4801124 1 0000000000000000 100 0 0 10 0",
      "   1: 00000000000000000000000001000000:1435 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4812500 1 0000000000000000 100 0 0 10 0",
    ];
    assert.deepEqual(listeningPorts(recorded), [
      { port: 8888, inode: "4812345" },
      { port: 2200, inode: "4801124" },
      { port: 5173, inode: "4812500" },
    ]);
  });

  const addresses: readonly (readonly [name: string, address: string, isReachable: boolean])[] = [
    ["127.0.0.1", "0100007F", true],
    ["127.0.1.1", "0101007F", true],
    ["any", "00000000", true],
    ["192.168.0.5", "0500A8C0", false],
    ["any of IPv6", "00000000000000000000000000000000", true],
    ["::1", "00000000000000000000000001000000", true],
    ["::ffff:127.0.0.1", "0000000000000000FFFF00000100007F", true],
    ["::ffff:192.168.0.5", "0000000000000000FFFF00000500A8C0", false],
    ["fe80::1", "000080FE000000000000000001000000", false],
  ];
  for (const [name, address, isReachable] of addresses) {
    it(`${isReachable ? "have" : "have not, over loopback,"} a port on ${name}`, () => {
      const expected = isReachable ? [{ port: 8000, inode: "7" }] : [];
      assert.deepEqual(listeningPorts([row(`${address}:1F40`, "0A", "7")]), expected);
    });
  }

  it("are none where they are no rows, and connections are no listeners", () => {
    const nonsense = [
      "",
      " ",
      "::",
      "0: 0100007F 0 0A",
      row("0100007F:0000"),
      row("0100007F:zz"),
      "Welcome! :1F40",
    ];
    assert.deepEqual(
      listeningPorts([...nonsense, row("0100007F:1F40", "01"), row("0100007F:1F40", "06")]),
      [],
    );
  });
});

describe("PortNews", () => {
  const at = (...ports: readonly number[]): ListeningPort[] =>
    ports.map((port) => ({ port, inode: `${port}` }));
  type Look = readonly [afterMs: number, listening: readonly number[], news: readonly number[]];
  const table: readonly (readonly [string, readonly Look[]])[] = [
    ["has none at the first look", [[0, [80, 81], []]]],
    [
      "has a port that started to listen, once",
      [
        [0, [], []],
        [1, [80], [80]],
        [1, [80], []],
      ],
    ],
    [
      "has several at once, in their order",
      [
        [0, [9], []],
        [1, [9, 82, 81], [82, 81]],
      ],
    ],
    [
      "has none for a port that ended",
      [
        [0, [80], []],
        [1, [], []],
      ],
    ],
    [
      "takes a port that comes back for a restart",
      [
        [0, [80], []],
        [1, [], []],
        [29_000, [80], []],
        [1, [80], []],
      ],
    ],
    [
      "has it again when it was closed for longer",
      [
        [0, [80], []],
        [1, [], []],
        [31_000, [80], [80]],
      ],
    ],
    [
      "counts from the end of a port, however often it came back",
      [
        [0, [80], []],
        [1, [], []],
        [20_000, [80], []],
        [1, [], []],
        [20_000, [80], []],
        [1, [], []],
        [31_000, [80], [80]],
      ],
    ],
    [
      "counts from the last look at which it was there",
      [
        [0, [], []],
        [1, [80], [80]],
        [100_000, [80], []],
        [1, [], []],
        [5, [80], []],
      ],
    ],
    [
      "leaves out what is the session's own",
      [
        [0, [], []],
        [1, [2200, 80], [80]],
      ],
    ],
  ];
  for (const [name, looks] of table) {
    it(name, () => {
      const news = new PortNews((port) => port === 2200);
      let nowMs = 1000;
      for (const [afterMs, listening, expected] of looks) {
        nowMs += afterMs;
        assert.deepEqual(
          news.update(at(...listening), nowMs).map(({ port }) => port),
          expected,
        );
      }
    });
  }

  it("is worth telling unless it is more than a handful", () => {
    for (const count of [0, 1, 3]) {
      assert.equal(worthTelling(at(...Array.from({ length: count }, (_, n) => 80 + n))).length, count);
    }
    assert.deepEqual(worthTelling(at(1, 2, 3, 4)), []);
  });
});
