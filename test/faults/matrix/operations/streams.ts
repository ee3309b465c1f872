import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { silentLogger } from "../../../../src/base/logger.js";
import { wordsFor } from "../../../../src/platform/describeError.js";
import { RungMemory } from "../../../../src/terminal/rungMemory.js";
import type { Rung } from "../../../../src/terminal/links/terminalLink.js";
import { SessionTerminal } from "../../../../src/terminal/sessionTerminal.js";
import { OpenForward } from "../../../../src/tunnel/forwards/openForward.js";
import { until } from "../../../support/until.js";
import { HeadlessScreen } from "../../../unit/terminal/support/headlessScreen.js";
import { dial, readAll, tcpServer } from "../../../unit/tunnel/support/ports.js";
import type { Operation } from "../operation.js";

function terminal(rung: Rung): Operation {
  return {
    name: rung === "pty" ? "use a terminal" : `use a terminal by ${rung}`,
    words:
      rung === "pty"
        ? "A terminal of the server's own: keys and output"
        : `A terminal by ${rung}: keys and output`,
    at: ({ target }) => target.includes(rung === "pty" ? "/pty" : "/tcpproxy"),
    carries: rung === "pty" ? "messages" : "tunnel",
    flowBytes: rung === "pty" ? 400 : 12_000,
    hasSession: true,
    isTyped: true,
    count: async (cell) => ((await cell.fileOf("typed.txt"))?.toString() ?? "").split("\n").length - 1,
    act: async (cell) => {
      const screen = new HeadlessScreen();
      const ssh = cell.tunnels.ssh(cell.client, cell.session.id);
      const told: string[] = [];
      const it = cell.owned.add(
        new SessionTerminal({
          session: cell.session,
          shell: { name: "faults" },
          wantsOwnShell: false,
          screen,
          server: () => Promise.resolve({ client: cell.client, ssh }),
          memory: new RungMemory(),
          preference: () => rung,
          keepAliveMs: () => 0,
          describe: wordsFor,
          logger: silentLogger,
          onDidStop: (error) => told.push(wordsFor(error)),
        }),
      );
      screen.input = (data) => it.input(data);
      it.open({ rows: 24, cols: 80 });
      const isOver = (): boolean => it.state.phase === "closed";
      const isWaiting = (): boolean => it.state.phase === "waiting" && it.state.attempt >= 2;
      await until("a prompt, or the end", () => isOver() || isWaiting() || /[$#] ?$/m.test(screen.text));
      if (isWaiting()) {
        cell.isWaiting = true;
        assert.match(screen.raw, /Trying again in|Connecting again/);
        return;
      }
      cell.hasTyped = true;
      it.input("printf 'tipp\\n' >> typed.txt; printf 'gr\\303\\274\\303\\237e %s\\n' 한글\r");
      await until(
        "what was typed, or the end, or a word of its loss",
        () => isOver() || /^grüße 한글/m.test(screen.text) || screen.raw.includes("may not have arrived"),
      );
      cell.shown = screen.raw;
      if (screen.raw.includes("may not have arrived")) {
        cell.tell("What you typed last may not have arrived.");
      }
      for (const sentence of told) {
        cell.tell(sentence);
      }
      assert.ok(!isOver() || told.length > 0, "an end is told");
    },
    verify: () => Promise.resolve(),
  };
}

const forward: Operation = {
  name: "use a forwarded port",
  words: "A connection to a port of the session, through ssh",
  at: ({ target }) => target.includes("/tcpproxy"),
  carries: "tunnel",
  flowBytes: 60_000,
  hasSession: true,
  prepare: async (cell) => {
    cell.content = randomBytes(cell.options.largeBytes);
    const server = await tcpServer((socket) => socket.end(cell.content));
    cell.owned.defer(() => void server.close());
    cell.port = server.port;
  },
  act: async (cell) => {
    const { client, session, tunnels } = cell;
    const open = await OpenForward.open({
      place: { client, session, target: { port: cell.port, isHttp: false } },
      tunnels,
      logger: silentLogger,
      onFailure: (error) => cell.tell(wordsFor(error)),
      onConnections: () => undefined,
    });
    cell.owned.add(open);
    const socket = await dial(open.localPort);
    cell.owned.defer(() => socket.destroy());
    socket.end();
    const closed = once(socket, "close");
    cell.received = await readAll(socket).catch(() => Buffer.alloc(0));
    socket.destroy();
    await closed;
    cell.isMissed = cell.told.length === 0 && !cell.received.equals(cell.content);
  },
  verify: (cell, { isDone }) => {
    const part = cell.content.subarray(0, cell.received.length);
    assert.ok(cell.received.equals(part), "what came is the beginning of it");
    assert.ok(!isDone || cell.isMissed || cell.received.length === cell.content.length);
    return Promise.resolve();
  },
};

export const streamOperations: readonly Operation[] = [
  terminal("pty"),
  terminal("ssh"),
  terminal("ttyd"),
  forward,
];
