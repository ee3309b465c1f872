import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import * as z from "zod/mini";
import { Refusal } from "../http/refusal.js";

const Ticket = z.object({
  op: z.enum(["upload", "download"]),
  folder: z.string(),
  path: z.string(),
  /** Of uploads. */
  size: z.optional(z.number()),
  session: z.optional(z.string()),
  exp: z.number(),
});

/** Leave to move the bytes of one file, without any other proof of who asks. */
export type Ticket = z.infer<typeof Ticket>;

/** Seconds for which a ticket holds. */
const lifeSeconds = 24 * 60 * 60;

/** Gives out tickets and knows its own again: JSON web tokens, as those of real servers. */
export class Tickets {
  readonly #secret = randomBytes(32);

  issue(ticket: Omit<Ticket, "exp">): string {
    const exp = Math.floor(Date.now() / 1000) + lifeSeconds;
    const parts = [
      { alg: "HS256", typ: "JWT" },
      { ...ticket, exp },
    ];
    const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${text}.${this.#sign(text).toString("base64url")}`;
  }

  /** @throws {Refusal} 400 when it is none of ours, out of date, or for something else. */
  check(token: string, op: Ticket["op"]): Ticket {
    const [head = "", body = "", signature = ""] = token.split(".");
    const given = Buffer.from(signature, "base64url");
    const own = this.#sign(`${head}.${body}`);
    const isOwn = given.length === own.length && timingSafeEqual(given, own);
    const ticket = isOwn
      ? Ticket.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()))
      : undefined;
    if (ticket?.success !== true || ticket.data.op !== op || ticket.data.exp * 1000 < Date.now()) {
      throw new Refusal("storage-parameters", { data: { token: "cannot decode the given value as JWT" } });
    }
    return ticket.data;
  }

  #sign(text: string): Buffer {
    return createHmac("sha256", this.#secret).update(text).digest();
  }
}
