import * as l10n from "@vscode/l10n";
import { BackendAIError } from "../../../base/errors.js";

/** Why there is no kernel to ask. */
export type NoKernelReason =
  /** The session's interpreter is no kernel of Jupyter: another language, or the local engine. */
  | "none"
  /** It is not there yet. */
  | "starting"
  /** It has ended, and servers start no other. */
  | "ended"
  /** The session has no Python to ask it with. */
  | "noPython"
  /** No Python of the session has pyzmq. */
  | "noZmq";

const words: Readonly<Record<NoKernelReason, string>> = {
  none: l10n.t("The session's interpreter is no kernel of Jupyter, so its live objects can't be asked for."),
  starting: l10n.t("The session's interpreter is still starting."),
  ended: l10n.t("The session's interpreter has ended."),
  noPython: l10n.t("The session has no Python to ask its interpreter with."),
  noZmq: l10n.t("The session has no Python with pyzmq to ask its interpreter with."),
};

/** There is nobody to ask for live objects. */
export class NoKernelError extends BackendAIError {
  readonly code = "NO_KERNEL";

  constructor(readonly reason: NoKernelReason) {
    super(words[reason]);
  }
}

/** The interpreter, or what talks to it in the session, could not answer. */
export class KernelAnswerError extends BackendAIError {
  readonly code = "KERNEL_ANSWER";
}
