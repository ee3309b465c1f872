import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { whenAborted } from "../../base/abort.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import { shorten } from "../../base/text.js";
import { contextKeys } from "../../platform/commandIds.js";
import type { Commands } from "../../platform/commands.js";
import { withLink } from "../../platform/progress.js";
import { createInputBox } from "../../platform/shown/inputBox.js";

/** A line that a program waits for, and what to do with the answer. */
export interface InputQuestion {
  /** Which program asks, such as `ask.py`. */
  readonly program: string;
  /** The line that it printed; may be empty. */
  readonly prompt: string;
  readonly isPassword: boolean;
  readonly answer: (text: string) => void;
  readonly interrupt: () => void;
}

const promptLimit = 120;

/**
 * Questions of programs whose terminal nobody sees: a notification with a link that opens an input box. It is one of
 * progress, as only those go away by themselves, once the question has its answer.
 */
export class InputPrompts implements Disposable {
  readonly #open = new Map<number, { readonly question: InputQuestion; readonly signal: AbortSignal }>();
  readonly #owned = new DisposableStore();
  readonly #ending = new AbortController();
  #count = 0;

  constructor(commands: Commands) {
    this.#owned.add(commands.register("backendai.run.answer", async (_, id) => this.#answer(id)));
  }

  /**
   * Tells of a question until `signal` aborts, which whoever asks does as soon as it has an answer from anywhere. Cancel and
   * Escape interrupt the program.
   */
  ask(question: InputQuestion, signal: AbortSignal): void {
    const id = ++this.#count;
    const until = AbortSignal.any([signal, this.#ending.signal]);
    this.#open.set(id, { question, signal: until });
    this.#changed();
    const command = `backendai.run.answer?${encodeURIComponent(JSON.stringify([id]))}`;
    void withLink({ text: titleOf(question), link: l10n.t("Answer…"), command }, async (cancelled) => {
      const release = whenAborted(cancelled, () => question.interrupt());
      await ended(until);
      release();
      this.#open.delete(id);
      this.#changed();
    });
  }

  dispose(): void {
    this.#ending.abort();
    this.#owned.dispose();
  }

  /** Opens the box for one question; without `id`, for the newest. */
  async #answer(id: unknown): Promise<void> {
    const entry = typeof id === "number" ? this.#open.get(id) : [...this.#open.values()].at(-1);
    if (entry === undefined || entry.signal.aborted) {
      return;
    }
    const { question, signal } = entry;
    const text = await askInBox(question, signal);
    if (signal.aborted) {
      return; // answered in the terminal meanwhile
    }
    if (text === undefined) {
      question.interrupt();
    } else {
      question.answer(text);
    }
  }

  #changed(): void {
    void vscode.commands.executeCommand("setContext", contextKeys.asking, this.#open.size > 0);
  }
}

/** What was typed; `undefined` after Escape, and when the question is over. */
async function askInBox(question: InputQuestion, signal: AbortSignal): Promise<string | undefined> {
  const owned = new DisposableStore();
  const box = owned.add(
    createInputBox({ title: titleOf(question), prompt: l10n.t("Escape interrupts the program.") }),
  );
  box.password = question.isPassword;
  box.ignoreFocusOut = true;
  try {
    return await new Promise<string | undefined>((resolve) => {
      owned.add(box.onDidAccept(() => resolve(box.value)));
      owned.add(box.onDidHide(() => resolve(undefined)));
      void ended(signal).then(() => resolve(undefined));
      box.show();
    });
  } finally {
    owned.dispose();
  }
}

function titleOf({ program, prompt, isPassword }: InputQuestion): string {
  const words = prompt.trim();
  if (words !== "") {
    return l10n.t("{0} asks: {1}", program, shorten(words, promptLimit));
  }
  return isPassword ? l10n.t("{0} waits for a password", program) : l10n.t("{0} waits for a line", program);
}

async function ended(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
}
