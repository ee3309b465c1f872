import type { SeenRequest } from "../proxy/fault.js";
import type { Cell } from "./cell.js";

/** How an operation came out, for its own checks. */
export interface OperationEnd {
  /** Whether it did what it was to do, as far as a person was told. */
  readonly isDone: boolean;
}

/** What a person does, by the layers that the product does it with. */
export interface Operation {
  readonly name: string;
  /** What it is, in the words of the document. */
  readonly words: string;
  /** Which request meets the faults. */
  readonly at: (request: SeenRequest) => boolean;
  /** What that request opens: nothing, a websocket, or a stream of events. */
  readonly carries: "answer" | "messages" | "tunnel" | "events";
  /** Bytes of what it opens after which its middle has come. */
  readonly flowBytes: number;
  readonly hasSession: boolean;
  /** Whether a person waits for it alone: what fails then is not told. */
  readonly isQuiet?: boolean;
  /** Whether a person types into what the request opens. */
  readonly isTyped?: boolean;
  /** Whether the server does it at most once, whatever happens: how often it was done. */
  readonly count?: (cell: Cell) => Promise<number>;
  /** What comes before, without faults. */
  readonly prepare?: (cell: Cell) => Promise<void>;
  /** Does it. What a layer throws is what commands tell a person, once; what it tells by itself goes to `cell.told`. */
  readonly act: (cell: Cell) => Promise<void>;
  /** Compares contents: none lost, none doubled. */
  readonly verify: (cell: Cell, end: OperationEnd) => Promise<void>;
}
