import type { MessageHead } from "./httpMessage.js";

/** A request on its way through the proxy. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly isUpgrade: boolean;
}

/** How a fault ends or holds a connection. */
export interface LinkControl {
  /** Breaks the connection both ways at once, with a reset. */
  reset(): never;
  /** The peer has vanished: nothing more is read, answered or ended. Rejects when the connection is over. */
  vanish(): Promise<never>;
  /** Ends the connection as if all were well, behind what was given so far. */
  finish(): never;
  /** Waits; rejects when the connection is over. */
  pause(ms: number): Promise<void>;
}

/** A message on its way: its head, and its body as it is on the wire. */
export interface Passing {
  readonly head: MessageHead;
  readonly body: AsyncIterable<Buffer>;
  /** The method of the request that it is, or answers. */
  readonly method: string;
  readonly link: LinkControl;
}

/** Gives the bytes that go on in the place of a message. */
export type Shape = (message: Passing) => AsyncIterable<Buffer>;

/** Gives the bytes that go on in the place of what flows one way after an upgrade. */
export type FlowShape = (bytes: AsyncIterable<Buffer>, link: LinkControl) => AsyncIterable<Buffer>;

/** What is done to a request that meets it. All parts are optional; what is absent passes as it is. */
export interface Fault {
  /** Answers in the server's place: a whole HTTP answer. The server never hears of the request. */
  readonly instead?: () => Buffer;
  readonly request?: Shape;
  readonly answer?: Shape;
  /** Of an upgraded connection: to the server. */
  readonly up?: FlowShape;
  /** Of an upgraded connection: to the client. */
  readonly down?: FlowShape;
}

/** Which requests meet a fault, and how many of them. */
export interface FaultRule {
  readonly matches: (request: SeenRequest) => boolean;
  readonly fault: Fault;
  /** How often; without it always. */
  readonly times?: number;
}
