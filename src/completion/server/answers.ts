import {
  type CompletionItem,
  type CompletionList,
  type Hover,
  MarkupKind,
  type Position,
  type SignatureHelp,
} from "vscode-languageserver-protocol";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { callAt, expressionAt, placeAt } from "../position/index.js";
import type { Candidate, CandidateList, CodePoint } from "../source/completionSource.js";
import { completionItems, type ItemData } from "./completionItems.js";
import type { Desk } from "./desk.js";
import { linesOf } from "./documents.js";
import { describedAs, plain } from "./markup.js";

/** What a question is about. */
export interface Asked {
  readonly document: TextDocument;
  readonly position: Position;
  /** The code around `position`. */
  readonly point: CodePoint;
  readonly desk: Desk;
}

const nothing: CompletionList = { isIncomplete: false, items: [] };

/** What may stand at the cursor. */
export async function completionAt(
  { document, position, point, desk }: Asked,
  signal: AbortSignal,
): Promise<CompletionList> {
  const { line: row, character: col } = position;
  const place = placeAt(document.languageId, linesOf(document), row, col);
  if (place.kind === "none") {
    return nothing;
  }
  const { candidates, isIncomplete } =
    place.kind === "path"
      ? await pathsAt(desk, place.typed, signal)
      : await desk.source.complete({ ...point, place }, signal);
  return { isIncomplete, items: completionItems(candidates, { uri: document.uri, row, col, place }) };
}

async function pathsAt(desk: Desk, typed: string, signal: AbortSignal): Promise<CandidateList> {
  const folder = typed.slice(0, typed.lastIndexOf("/") + 1);
  const hidden = typed.slice(folder.length).startsWith(".");
  const isShown = ({ name }: Candidate): boolean => hidden || !name.startsWith(".");
  const entries = await desk.folder(folder, signal);
  return { candidates: entries.filter(isShown), isIncomplete: false };
}

/** An item with what is known of the name that it stands for. */
export async function resolved(
  item: CompletionItem,
  { point, desk }: { readonly point: CodePoint; readonly desk: Desk },
  signal: AbortSignal,
): Promise<CompletionItem> {
  const { expression } = item.data as ItemData;
  const description = await desk.source.describe(expression, point, signal);
  const documentation =
    description && describedAs({ ...description, signature: undefined }, point.languageId);
  return {
    ...item,
    ...(description?.signature === undefined ? {} : { detail: description.signature }),
    ...(documentation === undefined ? {} : { documentation }),
  };
}

/** What is known of the name under the cursor. */
export async function hoverAt(
  { document, position, point, desk }: Asked,
  signal: AbortSignal,
): Promise<Hover | null> {
  const { line: row, character: col } = position;
  const found = expressionAt(document.languageId, linesOf(document), row, col);
  const description = found && (await desk.source.describe(found.expression, point, signal));
  const contents = description && describedAs(description, document.languageId);
  return found === undefined || contents === undefined
    ? null
    : {
        contents,
        range: { start: { line: row, character: found.start }, end: { line: row, character: found.end } },
      };
}

/** How the function is called whose arguments are being typed. */
export async function signatureAt(
  { document, position, point, desk }: Asked,
  signal: AbortSignal,
): Promise<SignatureHelp | null> {
  const { line: row, character: col } = position;
  const call = callAt(document.languageId, linesOf(document), row, col);
  const known = call && (await desk.source.signature(call.callee, point, signal));
  if (call === undefined || known === undefined) {
    return null;
  }
  const { label, parameters, documentation } = known;
  return {
    signatures: [
      {
        label,
        parameters: parameters.map((parameter) => ({ label: parameter })),
        ...(documentation === undefined
          ? {}
          : { documentation: { kind: MarkupKind.Markdown, value: plain(documentation) } }),
        activeParameter: activeParameter(parameters, call),
      },
    ],
    activeSignature: 0,
  };
}

/** The parameter that an argument is for: by its keyword, else by its place, where a `*args` takes all that are left. */
function activeParameter(
  parameters: readonly string[],
  { argument, keyword }: { readonly argument: number; readonly keyword?: string | undefined },
): number {
  const named = parameters.findIndex((parameter) => keyword !== undefined && nameOf(parameter) === keyword);
  const rest = parameters.findIndex((parameter) => /^\*?\*\w/.test(parameter));
  const last = rest === -1 ? parameters.length : rest;
  return named === -1 ? Math.min(argument, last) : named;
}

function nameOf(parameter: string): string {
  return /^[\w$]+/u.exec(parameter)?.[0] ?? "";
}
