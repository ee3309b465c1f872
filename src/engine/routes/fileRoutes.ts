import * as z from "zod/mini";
import { downloadFiles, downloadSingle, listFiles } from "../files/fileCalls.js";
import { multipartMixed } from "../files/mixed.js";
import { receiveUpload } from "../files/upload.js";
import type { Call, Parameters } from "../http/call.js";
import { Refusal } from "../http/refusal.js";
import { bytes, json, noContent, type Reply } from "../http/reply.js";
import type { Route } from "../http/routes.js";
import type { Session } from "../sessions/session.js";
import type { EngineParts } from "./engineParts.js";
import { parseInput } from "./input.js";
import { runningSession } from "./sessions/sessionRoutes.js";

const FilesInput = z.object({ files: z.union([z.string(), z.array(z.string())]) });
const FileInput = z.object({ file: z.string() });

/** Upload, download and list files (`protocol.md` §6). */
export function fileRoutes(parts: EngineParts): Route[] {
  const { era } = parts;
  const one = `${era.dialect.prefix}/:id`;
  const session = (call: Call): Session => {
    const found = runningSession(parts.sessions.store.get(call.part("id")));
    found.touch();
    return found;
  };
  const download = async (call: Call): Promise<Reply> => {
    const { files } = parseInput(FilesInput, await downloadParameters(call, "files"), era);
    const tars = await downloadFiles(session(call), [files].flat(), era);
    const { body, contentType } = multipartMixed(tars);
    return bytes(body, contentType);
  };
  const single = async (call: Call): Promise<Reply> => {
    const { file } = parseInput(FileInput, await downloadParameters(call, "file"), era);
    return bytes(await downloadSingle(session(call), file, era), "application/octet-stream");
  };
  const routes: Route[] = [
    {
      method: "POST",
      path: `${one}/upload`,
      handle: async (call) => {
        await receiveUpload(call.request, session(call), parts);
        return noContent();
      },
    },
    {
      method: "GET",
      path: `${one}/files`,
      handle: async (call) => {
        const asked = await listedPath(call);
        return json(await listFiles(session(call), asked, era));
      },
    },
    ...downloadRoutes(`${one}/download`, download, parts),
  ];
  return era.dialect.files.downloadSingle === undefined
    ? routes
    : [...routes, ...downloadRoutes(`${one}/download_single`, single, parts)];
}

/** Which method downloads: GET, then POST with GET answering that it is deprecated, then POST alone. */
function downloadRoutes(path: string, handle: Route["handle"], { era }: EngineParts): Route[] {
  const { download } = era.dialect.files;
  if (download === "get") {
    return [{ method: "GET", path, handle }];
  }
  const deprecated = (): never => {
    throw new Refusal("deprecated", {
      msg: "Use the HTTP POST method to invoke this API with parameters in the request body.",
    });
  };
  return download === "post-body"
    ? [
        { method: "POST", path, handle },
        { method: "GET", path, handle: deprecated },
      ]
    : [{ method: "POST", path, handle }];
}

/** Since 26.3 from the query alone, where a repeated key is a list. */
async function downloadParameters(call: Call, name: "files" | "file"): Promise<Parameters> {
  if (call.era.dialect.files.download !== "post-query") {
    return call.parameters();
  }
  const values = call.query.getAll(name);
  return values.length === 0 ? {} : { [name]: name === "files" ? values : values[0] };
}

/** Up to 26.2 the JSON body of this GET is mandatory, whatever the release thinks of other GETs. */
async function listedPath(call: Call): Promise<string> {
  if (call.era.dialect.files.listParameters === "query") {
    return call.query.get("path") ?? ".";
  }
  const value = await call.json().catch(() => undefined);
  if (typeof value !== "object" || value === null) {
    throw new Refusal("invalid-params", { msg: "Expecting value: line 1 column 1 (char 0)" });
  }
  return "path" in value && typeof value.path === "string" ? value.path : ".";
}
