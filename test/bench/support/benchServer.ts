import { environmentTarget } from "../../../src/account/environment.js";
import { BackendAIClient } from "../../../src/api/index.js";
import { Signer } from "../../../src/wire/signing.js";
import { startEngine } from "../../../scripts/support/engineProcess.js";

/** The server that is measured. Who opens it ends it. */
export interface BenchServer {
  readonly client: BackendAIClient;
  /** An engine of this computer or a real server. */
  readonly words: string;
  /** The variables by which another process finds it. */
  readonly environment: NodeJS.ProcessEnv;
  /** Does something in a session that is gone afterwards. */
  withSession<T>(work: (id: string) => Promise<T>): Promise<T>;
  /** Signed headers of a call of another program; `path` with its query. */
  sign(call: {
    readonly method: string;
    readonly path: string;
    readonly contentType?: string;
  }): Record<string, string>;
  /** Address and signed headers of a websocket below `/stream`, as short as can be. */
  signed(tail: string): { readonly url: string; readonly headers: Record<string, string> };
  end(): Promise<void>;
}

/** The built engine in a process of its own, or with `BENCH_TARGET=environment` the server of the `BACKEND_*` variables. */
export async function openBenchServer(engineArguments: readonly string[] = []): Promise<BenchServer> {
  const engine =
    process.env["BENCH_TARGET"] === "environment" ? undefined : await startEngine(engineArguments);
  const found = engine?.env ?? process.env;
  const target = environmentTarget(found);
  if (target.kind !== "environment" || target.credentials.type !== "keypair") {
    throw new Error("The environment names no server of type api with a keypair.");
  }
  const { credentials } = target;
  const client = await BackendAIClient.connect({ endpoint: target.endpoints, credentials });
  const image =
    (engine ? undefined : process.env["CONFORMANCE_PYTHON_IMAGE"]) ?? (await pythonImageOf(client));
  const { prefix, apiVersion, manager } = client.dialect;
  const sign: BenchServer["sign"] = (call) => {
    const date = new Date().toISOString();
    const parts = { ...call, date, host: new URL(client.endpoint).host, version: apiVersion };
    return {
      Authorization: new Signer(credentials.accessKey, credentials.secretKey).header(parts),
      "X-BackendAI-Version": apiVersion,
      "X-BackendAI-Date": date,
    };
  };
  return {
    client,
    environment: found,
    words: engine ? "the local engine" : `manager ${manager}`,
    withSession: async (work) => {
      const { id } = await client.sessions.create({ image });
      try {
        return await work(id);
      } finally {
        await client.sessions.destroy(id);
      }
    },
    sign,
    signed: (tail) => {
      const path = `/stream${prefix}${tail}`;
      const url = (client.endpoint + path).replace(/^http/, "ws");
      return { url, headers: sign({ method: "GET", path }) };
    },
    end: async () => {
      await client.close();
      await engine?.stop();
    },
  };
}

async function pythonImageOf(client: BackendAIClient): Promise<string> {
  const found = (await client.images.list()).find(({ runtimeType }) => runtimeType === "python");
  if (found === undefined) {
    throw new Error("The server has no image for Python; name one in CONFORMANCE_PYTHON_IMAGE.");
  }
  return found.reference;
}
