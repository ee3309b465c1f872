import type { Fault, LinkControl } from "../proxy/fault.js";
import {
  answered,
  beforeRequest,
  byteByByte,
  doubledFrame,
  garbageEvents,
  garbageFrame,
  inAnswer,
  noFrame,
  oneWay,
  overLong,
  type Place as Where,
  problemAnswer,
  reset,
  slow,
  swappedFrames,
  tooShortLength,
  truncated,
  vanish,
} from "../proxy/faults.js";
import { certificates } from "../proxy/certificates.js";
import type { Cell } from "./cell.js";
import type { Operation } from "./operation.js";

/** A fault of the matrix. */
export interface Column {
  readonly name: string;
  /** What happens, in the words of the document. */
  readonly words: string;
  readonly appliesTo?: (operation: Operation) => boolean;
  /** What the operation's request meets, and how often; without `times` each time. */
  readonly fault?: (operation: Operation, cell: Cell) => Fault;
  readonly times?: number;
  /** Done when all is prepared. */
  readonly before?: (cell: Cell) => Promise<void> | void;
  /** Whether the server is replaced, so that the cell has one of its own. */
  readonly replacesServer?: boolean;
  /** Whether there is no proxy on the way. */
  readonly isDirect?: boolean;
  readonly isSecure?: boolean;
  readonly isSlow?: boolean;
}

const isAnswer = ({ carries }: Operation): boolean => carries === "answer";
const isSocket = ({ carries }: Operation): boolean => carries === "messages" || carries === "tunnel";

const resetAt = (where: Where, words: string): Column => ({
  name: `reset: ${where === "first" ? "first byte" : where === "last" ? "last byte" : where}`,
  words,
  appliesTo: (operation) => where !== "last" || isAnswer(operation),
  fault: (operation) => inAnswer(where, reset, operation),
  times: 1,
});

const htmlPage =
  "<!doctype html><html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>";

const certificate = (
  name: string,
  words: string,
  show: (cell: Pick<Cell, "proxy" | "showStranger">) => void,
): Column => ({
  name,
  words,
  isSecure: true,
  before: (cell) => {
    show(cell);
    cell.proxy.cut();
  },
});

function setClockOff(cell: Pick<Cell, "skewMs">): void {
  cell.skewMs = 3_600_000;
}

function showStranger(cell: Pick<Cell, "showStranger">): void {
  cell.showStranger();
}

