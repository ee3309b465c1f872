import { Dicer } from "@fastify/busboy";
import { once } from "node:events";
import { constants } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Era } from "../era.js";
import { partName } from "../files/disposition.js";
import { boundaryOf, dispositionOf } from "../files/multipart.js";
import { Refusal } from "../http/refusal.js";
import { resolveInFolder } from "./folderPath.js";
import { folderRefusal } from "./folderRefusal.js";
import type { Folder } from "./folderStore.js";

/** Makes or replaces a file, but follows no link that was put in its place since its path was checked. */
const replaceNoLink = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
/** Most files of one form, by the servers. */
const filesLimit = 10;

/**
 * Takes the files of a form, of any size, straight to their places, as managers of 19.03 do.
 * @throws {Refusal}
 */
export async function receiveForm(request: IncomingMessage, folder: Folder, era: Era): Promise<void> {
  const boundary = boundaryOf(request);
  if (boundary === undefined) {
    request.resume();
    throw new Refusal("internal");
  }
  const dicer = new Dicer({ boundary });
  const stored: Promise<void>[] = [];
  dicer.on("part", (part) => {
    const storing = storePart(part, folder, stored.length);
    storing.catch(() => part.resume()); // told below, once the rest has passed
    stored.push(storing);
  });
  const finished = once(dicer, "finish");
  request.on("error", () => dicer.end());
  request.pipe(dicer);
  await finished;
  try {
    await Promise.all(stored);
  } catch (error) {
    throw folderRefusal(error, [], era);
  }
}

async function storePart(part: Readable, folder: Folder, index: number): Promise<void> {
  if (index >= filesLimit) {
    throw new Refusal("invalid-params", { msg: "Too many files!" });
  }
  const [header] = (await once(part, "header")) as [unknown];
  const name = partName(dispositionOf(header))?.name;
  if (name === undefined) {
    throw new Refusal("invalid-params", { msg: "A part has no file name." });
  }
  const target = await resolveInFolder(folder, name);
  await mkdir(path.dirname(target), { recursive: true });
  const file = await open(target, replaceNoLink);
  await pipeline(part, file.createWriteStream());
}
