import assert from "node:assert/strict";
import type { BackendAIClient } from "../../../src/api/index.js";
import { FaultProxy } from "../../faults/proxy/faultProxy.js";
import { until } from "../../support/until.js";
import { type OpenRun, runsOf, type TestRun } from "./support/openRun.js";
import { withRunPlace } from "./support/runPlace.js";

/** A moment at which the network breaks. */
interface Kill {
  readonly when: string;
  readonly test: TestRun;
  /** Resolves when the moment has come, and with that the network was cut. */
  readonly cut: (proxy: FaultProxy, open: OpenRun) => Promise<void> | void;
}

const afterWords =
  (words: string, act: (open: OpenRun) => void = () => undefined) =>
  async (proxy: FaultProxy, open: OpenRun): Promise<void> => {
    await until(`“${words}”`, () => open.shown().includes(words));
    act(open);
    proxy.cut();
  };

const sleeping = "import time\nprint('up')\ntime.sleep(60)\n";
const asking = "print('<' + input('name? ') + '>')\nimport time\ntime.sleep(60)\n";
const flood = "for n in range(3_000_000): print('line', n)\n";

const kills: readonly Kill[] = [
  { when: "files are sent", test: { code: "print('sent again')\n" }, cut: (proxy) => proxy.cut() },
  { when: "the run is asked for", test: { code: sleeping }, cut: (proxy) => proxy.cutNext() },
  { when: "the program has said its first word", test: { code: sleeping }, cut: afterWords("\r\nup") },
  { when: "output floods", test: { code: flood }, cut: afterWords("line 20000\r\n") },
  { when: "the program asks", test: { code: asking }, cut: afterWords("name? ") },
  {
    when: "it is answered",
    test: { code: asking },
    cut: afterWords("name? ", ({ run }) => run.input("x\r")),
  },
  {
    when: "it is built",
    test: {
      code: "echo ran\n",
      file: "a.sh",
      languageId: "shellscript",
      options: { build: "echo building; sleep 60" },
    },
    cut: afterWords("building\r\n"),
  },
  { when: "it is stopped", test: { code: sleeping }, cut: afterWords("\r\nup", ({ run }) => run.stop()) },
  {
    when: "it ends",
    test: { code: "print('up')\nprint('last')\n" },
    cut: afterWords("\r\nlast"),
  },
  {
    when: "it minds no interrupt",
    test: {
      code: "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('up')\ntime.sleep(4)\n",
    },
    cut: afterWords("\r\nup", ({ run }) => run.stop()),
  },
];

describe("a run by the API when the network is cut", function () {
  this.timeout(90_000);
  const place = withRunPlace(`kills-${process.pid}`);
  let proxy: FaultProxy;
  let client: BackendAIClient;
  const start = runsOf("api", () => ({ ...place(), client }));

  before(async function () {
    if (place().server.isReal) {
      this.skip(); // a run that asks when it is lost keeps its session busy there, whatever one does
    }
    proxy = await FaultProxy.start();
    client = await place().server.connect({ proxy: proxy.url });
  });
  after(async () => {
    await proxy?.stop();
  });

  for (const { when, test, cut } of kills) {
    it(`while ${when}: tells of it, and the next run works`, async () => {
      await client.server.hello(); // there is a connection
      const open = start(test);
      await cut(proxy, open);
      const outcome = await open.end;
      const shown = open.shown();
      switch (outcome.kind) {
        case "failed":
          assert.match(outcome.summary, /^[A-Z][^{}]*connection[^{}]*\.$/, "a sentence that names it");
          assert.ok(shown.includes(`✘ ${outcome.summary}`), shown.slice(-300));
          break;
        case "stopped":
          assert.equal(when, "it is stopped", "nobody asked for it");
          break;
        default:
          assert.deepEqual(outcome, { kind: "finished", exitCode: 0 }, "nothing was lost");
      }
      await client.server.hello(); // the network is back
      const next = start({ code: "print('usable')\n", file: "next.py" });
      assert.deepEqual(await next.end, { kind: "finished", exitCode: 0 }, next.shown());
      assert.match(next.shown(), /\r\nusable\r\n/);
    });
  }
});