/** All faults, in the order of the document. */
export const columns: readonly Column[] = [
  {
    name: "refused",
    words: "The server has gone, and nothing listens at its address.",
    replacesServer: true,
    isDirect: true,
    before: async (cell) => cell.place.stop(),
  },
  {
    name: "reset: before",
    words: "The connection breaks before the request has reached the server, once.",
    fault: () => beforeRequest,
    times: 1,
  },
  resetAt(
    "head",
    "The connection breaks within the head of the answer, once: the server has done what was asked.",
  ),
  resetAt("first", "It breaks at the first byte of the answer's body, or of what the stream carries, once."),
  resetAt("middle", "It breaks in the middle of the body or of the stream, once."),
  resetAt("last", "It breaks before the last byte of the body, once."),
  {
    name: "half-open",
    words:
      "The network is gone without a word: open connections carry nothing any more, new ones get no answer.",
    before: (cell) => cell.proxy.vanish(),
  },
  {
    name: "stalled",
    words:
      "The answer, or the stream, stands still in its middle, once, and the connection stays open; a terminal before its first word.",
    fault: (operation) => inAnswer(operation.isTyped === true ? "first" : "middle", vanish, operation),
    times: 1,
  },
  {
    name: "one way",
    words:
      "From the moment that something is typed nothing comes back any more, but all that is sent arrives; once.",
    appliesTo: ({ isTyped }) => isTyped === true,
    fault: (_, cell) => oneWay(() => cell.hasTyped),
    times: 1,
  },
  {
    name: "slow",
    words: "Everything comes and goes at 1 KB a second.",
    isSlow: true,
    fault: () => slow(1024),
  },
  {
    name: "truncated",
    words: "The body ends half-way, each time.",
    appliesTo: isAnswer,
    fault: () => truncated,
  },
  {
    name: "over-long",
    words: "More comes than the answer has announced, each time.",
    appliesTo: isAnswer,
    fault: () => overLong,
  },
  {
    name: "wrong length",
    words: "The announced length is seven bytes less than there is, each time.",
    appliesTo: isAnswer,
    fault: () => tooShortLength,
  },
  {
    name: "403 problem",
    words: "The server refuses, with a problem in JSON.",
    fault: () => problemAnswer(403, "generic-forbidden", "Not for you."),
  },
  {
    name: "404 text",
    words: "Something in between answers 404 in plain text.",
    fault: () => answered(404, "text/plain", "404: Not Found"),
  },
  {
    name: "500 problem",
    words: "The server stumbles, once: 500 without a cause.",
    fault: () => problemAnswer(500, "internal-server-error", "Internal server error"),
    times: 1,
  },
  {
    name: "500 text",
    words: "The server fails each time, in plain text.",
    fault: () => answered(500, "text/plain", "500 Internal Server Error"),
  },
  {
    name: "502 page",
    words: "A gateway in front of the server answers with a page of HTML.",
    fault: () => answered(502, "text/html", htmlPage),
  },
  {
    name: "429 ×2",
    words: "The server takes no more requests, twice, and does not say until when.",
    appliesTo: ({ carries }) => carries === "answer" || carries === "events",
    fault: () => problemAnswer(429, "rate-limit-exceeded", "Too many requests"),
    times: 2,
  },
  {
    name: "429 + 1 s",
    words: "The server takes no more requests for a second, and says so (Retry-After).",
    appliesTo: ({ carries }) => carries === "answer" || carries === "events",
    fault: () => problemAnswer(429, "rate-limit-exceeded", "Too many requests", ["Retry-After: 1"]),
    times: 1,
  },
  {
    name: "429 on",
    words: "The server takes no more requests for ten minutes.",
    fault: () => problemAnswer(429, "rate-limit-exceeded", "Too many requests", ["Retry-After: 600"]),
  },
  {
    name: "garbage frame",
    words: "A message of random bytes stands among those of a websocket, once.",
    appliesTo: isSocket,
    fault: ({ carries }) => garbageFrame(carries === "tunnel" ? 3 : 1),
    times: 1,
  },
  {
    name: "no frame",
    words: "Bytes that are no websocket frame come on a websocket, once.",
    appliesTo: isSocket,
    fault: ({ carries }) => noFrame(carries === "tunnel" ? 3 : 1),
    times: 1,
  },
  {
    name: "swapped frames",
    words: "Two messages of a tunnel come the other way round, once.",
    appliesTo: ({ carries }) => carries === "tunnel",
    fault: () => swappedFrames(4),
    times: 1,
  },
  {
    name: "doubled frame",
    words: "A message of a tunnel comes twice, once.",
    appliesTo: ({ carries }) => carries === "tunnel",
    fault: () => doubledFrame(4),
    times: 1,
  },
  {
    name: "garbage events",
    words: "Lines that are no events stand before those that are.",
    appliesTo: ({ carries }) => carries === "events",
    fault: () => garbageEvents,
  },
  {
    name: "byte by byte",
    words: "Every byte comes by itself, so that each character of several bytes is split wherever it can be.",
    fault: () => byteByByte,
  },
  {
    name: "clock off",
    words: "This computer's clock is an hour off.",
    before: setClockOff,
  },
  certificate(
    "unknown certificate",
    "The server shows a certificate that nobody trusted has signed.",
    showStranger,
  ),
  certificate(
    "wrong host",
    "The server shows a certificate for another name.",
    (cell: Pick<Cell, "proxy">) => {
      cell.proxy.certificate = certificates.ofAnotherHost;
    },
  ),
  certificate("expired", "The server's certificate has expired.", (cell: Pick<Cell, "proxy">) => {
    cell.proxy.certificate = certificates.expired;
  }),
  {
    name: "other dialect",
    words: "The server was replaced by one of another era, without its sessions, since the client connected.",
    replacesServer: true,
    before: async (cell: Pick<Cell, "place">): Promise<void> => cell.place.restart("v4.20190615"),
  },
  {
    name: "restart",
    words: "The server ends in the middle, with its sessions, and is started again.",
    replacesServer: true,
    fault: (operation, cell) =>
      inAnswer(isAnswer(operation) ? "head" : "middle", restarting(cell), operation),
    times: 1,
  },
];

function restarting({ place }: Cell): (link: LinkControl) => Promise<never> {
  return async (link) => {
    await place.restart();
    return link.reset();
  };
}
