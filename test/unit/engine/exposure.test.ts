import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import { webRoutes } from "../../../src/engine/auth/logins/webRoutes.js";
import { eraFor } from "../../../src/engine/era.js";
import { managerRoutes, socketRoutes } from "../../../src/engine/routes/allRoutes.js";
import type { EngineParts } from "../../../src/engine/routes/engineParts.js";
import { temporaryFolders } from "../../support/temporaryFolder.js";
import { engines } from "./support/engines.js";

/** The first line of the answer to a request as it stands. */
async function statusOf(port: number, lines: readonly string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(`${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "close");
  return Buffer.concat(chunks).toString("latin1").split("\r\n", 1)[0] ?? "";
}

/** The system's word for a connection that does not come about; `open` for one that does. */
async function dial(host: string, port: number): Promise<string> {
  const socket = connect({ host, port, timeout: 2000 });
  return new Promise((resolve) => {
    socket.once("connect", () => resolve("open"));
    socket.once("timeout", () => resolve("timeout"));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
  }).then((word) => {
    socket.destroy();
    return String(word);
  });
}

/** Every URL of an engine, as it registers them. What handlers need is not touched: nobody gets that far. */
function urls(
  release: string,
): { readonly method: string; readonly path: string; readonly isSocket: boolean }[] {
  const parts = { era: eraFor(release), defects: { isNone: true }, sessions: {} } as unknown as EngineParts;
  const plain = [...managerRoutes(parts), ...webRoutes(parts)].map(({ method, path: url }) => ({
    method,
    url,
    isSocket: false,
  }));
  const sockets = socketRoutes(parts).map(({ path: url }) => ({ method: "GET", url, isSocket: true }));
  const unknown = { method: "GET", url: "/nowhere", isSocket: false };
  return [
    ...plain,
    ...sockets,
    unknown,
    { ...unknown, url: "/func/session" },
    { ...unknown, isSocket: true },
  ].map(({ method, url, isSocket }) => ({
    method,
    isSocket,
    path: url.replaceAll(/:\w+(\([^)]*\))?/g, "x").replaceAll("*", "x"),
  }));
}

describe("what an engine shows of itself", () => {
  const start = engines();
  const makeFolder = temporaryFolders();

  it("is on the loopback address alone", async () => {
    const { engine } = await start();
    const port = Number(new URL(engine.endpoint).port);
    assert.equal(await dial("127.0.0.1", port), "open");
    const others = Object.values(os.networkInterfaces()).flatMap((list = []) =>
      list.filter(({ internal }) => !internal),
    );
    for (const host of ["127.0.0.2", "::1", ...others.map(({ address }) => address)]) {
      assert.notEqual(await dial(host, port), "open", host);
    }
    if (process.platform === "linux") {
      const hex = port.toString(16).toUpperCase().padStart(4, "0");
      const rows = ["tcp", "tcp6"].flatMap((table) =>
        readFileSync(`/proc/self/net/${table}`, "utf8").split("\n"),
      );
      const listening = rows
        .map((row) => row.trim().split(/\s+/))
        .filter((row) => row[3] === "0A" && row[1]?.endsWith(`:${hex}`));
      assert.deepEqual(
        listening.map((row) => row[1]),
        [`0100007F:${hex}`],
      );
    }
  });

  it("is for those who know keys that were made for this start", async () => {
    const [one, two] = await Promise.all([start(), start()]);
    for (const name of ["accessKey", "secretKey", "password"] as const) {
      assert.notEqual(one.engine[name], two.engine[name], name);
      assert.ok(one.engine[name].length >= 20, name);
    }
    const { accessKey, secretKey } = one.engine;
    const asOther = await two.client.send("POST", "/auth/test", {
      body: { echo: "x" },
      accessKey,
      secretKey,
    });
    assert.equal(asOther.status, 401);
  });

  for (const release of ["v4.20190615", "v6.20220615", "v9.20250722"]) {
    it(`refuses names and pages of others at every URL of ${release}`, async () => {
      const { engine } = await start("26.8", { apiVersion: release, manager: undefined });
      const port = Number(new URL(engine.endpoint).port);
      const own = `Host: 127.0.0.1:${port}`;
      const heads = [
        [`Host: rebound.example:${port}`],
        [`Host: 127.0.0.1.rebound.example:${port}`],
        [own, "Origin: http://rebound.example"],
        [own, "Origin: null"],
        [own, `Origin: http://127.0.0.1:${port + 1}`],
      ];
      const all = urls(release);
      assert.ok(all.length > 40 && all.some(({ isSocket }) => isSocket));
      for (const { method, path: url, isSocket } of all) {
        const upgrade = isSocket ? ["Upgrade: websocket", "Connection: Upgrade"] : [];
        for (const head of heads) {
          for (const verb of [method, "OPTIONS"]) {
            const status = await statusOf(port, [`${verb} ${url} HTTP/1.1`, ...head, ...upgrade]);
            assert.match(status, /^HTTP\/1\.1 403 /, `${verb} ${url} ${head.join(", ")}`);
          }
        }
      }
    });
  }

  it("is never a file outside of a session, however its name is written", async () => {
    const outside = path.join(await makeFolder(), "outside.txt");
    await writeFile(outside, "not for sessions");
    const data = await makeFolder();
    const { client } = await start("26.8", { dataDir: data });
    const id = await client.create("exposed-1");
    await client.execute(
      id,
      `import os; os.symlink(${JSON.stringify(outside)}, "link.txt"); os.symlink("/", "root")`,
    );
    await symlink("/etc", path.join(data, "etc"));
    const up = "../".repeat(12);
    for (const name of [
      ...[
        "link.txt",
        `root${outside}`,
        outside,
        `${up}${outside.slice(1)}`,
        `/home/work/${up}${outside.slice(1)}`,
      ],
      ...[`./${up}etc/passwd`, "/etc/passwd", "..", "/home/work/..", "x\0/etc/passwd", "..\\..\\etc\\passwd"],
      ...[
        "%2e%2e/%2e%2e/etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "file:///etc/passwd",
        "/home/work/../../etc",
        "~/../../etc/passwd",
      ],
    ]) {
      for (const [method, url] of [
        ["POST", `/session/${id}/download`],
        ["POST", `/session/${id}/download_single`],
        ["GET", `/session/${id}/files`],
      ] as const) {
        const query = new URLSearchParams({ path: name, file: name, files: name });
        const answer = await client.send(method, method === "GET" ? `${url}?${query.toString()}` : url, {
          ...(method === "POST" ? { body: { files: [name], file: name } } : {}),
        });
        const shown = answer.bytes.toString("latin1");
        assert.ok(
          !/not for sessions|root:x?:0:0|"passwd"|outside\.txt.*"size"/.test(shown),
          `${url} ${JSON.stringify(name)}: ${shown.slice(0, 200)}`,
        );
      }
      const sent = await client.upload(id, { [name]: "written" }).catch(() => undefined);
      assert.equal(
        readFileSync(outside, "utf8"),
        "not for sessions",
        `upload of ${name}: ${String(sent?.status)}`,
      );
    }
  });
});
