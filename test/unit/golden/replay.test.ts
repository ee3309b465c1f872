import assert from "node:assert/strict";
import {
  ApiError,
  BackendAIClient,
  BackendAIError,
  RunFailedError,
  StreamClosedError,
  UnsupportedError,
} from "../../../src/api/index.js";
import { callFor } from "./callFor.js";
import { type Exchange, recordingsOf } from "./recordings.js";
import { ReplayServer } from "./replayServer.js";

const servers = [
  { release: "23.09", version: "v7.20230615", manager: "23.09.10", least: 330 },
  { release: "24.09", version: "v8.20240915", manager: "24.09.6", least: 560 },
  { release: "26.8", version: "v9.20250722", manager: "26.8.1", least: 220 },
] as const;

for (const { release, least, ...hello } of servers) {
  describe(`recorded answers of ${hello.manager}`, () => {
    let server: ReplayServer;
    let client: BackendAIClient;
    before(async () => {
      server = await ReplayServer.start(hello);
      client = await connect(server.url);
    });
    after(async () => {
      await client.close();
      server.stop();
    });

    it("are all understood", async () => {
      let played = 0;
      const wrong: string[] = [];
      for (const exchange of recordingsOf(release).filter(isPlayable)) {
        const call = callFor(exchange, client);
        if (call) {
          server.current = exchange;
          const failure = await failureOf(call);
          if (!isFitting(exchange, failure)) {
            wrong.push(`${exchange.title}: ${exchange.status} became ${String(failure)}`);
          }
          played += 1;
        }
      }
      assert.deepEqual(wrong, []);
      assert.ok(played >= least, `${played} answers were played`);
    });
  });
}

async function connect(endpoint: string): Promise<BackendAIClient> {
  return BackendAIClient.connect({
    endpoint,
    credentials: { type: "keypair", accessKey: "AKIANABBDUSEREXAMPLE", secretKey: "secret" },
    timeouts: { runGraceMs: 200 },
  });
}

/** Not for a web server, and with a body where there was one. */
function isPlayable({ path, method, status, body, responseHeaders, stream }: Exchange): boolean {
  const length = responseHeaders.find(([name]) => name.toLowerCase() === "content-length")?.[1];
  const isLeftOut = body === undefined && stream === undefined && Number(length ?? 0) > 0 && status < 300;
  return !isLeftOut && method !== "HEAD" && !/^\/(?:func|server)/.test(path);
}

async function failureOf(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A success must be read, a refusal become an error that carries its status. */
function isFitting({ status, path, stream }: Exchange, failure: unknown): boolean {
  if (failure === undefined) {
    return status < 300 || /\/complete$/.test(path); // completion swallows failures
  }
  const isOfServer = (error: unknown): boolean =>
    error instanceof ApiError || error instanceof RunFailedError;
  const refusal = failure instanceof BackendAIError && isOfServer(failure.cause) ? failure.cause : failure;
  if (refusal instanceof ApiError) {
    const isWrapped = /\/files|\/admin\/|background-task/.test(path); // refusals in a 200
    return refusal.status === status && (status >= 300 || isWrapped);
  }
  const isCut = refusal instanceof StreamClosedError && (stream !== undefined || /\/execute/.test(path));
  const isGivenUp = refusal instanceof RunFailedError && /\/execute/.test(path);
  return isCut || isGivenUp || failure instanceof UnsupportedError;
}
