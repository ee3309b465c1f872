import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { openDirectory, openFile } from "../../../../src/engine/apps/sftp/fileRequests.js";
import { OpenHandles } from "../../../../src/engine/apps/sftp/openHandles.js";
import { PacketReader, string, uint32 } from "../../../../src/engine/apps/sftp/packets.js";
import { SessionPaths } from "../../../../src/engine/apps/sftp/sessionPaths.js";
import type { Session } from "../../../../src/engine/sessions/session.js";
import { temporaryFolders } from "../../../support/temporaryFolder.js";

describe("engine sftp: a client that goes", () => {
  const newFolder = temporaryFolders();

  for (const [what, request] of [
    ["file", openFile],
    ["directory", openDirectory],
  ] as const) {
    it(`leaves no ${what} open that was being opened for it`, async () => {
      const workDir = await newFolder();
      await writeFile(path.join(workDir, "file"), "text");
      const paths = new SessionPaths({ workDir, mountedDirs: [] } as unknown as Session);
      const handles = new OpenHandles();
      const name = what === "file" ? "file" : ".";
      const noFlags = [uint32(1), uint32(0)];
      const opening = request(1, new PacketReader(Buffer.concat([string(name), ...noFlags])), {
        paths,
        handles,
      });
      await handles.closeAll();
      await assert.rejects(opening, "nobody would close it");
    });
  }
});
