import { BackendAIError } from "../../base/errors.js";
import type { Era } from "../era.js";
import type { RefusalKind } from "./refusalKinds.js";
import { refusalShape } from "./refusalKinds.js";
import { problemPrefix } from "../../wire/problem.js";

/** What a refusal can say beside its kind. */
export interface RefusalDetails {
  readonly msg?: string;
  readonly data?: unknown;
  /** The agent's exception as Python writes it, such as `PermissionError('…')`. */
  readonly exception?: string;
  /** For `object-not-found`: what is missing, such as `virtual folder`. */
  readonly what?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is answered with a problem body. Every room of the engine throws it; the server renders it. */
export class Refusal extends BackendAIError {
  readonly code = "REFUSED";

  constructor(
    readonly kind: RefusalKind,
    readonly details: RefusalDetails = {},
    options?: ErrorOptions,
  ) {
    super(details.msg ?? kind, options);
  }
}

/** A refusal as an HTTP answer. */
export interface RenderedRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The answer that the era's servers give (`protocol.md` §8.1). */
export function renderRefusal(refusal: Refusal, era: Era): RenderedRefusal {
  const shape = refusalShape(refusal.kind, refusal.details, era);
  const { msg, data, headers } = refusal.details;
  return {
    status: shape.status,
    headers: headers ?? {},
    body: {
      type: problemPrefix + shape.slug,
      title: shape.title,
      ...(era.dialect.errors.errorCode && shape.errorCode ? { error_code: shape.errorCode } : {}),
      ...(msg !== undefined && shape.agent === undefined ? { msg } : {}),
      ...(data !== undefined ? { data } : {}),
      ...(shape.agent ? { "agent-details": shape.agent } : {}),
    },
  };
}
