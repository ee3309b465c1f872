import * as vscode from "vscode";
import { messageText } from "../../base/shownText.js";
import { type QuestionTexts, questionTexts } from "./questionTexts.js";

/** A question with a line as its answer. */
export interface InputOptions extends QuestionTexts {
  readonly value?: string;
  readonly valueSelection?: [number, number];
  readonly password?: boolean;
  readonly ignoreFocusOut?: boolean;
  /** What is wrong with a line; `undefined` when nothing is. */
  readonly validateInput?: (value: string) => string | undefined;
}

/**
 * Asks for a line; all texts are shown as they stand, without links.
 * @returns `undefined` when the question was closed.
 */
export async function showInputBox(
  { title, placeHolder, prompt, validateInput, ...rest }: InputOptions,
  token?: vscode.CancellationToken,
): Promise<string | undefined> {
  const texts = questionTexts({ title, placeHolder, prompt });
  const validate = validateInput && { validateInput: (value: string) => problemText(validateInput(value)) };
  return vscode.window.showInputBox({ ...rest, ...texts, ...validate }, token);
}

/** A box whose texts are set once, but for what is wrong with its value: {@link setProblem}. */
export type ShownInputBox = Omit<vscode.InputBox, "title" | "placeholder" | "prompt" | "validationMessage">;

/** A box for whoever needs more than {@link showInputBox}, and disposes of it. */
export function createInputBox(texts: QuestionTexts): ShownInputBox {
  const { placeHolder, ...shown } = questionTexts(texts);
  return Object.assign(vscode.window.createInputBox(), shown, { placeholder: placeHolder });
}

/** Says what is wrong with the value of a box; `undefined` when nothing is. */
export function setProblem(box: ShownInputBox, problem: string | undefined): void {
  Object.assign(box, { validationMessage: problemText(problem) });
}

function problemText(problem: string | undefined): string | undefined {
  return problem && messageText(problem);
}
