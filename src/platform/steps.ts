import * as vscode from "vscode";
import { createQuickPick, type PickItem, setPick } from "./shown/quickPick.js";
import { createInputBox, setProblem } from "./shown/inputBox.js";

/** The person went back to the question before. */
class BackError extends Error {}

/** Whether a question was left by its button back. */
export function isBack(error: unknown): boolean {
  return error instanceof BackError;
}

/** A question with a text as its answer. */
export interface TextQuestion {
  readonly prompt: string;
  readonly value?: string | undefined;
  readonly placeHolder?: string;
  readonly password?: boolean;
  /** What is wrong with a text; `undefined` when nothing is. */
  readonly validate?: (text: string) => string | undefined;
}

/** A question with a list of answers. */
export interface PickQuestion<T extends PickItem> {
  readonly placeHolder: string;
  readonly items: readonly T[];
  /** The answer given before. */
  readonly active?: T | undefined;
}

/** Asks the questions of one step. */
export interface Asker {
  text(question: TextQuestion): Promise<string>;
  pick<T extends PickItem>(question: PickQuestion<T>): Promise<T>;
}

/** One step; a step that asks nothing is passed over in both directions. */
export type Step = (ask: Asker) => Promise<void>;

/**
 * Asks step by step, with a button back to the step before.
 * @param signal Closes the question when it aborts.
 * @throws an `AbortError` when the person closes a question, and what a step throws.
 */
export async function askSteps(title: string, steps: readonly Step[], signal?: AbortSignal): Promise<void> {
  let direction = 1;
  for (let index = 0; index < steps.length;) {
    signal?.throwIfAborted();
    const asker = new StepAsker(title, { step: index + 1, of: steps.length, signal });
    try {
      await steps[index]?.(asker);
      index += asker.hasAsked ? 1 : direction;
      direction = asker.hasAsked ? 1 : direction;
    } catch (error) {
      if (!(error instanceof BackError)) {
        throw error;
      }
      direction = -1;
      index -= 1;
    }
    if (index < 0) {
      index = 0;
      direction = 1;
    }
  }
}

type Box = Omit<vscode.QuickInput, "title"> &
  Pick<vscode.InputBox, "buttons" | "onDidTriggerButton" | "onDidAccept">;

class StepAsker implements Asker {
  hasAsked = false;
  readonly #title: string;
  readonly #step: number;
  readonly #totalSteps: number;
  readonly #signal: AbortSignal | undefined;

  constructor(
    title: string,
    place: { readonly step: number; readonly of: number; readonly signal: AbortSignal | undefined },
  ) {
    this.#title = title;
    this.#step = place.step;
    this.#totalSteps = place.of;
    this.#signal = place.signal;
  }

  async text({ prompt, value = "", placeHolder, password = false, validate }: TextQuestion): Promise<string> {
    const texts = { title: this.#title, prompt, ...(placeHolder !== undefined && { placeHolder }) };
    const box = this.#begin(createInputBox(texts));
    box.value = value;
    box.password = password;
    const check = (): boolean => {
      const problem = validate?.(box.value);
      setProblem(box, problem);
      return problem === undefined;
    };
    box.onDidChangeValue(() => setProblem(box, box.value === "" ? undefined : validate?.(box.value)));
    return answerOf(box, () => (check() ? box.value : undefined), this.#signal);
  }

  async pick<T extends PickItem>({ placeHolder, items, active }: PickQuestion<T>): Promise<T> {
    const box = this.#begin(createQuickPick<T>());
    setPick(box, { title: this.#title, placeholder: placeHolder, items });
    box.matchOnDescription = true;
    box.matchOnDetail = true;
    const shown = box.items;
    if (active !== undefined) {
      box.activeItems = shown.filter((_, index) => items[index] === active);
    }
    return answerOf(box, () => items.find((_, index) => shown[index] === box.selectedItems[0]), this.#signal);
  }

  #begin<B extends Box>(box: B): B {
    this.hasAsked = true;
    box.step = this.#step;
    box.totalSteps = this.#totalSteps;
    box.ignoreFocusOut = true; // a key may have to be copied from elsewhere
    box.buttons = this.#step > 1 ? [vscode.QuickInputButtons.Back] : [];
    return box;
  }
}

async function answerOf<T>(
  box: Box,
  answer: () => T | undefined,
  signal: AbortSignal | undefined,
): Promise<T> {
  const close = (): void => box.hide();
  signal?.addEventListener("abort", close, { once: true });
  try {
    return await new Promise<T>((resolve, reject) => {
      box.onDidTriggerButton(() => reject(new BackError()));
      // for programs
      box.onDidHide(() => reject(new DOMException("The question was closed.", "AbortError")));
      box.onDidAccept(() => {
        const given = answer();
        if (given !== undefined) {
          resolve(given);
        }
      });
      box.show();
    });
  } finally {
    signal?.removeEventListener("abort", close);
    box.dispose();
  }
}
