import { Emitter } from "../../base/event.js";
import type { SessionTerminal } from "../execution/index.js";

/** A terminal as real servers open it (`docs/real-servers.md`): it shows nothing, and is gone at the first key. */
export class MuteTerminal implements SessionTerminal {
  readonly #exit = new Emitter<number>();

  readonly onData = new Emitter<Buffer>().event;
  readonly onExit = this.#exit.event;

  write(): void {
    this.#exit.fire(0);
  }

  resize(): void {
    // Nobody looks.
  }

  pause(): void {
    // Nothing comes.
  }

  resume(): void {
    // Nothing comes.
  }
}
