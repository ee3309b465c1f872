import type { Form } from "../languages/form.js";
import type { Lexicon, LineForm } from "../languages/lexicon.js";
import type { CodeFrame, Frame, TextFrame } from "./frame.js";
import { hereEnd, insideOf, marksOf, type Marks, type Opening } from "./marks.js";

/** Characters before an opening mark that `Form.after` sees where its form says nothing. */
const prefixLength = 4;

/** Brackets that are nested deeper than this are passed over: nobody writes such code. */
const depthLimit = 500;

/** A bracket closes no more brackets than this that were forgotten inside of it. */
const forgottenLimit = 50;

const brackets: Readonly<Record<string, CodeFrame["bracket"]>> = { ")": "(", "]": "[", "}": "{" };

/** Reads code line by line and knows which brackets, strings and comments are open. */
export class Scanner {
  readonly frames: Frame[] = [];
  readonly #lexicon: Lexicon;
  readonly #marks: Marks;
  #row = 0;
  #line = "";
  /** A here-document whose text begins on the next line. */
  #pending: TextFrame | undefined;

  constructor(lexicon: Lexicon) {
    this.#lexicon = lexicon;
    this.#marks = marksOf(lexicon);
  }

  /** Reads a row from `from` on; with `stop`, only what is open there counts, though marks around it are still seen whole. */
  read(row: number, line: string, from = 0, stop?: number): void {
    this.#row = row;
    this.#line = line;
    const end = stop ?? line.length;
    let at = from === 0 ? this.#beginLine(stop) : from;
    while (at !== undefined && at < end) {
      const top = this.frames.at(-1);
      at = top?.type === "text" ? this.#readText(top, at, end) : this.#readCode(at, end, stop !== undefined);
    }
    if (stop === undefined) {
      this.#endLine();
    }
  }

  /** Where reading goes on; `undefined`: the whole line is read. */
  #beginLine(stop: number | undefined): number | undefined {
    const top = this.frames.at(-1);
    if (top?.type === "text") {
      if (top.closeLine === undefined) {
        return 0;
      }
      if (top.closeLine.test(this.#line) && stop === undefined) {
        this.frames.pop();
      }
      return undefined;
    }
    if (this.frames.length > 0 && this.#lexicon.anchor.test(this.#line) && !this.#isInText()) {
      this.frames.length = 0;
    }
    const form = this.#lexicon.lineForms?.find(({ open }) => open.test(this.#line));
    if (!form || (form.close === undefined && this.frames.length > 0)) {
      return 0;
    }
    if (form.isHead === true) {
      this.#pending = this.#wholeLines(form);
      return 0;
    }
    if (form.close !== undefined || stop !== undefined) {
      this.frames.push(this.#wholeLines(form));
    }
    return undefined;
  }

  #wholeLines({ kind, close }: LineForm): TextFrame {
    const at = { row: this.#row, col: 0 };
    const closeLine = close ? { closeLine: close } : {};
    return {
      type: "text",
      form: { kind },
      at,
      inside: at,
      closer: "",
      marks: /(?!)/g,
      ...closeLine,
      depth: 0,
    };
  }

  #isInText(): boolean {
    return this.frames.some(({ type }) => type === "text");
  }

  #readCode(from: number, end: number, isCut: boolean): number {
    const { code } = this.#marks;
    code.lastIndex = from;
    const found = code.exec(this.#line);
    if (!found || found.index >= end) {
      return end;
    }
    const mark = found[0].charAt(0);
    const at = found.index;
    const openings = this.#marks.openings.get(mark);
    const next = openings && this.#readForm(openings, at, end, isCut);
    if (next !== undefined) {
      return next;
    }
    if (mark === "(" || mark === "[" || mark === "{") {
      this.#openBracket(mark, at, at + 1, false);
    } else if (mark === ")" || mark === "]" || mark === "}") {
      this.#closeBracket(mark);
    } else if (this.#lexicon.separators.includes(mark)) {
      this.#separate(at + 1);
    }
    return at + 1;
  }

