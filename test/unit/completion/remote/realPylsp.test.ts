import assert from "node:assert/strict";
import type { CompletionItem, CompletionList, Location } from "vscode-languageserver-protocol";
import { pathOfFileUri } from "../../../../src/completion/remote/uris/fileUri.js";
import { installServer } from "../../../../src/completion/remote/servers/installServer.js";
import { servedLanguageOf } from "../../../../src/completion/remote/servers/languageServers.js";
import {
  LanguageServerInstallError,
  NoLanguageServerError,
} from "../../../../src/completion/remote/servers/serverErrors.js";
import { type LocalServer, startLocalServer } from "../../../support/localServer.js";
import { until } from "../../../support/until.js";
import { SessionPrograms } from "../../terminal/support/sessionProgram.js";
import { freshSession, running, type ServersBench, serversBench } from "./support.js";

/** pip, a package index, and the first start of a server that reads hundreds of files. */
const slowMs = 180_000;

const python = servedLanguageOf("python");
assert.ok(python);

describe("python-lsp-server in a session", () => {
  let local: LocalServer;
  let bench: ServersBench;

  before(async () => {
    local = await startLocalServer();
    bench = await serversBench(local.client);
  });

  after(async () => {
    await bench.stop();
    await local.stop();
  });

  it("is installed where it is missing, and knows a package that only the session has", async function () {
    const mine = await freshSession(local.client, bench.store);
    await bench.servers.start(python, mine);
    const missing = await until("an end", () => {
      const state = bench.servers.status(python)?.state;
      return state?.phase === "stopped" || state?.phase === "running" ? state : undefined;
    });
    if (missing.phase !== "stopped") {
      console.log("    skipped: this computer's own Python has a language server already");
      this.skip();
    }
    assert.ok(missing.error instanceof NoLanguageServerError);
    const installation = missing.error.installations.find(({ by }) => by === "pip");
    if (installation === undefined) {
      console.log("    skipped: this computer's Python has no pip");
      this.skip();
    }
    const ssh = bench.tunnels.ssh(mine.client, mine.session.id);
    const lines: string[] = [];
    const { signal } = new AbortController();
    try {
      await installServer({ ssh, installation, signal, onLine: (line) => lines.push(line) });
    } catch (error) {
      assert.ok(error instanceof LanguageServerInstallError, String(error));
      console.log(`    skipped: ${error.message}`);
      this.skip();
    }
    assert.match(lines.join("\n"), /Successfully installed .*python-lsp-server/);

    const programs = new SessionPrograms(mine.client, mine.session.id);
    const site = await programs.run(
      'd=$(python3 -m site --user-site) && mkdir -p "$d/only_here" && echo "def say(words): ..." > "$d/only_here/__init__.py" && cd "$d" && pwd -P',
    );
    programs.dispose();
    await bench.servers.start(python, mine);
    await running(bench, python);
    const uri = `file://${mine.home}/a.py`;
    const textDocument = { uri, languageId: "python", version: 1, text: "import only_here\nonly_here.sa" };
    const talk = bench.talk();
    await talk.sendNotification("textDocument/didOpen", { textDocument });
    const answer = await talk.sendRequest<CompletionList | CompletionItem[]>("textDocument/completion", {
      textDocument: { uri },
      position: { line: 1, character: 12 },
    });
    const items = Array.isArray(answer) ? answer : answer.items;
    assert.deepEqual(
      items.map(({ label }) => label),
      ["say(words)"],
    );
    const [definition] = await talk.sendRequest<Location[]>("textDocument/definition", {
      textDocument: { uri },
      position: { line: 0, character: 9 },
    });
    assert.equal(pathOfFileUri(definition?.uri ?? ""), `${site.trim()}/only_here/__init__.py`);
    await bench.servers.stop(python);
  }).timeout(slowMs);
});
