import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import type { BackendAIClient } from "../../../src/api/index.js";
import type { Carrier } from "../../../src/run/carriers/carrierChoice.js";
import type { SessionSsh } from "../../../src/tunnel/sessionSsh.js";
import { FaultProxy } from "../../faults/proxy/faultProxy.js";
import { freshSsh } from "../tunnel/support/freshSsh.js";
import { runsOf } from "./support/openRun.js";
import { withRunPlace } from "./support/runPlace.js";
import { type Scenario, scenarios } from "./support/scenarios.js";
import { compareTranscript, TranscriptRecorder, transcriptsRoot } from "./support/transcript.js";

describe("the terminal of a run shows", function () {
  this.timeout(60_000);
  const place = withRunPlace(`transcripts-${process.pid}`);
  let proxy: FaultProxy;
  let client: BackendAIClient;
  let ssh: SessionSsh;
  before(async () => {
    proxy = await FaultProxy.start();
    client = await place().server.connect({ proxy: proxy.url });
    ssh = freshSsh(client, place().session.id);
  });
  after(async () => {
    ssh?.dispose();
    await proxy?.stop();
  });

  const starts = {
    api: runsOf("api", () => ({ ...place(), client, ssh })),
    ssh: runsOf("ssh", () => ({ ...place(), client, ssh })),
  };

  const record = async (
    { before: prepare, test, cols, act }: Scenario,
    carrier: Carrier,
  ): Promise<string> => {
    const start = starts[carrier];
    const first = await prepare?.(start);
    const recorder = new TranscriptRecorder(cols);
    const run = start({ ...test, print: (text) => recorder.print(text) });
    const go = async (): Promise<void> => {
      await place().client.files.upload(place().session.id, [{ path: "go", content: new Uint8Array(1) }]);
    };
    await act?.({ run, start, cut: () => proxy.cut(), go });
    await Promise.all([run.end, first?.end]);
    return recorder.end();
  };

  for (const scenario of scenarios) {
    it(`as written down: ${scenario.name}`, async () => {
      const transcripts = new Map<string, string>();
      for (const carrier of scenario.carriers ?? (["api", "ssh"] as const)) {
        transcripts.set(carrier, await record(scenario, carrier));
      }
      const [one = "", other] = [...transcripts.values()];
      const text =
        one === other
          ? `=== by api and by ssh ===\n${one}`
          : [...transcripts].map(([carrier, its]) => `=== by ${carrier} ===\n${its}`).join("\n");
      await compareTranscript(scenario.name, text);
    });
  }

  it("nothing else that is written down", async () => {
    const names = scenarios.map(({ name }) => `${name}.txt`);
    assert.deepEqual((await readdir(transcriptsRoot)).sort(), names.sort());
  });
});
