import * as l10n from "@vscode/l10n";
import * as z from "zod/mini";
import { maskText } from "../../base/secrets/maskText.js";
import { formatBytes } from "../../base/text.js";
import type { FileAccess } from "../../files/access/fileAccess.js";
import type { ToolAnswer } from "../answer/toolAnswer.js";
import { tool, ToolRefusal } from "../tool.js";
import { pathConsent, sessionPath } from "./sessionPath.js";
import { whichSession } from "./whichSession.js";

/** Bytes of a file that are read to find lines in it. */
const linesLimit = 2_000_000;
/** Bytes that are read of a part that was asked for in bytes. */
const partLimit = 100_000;
/** Lines of one answer. */
const mostLines = 1000;

const place = z.optional(z.number().check(z.int(), z.positive()));

export const readFileInput = z.strictObject({
  path: z.string().check(z.minLength(1), z.maxLength(4096)),
  session: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  startLine: place,
  endLine: place,
  startByte: z.optional(z.number().check(z.int(), z.nonnegative())),
  endByte: place,
});

type ReadFileInput = z.infer<typeof readFileInput>;

/** A part of a text file of a session, by lines or by bytes. */
export const readFile = tool<ReadFileInput>({
  name: "backendai_read_file",
  changes: false,
  limitMs: () => 30_000,
  parse: (input) => z.parse(readFileInput, input),
  progress: l10n.t("Reading a file of a session of Backend.AI"),
  consent: async ({ session, path }, at) =>
    pathConsent({ session, path, title: l10n.t("Read a file of a session?"), verb: "read" }, at),
  answer: async (input, at) => {
    const session = whichSession(await at.sessions(), input.session);
    const path = sessionPath(input.path);
    const access = await at.filesOf(at.client, session.id);
    const { type, size } = await access.stat(path, { signal: at.signal });
    if (type !== "file") {
      throw new ToolRefusal(
        type === "directory" ? `${path} is a folder: use backendai_list_files.` : `${path} is no file.`,
      );
    }
    const part = { path, size, signal: at.signal };
    const { facts, body } =
      input.startByte !== undefined || input.endByte !== undefined
        ? await bytesOf(access, part, input)
        : await linesOf(access, part, input);
    return {
      facts: `${path} (${formatBytes(size)}) in session ${session.name} on ${at.server}. ${facts}`,
      body,
    };
  },
});

interface FilePart {
  readonly path: string;
  readonly size: number;
  readonly signal: AbortSignal;
}

async function bytesOf(
  access: FileAccess,
  { path, size, signal }: FilePart,
  { startByte: start = 0, endByte = size }: ReadFileInput,
): Promise<ToolAnswer> {
  if (start >= Math.max(size, 1) || endByte <= start) {
    throw new ToolRefusal(`${path} has no bytes there: it has ${String(size)}.`);
  }
  const end = Math.min(endByte, size, start + partLimit);
  const text = await textOf(access, { path, size, signal }, { start, end });
  return {
    facts: `Bytes ${String(start)} to ${String(end)} of ${String(size)}:`,
    body: { text, keep: "start" },
  };
}

/**
 * Lines are counted from the beginning of the file; so are secrets found in it, which may have begun before the lines that are asked
 * for.
 */
async function linesOf(
  access: FileAccess,
  part: FilePart,
  { startLine = 1, endLine = startLine + mostLines - 1 }: ReadFileInput,
): Promise<ToolAnswer> {
  const isPart = part.size > linesLimit;
  const original = await textOf(access, part, { start: 0, end: Math.min(part.size, linesLimit) });
  const lines = linesIn(maskText(original));
  const isShifted = lines.length !== linesIn(original).length;
  const end = Math.min(endLine, startLine + mostLines - 1, lines.length);
  if (startLine > lines.length || end < startLine) {
    const of = isPart ? `the first ${formatBytes(linesLimit)} of it have` : "it has";
    throw new ToolRefusal(
      `${part.path} has no such lines: ${of} ${String(lines.length)}.${isPart ? " Read further by startByte." : ""}`,
    );
  }
  const facts = [
    `Lines ${String(startLine)} to ${String(end)} of ${String(lines.length)}${isPart ? " in what was looked at" : ""}.`,
    ...(isShifted ? ["A secret of several lines was masked, so later lines have smaller numbers here."] : []),
    ...(isPart
      ? [`Only its first ${formatBytes(linesLimit)} can be read by lines; read further by startByte.`]
      : []),
  ];
  return {
    facts: facts.join(" "),
    body: { text: lines.slice(startLine - 1, end).join("\n"), keep: "start" },
  };
}

function linesIn(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  return lines.length > 1 && lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** @throws {ToolRefusal} for files that are no text. */
async function textOf(
  access: FileAccess,
  { path, size, signal }: FilePart,
  range: { readonly start: number; readonly end: number },
): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of size === 0 ? [] : access.read(path, { range, signal })) {
    pieces.push(piece);
    length += piece.length;
    if (length >= range.end - range.start) {
      break; // a file that grows meanwhile
    }
  }
  const bytes = Buffer.concat(pieces).subarray(0, range.end - range.start);
  if (bytes.subarray(0, 8192).includes(0)) {
    throw new ToolRefusal(`${path} is no text: it has ${formatBytes(size)} of binary data.`);
  }
  return bytes.toString("utf8");
}