  #openBracket(bracket: CodeFrame["bracket"], at: number, inside: number, isHole: boolean): void {
    if (this.frames.length >= depthLimit) {
      return;
    }
    const row = this.#row;
    const since = { row, col: inside };
    this.frames.push({ type: "code", bracket, isHole, at: { row, col: at }, argument: 0, since });
  }

  /** Ends the innermost bracket of its kind, with what was never closed inside; one that nothing opened is passed over. */
  #closeBracket(mark: string): void {
    const last = this.frames.length - 1;
    for (let index = last; index >= Math.max(0, last - forgottenLimit); index -= 1) {
      const frame = this.frames[index];
      if (frame?.type !== "code") {
        return;
      }
      if (frame.bracket === brackets[mark]) {
        this.frames.length = index;
        return;
      }
      if (frame.isHole) {
        return;
      }
    }
  }

  #separate(next: number): void {
    const top = this.frames.at(-1);
    if (top?.type === "code") {
      top.argument += 1;
      top.since = { row: this.#row, col: next };
    }
  }

  /** Where reading goes on after a form that begins at `at`; `undefined`: none does. */
  #readForm(openings: readonly Opening[], at: number, end: number, isCut: boolean): number | undefined {
    for (const { form, open } of openings) {
      open.lastIndex = at;
      // What stands before is asked first: it is cheap, and the other may read the whole line.
      const opened = this.#isAfter(form, at) ? open.exec(this.#line)?.[0] : undefined;
      if (opened === undefined) {
        continue;
      }
      const inside = at + opened.length;
      if (form.close === "whole") {
        if (inside > end) {
          this.#openText(form, opened, at);
        }
        return inside;
      }
      if (form.close === "line") {
        this.#passComment(at);
        if (isCut) {
          this.#openText(form, opened, at);
        }
        return end;
      }
      if (form.isHere === true) {
        this.#pending = this.#textFrame(form, opened, at);
        return inside;
      }
      this.#openText(form, opened, at);
      return inside;
    }
    return undefined;
  }

  #isAfter({ after, behind = prefixLength }: Form, at: number): boolean {
    return after?.test(this.#line.slice(Math.max(0, at - behind), at)) !== false;
  }

  /** An argument that a comment stands before begins after the comment. */
  #passComment(at: number): void {
    const top = this.frames.at(-1);
    if (top?.type === "code") {
      const from = top.since.row === this.#row ? top.since.col : 0;
      if (this.#line.slice(from, at).trim() === "") {
        top.since = { row: this.#row, col: this.#line.length };
      }
    }
  }

  #openText(form: Form, opened: string, at: number): void {
    this.frames.push(this.#textFrame(form, opened, at));
  }

  #textFrame(form: Form, opened: string, at: number): TextFrame {
    const isWhole = form.close === "line" || form.close === "whole";
    const closer = typeof form.close === "string" ? (isWhole ? "" : form.close) : form.close(opened);
    return {
      type: "text",
      form,
      at: { row: this.#row, col: at },
      inside: { row: this.#row, col: at + opened.length },
      closer,
      marks: insideOf(form, closer),
      ...(form.isHere === true ? { closeLine: hereEnd(closer) } : {}),
      depth: 0,
    };
  }

  #readText(text: TextFrame, from: number, end: number): number {
    const { marks, form } = text;
    marks.lastIndex = from;
    const found = marks.exec(this.#line);
    if (!found || found.index + found[0].length > end) {
      return end;
    }
    const mark = found[0];
    const next = found.index + mark.length;
    if (form.escapes === true && mark.startsWith("\\")) {
      return next;
    }
    if (mark === text.closer) {
      if (text.depth > 0) {
        text.depth -= 1;
      } else {
        this.frames.pop();
      }
      return next;
    }
    if (mark !== form.hole) {
      text.depth += 1;
      return next;
    }
    if (mark.length === 1 && this.#line.startsWith(mark, next)) {
      return next + 1;
    }
    this.#openBracket(mark.endsWith("(") ? "(" : "{", next - 1, next, true);
    return next;
  }

  /** Strings of one line end with it, closed or not, with what is open in them. */
  #endLine(): void {
    const goesOn = this.#line.endsWith("\\");
    const ended = this.frames.findIndex(
      (frame) =>
        frame.type === "text" &&
        frame.form.isLong !== true &&
        frame.closeLine === undefined &&
        !(goesOn && frame.form.escapes === true),
    );
    if (ended >= 0) {
      this.frames.length = ended;
    }
    if (this.#pending) {
      this.frames.push(this.#pending);
      this.#pending = undefined;
    }
  }
}
