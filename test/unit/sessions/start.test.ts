import assert from "node:assert/strict";
import type { SessionImage } from "../../../src/api/index.js";
import { readSessionFile, writeSessionFile } from "../../../src/sessions/start/sessionFile.js";
import {
  amountOf,
  parseSlots,
  problemOfSlots,
  slotsInWords,
  slotsText,
} from "../../../src/sessions/start/slots.js";
import { StartMemory } from "../../../src/sessions/start/startMemory.js";
import { createOptionsOf, type StartRequest } from "../../../src/sessions/start/startRequest.js";
import { readFileSync } from "node:fs";
import { type LocalServer, startLocalServer } from "../../support/localServer.js";
import { memoryStore } from "../tunnel/support/memoryStore.js";

const limits: Pick<SessionImage, "resourceLimits"> = {
  resourceLimits: [
    { key: "cpu", min: "1" },
    { key: "mem", min: "1g" },
    { key: "cuda.device", min: "0", max: "2" },
  ],
};

describe("slots", () => {
  it("are amounts as servers and people write them", () => {
    assert.deepEqual(
      ["4g", "512M", "1.5", 2, "2GiB", "Infinity", "NaN", "x", null].map((value) => amountOf(value)),
      [4 * 2 ** 30, 512 * 2 ** 20, 1.5, 2, 2 * 2 ** 30, Infinity, undefined, undefined, undefined],
    );
  });

  it("are told in words", () => {
    const slots = { cpu: "2", mem: "4294967296", "cuda.device": 1, "rocm.device": "0", "tpu.device": "3" };
    assert.equal(slotsInWords(slots), "2 cores · 4 GB memory · 1 GPU · 3 tpu.device");
    assert.equal(slotsInWords({ mem: 512 * 2 ** 20 }), "512 MB memory");
  });

  it("are typed as they are shown, and mistakes are named", () => {
    assert.deepEqual(parseSlots("cpu=2, mem=4g cuda.device=1"), {
      slots: { cpu: "2", mem: "4g", "cuda.device": "1" },
    });
    assert.equal(slotsText({ cpu: "2", mem: "4294967296", "cuda.device": "0" }), "cpu=2 mem=4g");
    assert.match(parseSlots("cpu 2").problem ?? "", /“cpu” is no slot/);
    assert.match(parseSlots("mem=lots").problem ?? "", /“lots” is no amount of mem/);
  });

  it("are checked against the image and against what is left", () => {
    const left = { cpu: "4", mem: "8589934592", "cuda.device": "0" };
    assert.equal(problemOfSlots({ cpu: 2, mem: "4g" }, limits, left), undefined);
    assert.equal(
      problemOfSlots({ cpu: 2, mem: "64m" }, limits, left),
      "This image needs at least 1 GB memory.",
    );
    assert.equal(problemOfSlots({ mem: "4g" }, limits, left), "This image needs at least 1 core.");
    const many = { cpu: 2, mem: "4g", "cuda.device": 3 };
    assert.equal(problemOfSlots(many, limits, left), "This image takes at most 2 GPUs.");
    assert.equal(problemOfSlots({ cpu: 9, mem: "4g" }, limits, left), "Only 4 cores are left for you.");
    assert.equal(
      problemOfSlots({ cpu: 2, mem: "4g", "cuda.device": 1 }, limits, left),
      "Nothing is left of cuda.device.",
    );
  });
});

describe("session files", () => {
  const request: StartRequest = {
    image: "python:3.11",
    type: "batch",
    command: "python train.py",
    timeLimit: "2h",
    resources: { cpu: 2, mem: "4g" },
    mounts: ["data"],
    environment: { SEED: "1" },
  };

  it("are read as they are written", () => {
    assert.deepEqual(readSessionFile(writeSessionFile({ ...request, name: "taken" })), request);
  });

  it("name every mistake", () => {
    const wrong = (content: unknown): string => {
      try {
        readSessionFile(typeof content === "string" ? content : JSON.stringify(content));
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    };
    assert.match(wrong("{"), /is no JSON/);
    assert.match(wrong({}), /image/);
    assert.match(wrong({ image: "x", imgae: "y" }), /imgae/);
    assert.match(
      wrong({ image: "x", name: "-", resources: { mem: "much" } }),
      /name: .*; resources: mem: it is no amount/,
    );
    assert.match(wrong({ image: "x", type: "batch" }), /needs a “command”/);
    assert.match(wrong({ image: "x", timeLimit: "soon" }), /timeLimit: it must be like/);
  });

  it("have a schema that knows the same words", () => {
    const schema = JSON.parse(readFileSync("media/schemas/session.schema.json", "utf8")) as {
      readonly properties: object;
    };
    for (const name of Object.keys(schema.properties)) {
      const message = (() => {
        try {
          readSessionFile(JSON.stringify({ image: 1, [name]: {} }));
          return "";
        } catch (error) {
          return (error as Error).message;
        }
      })();
      assert.doesNotMatch(message, /is not known/, name);
    }
  });
});

describe("StartMemory", () => {
  it("knows what was started last, by server, and no more than it may", async () => {
    const store = memoryStore();
    const memory = new StartMemory(store);
    for (let index = 0; index < 12; index++) {
      await memory.add("campus", { image: `image:${index % 3}`, tag: String(index) });
    }
    await memory.add("local", { image: "other" });
    assert.equal(memory.last("campus")?.request.tag, "11");
    assert.deepEqual(memory.recentImages("campus"), ["image:2", "image:1", "image:0"]);
    assert.equal(memory.last("elsewhere"), undefined);
    await store.update("backendai.startedSessions", { campus: ["nonsense", { image: "x" }] });
    assert.deepEqual(memory.recentImages("campus"), ["x"]);
  });

  it("writes no secret down, knows it as long as the window, and asks for it afterwards", async () => {
    const store = memoryStore();
    const memory = new StartMemory(store);
    const request = { image: "i", environment: { API_TOKEN: "hush-hush", MODE: "fast", OTHER_TOKEN: "" } };
    await memory.add("campus", request);
    assert.doesNotMatch(JSON.stringify(store.get("backendai.startedSessions")), /hush/);
    assert.deepEqual(memory.last("campus"), { request, withheld: [] });
    const kept = { image: "i", environment: { MODE: "fast", OTHER_TOKEN: "" } };
    assert.deepEqual(new StartMemory(store).last("campus"), { request: kept, withheld: ["API_TOKEN"] });
    await new StartMemory(store).add("campus", { image: "of another window" });
    assert.deepEqual(memory.last("campus"), { request: { image: "of another window" }, withheld: [] });
  });
});

describe("a start request", () => {
  let server: LocalServer;
  before(async () => {
    server = await startLocalServer({ stepMs: 1 });
  });
  after(async () => server.stop());

  it("is what the server starts", async () => {
    const image = (await server.client.images.list()).find(({ runtimeType }) => runtimeType === "python");
    const request: StartRequest = {
      image: image?.reference ?? "",
      environment: { GREETING: "hello" },
      tag: "lab",
      resources: { cpu: 1, mem: "512m" },
    };
    const created = await server.client.sessions.create({
      ...createOptionsOf(request, "asked-for"),
      enqueueOnly: false,
    });
    const summary = await server.client.sessions.summary(created.id);
    assert.deepEqual([summary.name, summary.tag, summary.status], ["asked-for", "lab", "RUNNING"]);
    await server.client.sessions.destroy(created.id);
  });
});
