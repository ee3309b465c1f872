import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { AnsiColor, AnsiStyle } from "../../logs/ansiStyle.js";
import { logScheme } from "../../../platform/contributedIds.js";
import type { LogLine } from "../../logs/logScreen.js";

/** Lines above and below what is on show that have their colours before they are scrolled to. */
const marginLines = 60;
/** Coloured stretches of one editor at a time. */
const rangesLimit = 3000;

/** Colours what editors of logs have on show, and nothing beyond: a log may have any number of coloured lines. */
export class LogColors implements Disposable {
  readonly #linesOf: (uri: vscode.Uri) => readonly LogLine[] | undefined;
  readonly #types = new Map<string, vscode.TextEditorDecorationType>();
  readonly #used = new WeakMap<vscode.TextEditor, ReadonlySet<string>>();
  readonly #owned = new DisposableStore();

  /** @param linesOf What a log's document is made of. */
  constructor(linesOf: (uri: vscode.Uri) => readonly LogLine[] | undefined) {
    this.#linesOf = linesOf;
    const all = (): void => vscode.window.visibleTextEditors.forEach((editor) => this.#color(editor));
    this.#owned.add(
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#color(textEditor)),
    );
    this.#owned.add(vscode.window.onDidChangeVisibleTextEditors(all));
    this.#owned.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === logScheme) {
          all();
        }
      }),
    );
  }

  dispose(): void {
    this.#owned.dispose();
    for (const type of this.#types.values()) {
      type.dispose();
    }
    this.#types.clear();
  }

  #color(editor: vscode.TextEditor): void {
    const { document } = editor;
    const lines = document.uri.scheme === logScheme ? this.#linesOf(document.uri) : undefined;
    if (lines === undefined) {
      return;
    }
    const ranges = rangesOf(editor, lines);
    for (const [style, places] of ranges) {
      editor.setDecorations(this.#typeOf(style), places);
    }
    const keys = new Set([...ranges.keys()].map(({ key }) => key));
    for (const key of this.#used.get(editor) ?? []) {
      const type = this.#types.get(key);
      if (!keys.has(key) && type !== undefined) {
        editor.setDecorations(type, []);
      }
    }
    this.#used.set(editor, keys);
  }

  #typeOf(style: AnsiStyle): vscode.TextEditorDecorationType {
    const type = this.#types.get(style.key) ?? vscode.window.createTextEditorDecorationType(looksOf(style));
    this.#types.set(style.key, type);
    return type;
  }
}

/** What is coloured around the lines on show. A line that the document does not have yet, or no more, stays plain. */
function rangesOf(
  editor: vscode.TextEditor,
  lines: readonly LogLine[],
): ReadonlyMap<AnsiStyle, readonly vscode.Range[]> {
  const ranges = new Map<AnsiStyle, vscode.Range[]>();
  const last = Math.min(lines.length, editor.document.lineCount) - 1;
  let count = 0;
  for (const { start, end } of editor.visibleRanges) {
    const from = Math.max(0, start.line - marginLines);
    for (let row = from; row <= Math.min(last, end.line + marginLines) && count < rangesLimit; row += 1) {
      const line = lines[row];
      if (line !== undefined && line.spans.length > 0 && editor.document.lineAt(row).text === line.text) {
        for (const span of line.spans) {
          const own = ranges.get(span.style) ?? [];
          own.push(new vscode.Range(row, span.start, row, span.end));
          ranges.set(span.style, own);
          count += 1;
        }
      }
    }
  }
  return ranges;
}

function looksOf(style: AnsiStyle): vscode.DecorationRenderOptions {
  const color = themed(style.color);
  const background = themed(style.background);
  const lines = [...(style.isUnderlined ? ["underline"] : []), ...(style.isStruck ? ["line-through"] : [])];
  const [front, back] = style.isInverse
    ? [
        background ?? new vscode.ThemeColor("editor.background"),
        color ?? new vscode.ThemeColor("editor.foreground"),
      ]
    : [color, background];
  return {
    ...(front && { color: front }),
    ...(back && { backgroundColor: back }),
    ...(style.isBold && { fontWeight: "bold" }),
    ...(style.isFaint && { opacity: "0.7" }),
    ...(style.isItalic && { fontStyle: "italic" }),
    ...(lines.length > 0 && { textDecoration: lines.join(" ") }),
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  };
}

function themed(color: AnsiColor | undefined): string | vscode.ThemeColor | undefined {
  return color?.startsWith("ansi") === true ? new vscode.ThemeColor(`terminal.${color}`) : color;
}
