import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { LocalEngine, LocalEngineError } from "../../../src/account/localEngine.js";
import { silentLogger } from "../../../src/base/logger.js";
import { temporaryFolders } from "../../support/temporaryFolder.js";

/** What an engine does that starts, and ends when nobody holds its standard input any more. */
const sound = `
  console.error("keys are " + (process.env.BACKENDAI_ENGINE_ACCESS_KEY && process.env.BACKENDAI_ENGINE_SECRET_KEY ? "set" : "missing"));
  console.log("export BACKEND_ENDPOINT=http://127.0.0.1:1234");
  process.stdin.on("data", () => undefined).on("end", () => process.exit(0));
`;

describe("LocalEngine", () => {
  const makeFolder = temporaryFolders();

  async function start(program: string, signal?: AbortSignal): ReturnType<typeof LocalEngine.start> {
    const file = path.join(await makeFolder(), "engine.cjs");
    await writeFile(file, program);
    return LocalEngine.start({ program: file, nodePty: undefined, logger: silentLogger }, signal);
  }

  it("starts, tells its endpoint, has keys of its own, and stops without a complaint", async () => {
    const { engine, endpoint } = await start(sound);
    assert.equal(endpoint, "http://127.0.0.1:1234");
    assert.match(engine.accessKey, /^AKIA[0-9A-F]{16}$/);
    assert.equal(engine.secretKey.length, 40);
    engine.onDidExit(() => assert.fail("it was told to stop"));
    await engine.stop();
  });

  it("gives the engine no keys of servers elsewhere", async () => {
    process.env["BACKEND_SECRET_KEY"] = process.env["SORNA_SECRET_KEY"] = "of-a-cluster";
    try {
      const telling = `console.error(Object.keys(process.env).filter((name) => /BACKEND|SORNA|^PATH$/.test(name)).join()); process.exit(1)`;
      const names = /BACKEND_SECRET_KEY|SORNA_SECRET_KEY/;
      await assert.rejects(
        start(telling),
        (error) =>
          error instanceof LocalEngineError && !names.test(error.message) && /PATH/.test(error.message),
      );
    } finally {
      delete process.env["BACKEND_SECRET_KEY"];
      delete process.env["SORNA_SECRET_KEY"];
    }
  });

  it("says why it did not start, in the program's own words", async () => {
    await assert.rejects(
      start('console.error("no room left on this computer"); process.exit(1)'),
      (error) => error instanceof LocalEngineError && /did not start.*no room left/.test(error.message),
    );
  });

  it("says so when the program is missing", async () => {
    const options = {
      program: path.join(await makeFolder(), "missing.cjs"),
      nodePty: undefined,
      logger: silentLogger,
    };
    await assert.rejects(LocalEngine.start(options), /did not start.*/);
  });

  it("ends the program when the start is given up", async () => {
    const controller = new AbortController();
    const starting = start("process.stdin.on('data', () => undefined)", controller.signal);
    controller.abort();
    await assert.rejects(starting, { name: "AbortError" });
  });

  it("tells when the program ends by itself", async () => {
    const { engine } = await start(
      `${sound}\nsetTimeout(() => { console.error("out of memory"); process.exit(9); }, 50);`,
    );
    const error = await new Promise<LocalEngineError>((resolve) => engine.onDidExit(resolve));
    assert.match(error.message, /stopped unexpectedly.*out of memory/);
  });
});
