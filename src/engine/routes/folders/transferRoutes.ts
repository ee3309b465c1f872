import * as z from "zod/mini";
import { receiveForm } from "../../folders/formUpload.js";
import { serveFile } from "../../folders/serveFile.js";
import type { Upload } from "../../folders/uploads.js";
import type { Call } from "../../http/call.js";
import { json, type Reply } from "../../http/reply.js";
import type { Route } from "../../http/routes.js";
import type { EngineParts } from "../engineParts.js";
import { firstOf, parseInput } from "../input.js";
import { changeableFolder } from "./folderFileRoutes.js";

const UploadInput = z.object({ path: z.string(), size: z.number() });
const DownloadInput = z.object({ path: z.string() });

/** Where the storage proxy is: on a real cluster it is a server of its own. */
const storageProxy = "/_storage-proxy";

/** The bytes of files in virtual folders: leave to move them, and moving them (`protocol.md` §6.5). */
export function transferRoutes(parts: EngineParts): Route[] {
  switch (parts.era.dialect.folders.transfer) {
    case "form":
      return [
        ...downloadRoutes(parts, "request_download", "/folders/_/download_with_token"),
        {
          method: "POST",
          path: "/folders/:name/upload",
          handle: async (call) => {
            await receiveForm(call.request, await changeableFolder(call, parts), parts.era);
            return { status: 201, headers: {}, body: "" };
          },
        },
      ];
    case "manager":
      return [
        ...downloadRoutes(parts, "request_download", "/folders/_/download_with_token"),
        ...uploadRoutes(parts, "create_upload_session", "/folders/_/tus/upload/:token"),
      ];
    case "storage-proxy":
      return [
        ...downloadRoutes(parts, "request-download", `${storageProxy}/download`),
        ...uploadRoutes(parts, "request-upload", `${storageProxy}/upload`),
      ];
  }
}

function downloadRoutes(parts: EngineParts, verb: string, place: string): Route[] {
  const { era, folders, tickets } = parts;
  return [
    {
      method: "POST",
      path: `/folders/:name/${verb}`,
      handle: async (call) => {
        const body = await call.body();
        const asked = parseInput(DownloadInput, { path: firstOf(body, "path", "file") }, era);
        const folder = await folders.get(call.part("name"));
        return json(ticketView(tickets.issue({ op: "download", folder: folder.id, ...asked }), place, parts));
      },
    },
    {
      method: "GET",
      path: place,
      auth: "none",
      handle: async (call) => {
        const ticket = tickets.check(call.query.get("token") ?? "", "download");
        const { range, "if-range": ifRange } = call.request.headers;
        const folder = await folders.get(ticket.folder);
        return serveFile({ folder, path: ticket.path, era }, range, first(ifRange));
      },
    },
  ];
}

function uploadRoutes(parts: EngineParts, verb: string, place: string): Route[] {
  const { era, tickets, uploads } = parts;
  return [
    {
      method: "POST",
      path: `/folders/:name/${verb}`,
      handle: async (call) => {
        const file = parseInput(UploadInput, await call.body(), era);
        const folder = await changeableFolder(call, parts);
        const session = await uploads.begin(folder);
        return json(
          ticketView(tickets.issue({ op: "upload", folder: folder.id, session, ...file }), place, parts),
        );
      },
    },
    {
      method: "HEAD",
      path: place,
      auth: "none",
      handle: async (call) => {
        const upload = await uploadOf(call, parts);
        return tusReply(200, await uploads.offset(upload), upload);
      },
    },
    {
      method: "PATCH",
      path: place,
      auth: "none",
      handle: async (call) => {
        const upload = await uploadOf(call, parts);
        const offset = first(call.request.headers["upload-offset"]);
        return tusReply(204, await uploads.append(upload, offset, call.request), upload);
      },
    },
  ];
}

/** Since 20.09 an answer also says where to go. */
function ticketView(token: string, place: string, { era, port }: EngineParts): Record<string, unknown> {
  const url = `http://127.0.0.1:${String(port())}${place}`;
  return era.dialect.folders.transfer === "storage-proxy" ? { token, url } : { token };
}

async function uploadOf(call: Call, { folders, tickets }: EngineParts): Promise<Upload> {
  const token = call.query.get("token") ?? call.part("token");
  const { folder, path, size = 0, session = "" } = tickets.check(token, "upload");
  return { folder: await folders.get(folder), path, size, session };
}

function first(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "object" ? header[0] : header;
}

function tusReply(status: number, offset: number, { size }: Upload): Reply {
  const headers = {
    "Cache-Control": "no-store",
    "Tus-Resumable": "1.0.0",
    "Upload-Offset": String(offset),
    "Upload-Length": String(size),
  };
  return { status, headers, body: "" };
}
