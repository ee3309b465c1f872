import {
  ApiError,
  type BackendAIError,
  NetworkError,
  StreamClosedError,
  TimeoutError,
} from "../../../src/api/index.js";

/** What became of an operation. */
export interface OutcomeRow {
  /** What happened to the cluster or was asked of it. */
  readonly fault: string;
  readonly operation: string;
  readonly outcome: string;
  /** From the fault, or from the call where that came later. */
  readonly ms: number;
}

/** Collects what became of each operation, as Markdown for the documentation. */
export class OutcomeTable {
  readonly #rows: OutcomeRow[] = [];

  add(row: OutcomeRow): void {
    this.#rows.push(row);
  }

  /** Rows in the order in which they came. */
  toMarkdown(): string {
    const rows = this.#rows.map(({ fault, operation, outcome, ms }) =>
      [fault, operation, outcome, `${(ms / 1000).toFixed(1)} s`].join(" | "),
    );
    return ["fault | operation | outcome | after", "--- | --- | --- | ---", ...rows]
      .map((row) => `| ${row} |`)
      .join("\n");
  }
}

/** Class of an error and the one detail that tells it from its like. */
export function errorWords(error: BackendAIError): string {
  return [error.name, detailOf(error)].filter((word) => word !== undefined).join(" ");
}

function detailOf(error: BackendAIError): string | number | undefined {
  if (error instanceof StreamClosedError) {
    return error.closeCode;
  }
  if (error instanceof TimeoutError) {
    return `(${error.phase})`;
  }
  if (error instanceof NetworkError) {
    return error.reason;
  }
  return error instanceof ApiError ? error.status : undefined;
}
