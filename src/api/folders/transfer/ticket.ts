import { ProtocolError } from "../../../base/errors.js";
import { TransferTicket } from "../../../wire/records/folders.js";
import type { Context } from "../../context.js";
import type { CallOptions } from "../../options.js";
import type { RequestSpec } from "../../transport/requestSpec.js";
import { type FolderReference, folderUrl } from "../folder.js";

/** Where the bytes of a transfer go: what a request for it adds to its method. */
export type TransferPlace = Pick<RequestSpec, "path" | "route" | "query" | "url" | "isPathSecret">;

/** Asks for an upload of `size` bytes to `path`: `request-upload` since 20.09, `create_upload_session` before. */
export async function requestUpload(
  context: Context,
  folder: FolderReference,
  file: { readonly path: string; readonly size: number },
  call: CallOptions,
): Promise<TransferPlace> {
  const viaProxy = context.dialect.folders.transfer === "storage-proxy";
  const verb = viaProxy ? "request-upload" : "create_upload_session";
  const ticket = await request(context, folder, verb, { ...file }, call);
  return viaProxy
    ? placeAt(ticket, "/upload")
    : {
        path: `/folders/_/tus/upload/${encodeURIComponent(ticket.token)}`,
        route: "/folders/_/tus/upload/{session}",
        isPathSecret: true,
      };
}

/** Asks for the download of `path`: `request-download` since 20.09, `request_download` before. */
export async function requestDownload(
  context: Context,
  folder: FolderReference,
  path: string,
  call: CallOptions,
): Promise<TransferPlace> {
  if (context.dialect.folders.transfer === "storage-proxy") {
    return placeAt(await request(context, folder, "request-download", { path }, call), "/download");
  }
  const { token } = await request(context, folder, "request_download", { file: path }, call);
  const route = "/folders/_/download_with_token";
  return { path: route, route, query: { token } };
}

async function request(
  context: Context,
  folder: FolderReference,
  verb: string,
  json: Readonly<Record<string, unknown>>,
  { signal }: CallOptions,
): Promise<TransferTicket> {
  return context.transport.json(TransferTicket, {
    method: "POST",
    path: `${folderUrl(context.dialect, folder)}/${verb}`,
    route: `/folders/{folder}/${verb}`,
    json,
    signal,
    isRepeatable: true,
  });
}

/** The storage proxy's address, which the manager gives in full. */
function placeAt({ url, token }: TransferTicket, route: string): TransferPlace {
  if (url === undefined || !URL.canParse(url)) {
    throw new ProtocolError(`POST /folders/{folder}/request${route}`, url ?? "", "names no storage proxy");
  }
  const place = new URL(url);
  place.searchParams.set("token", token);
  return { path: place.pathname, route, url: place };
}
