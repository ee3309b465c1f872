/** A server with many sessions in a process of its own, for `sessions.ts`: `listServer.ts COUNT`; it tells its address, and sends events on demand. */
import { row, SessionServer } from "../../support/sessionServer.js";

const count = Number(process.argv[2]);
const server = await SessionServer.start();
const statuses = ["RUNNING", "RUNNING", "RUNNING", "PENDING", "TERMINATING", "PREPARING"];
server.rows = Array.from({ length: count }, (_, index) =>
  row(`session-${index}`, {
    status: statuses[index % statuses.length],
    created_at: new Date(Date.UTC(2026, 0, 1) - index * 60_000).toISOString(),
  }),
);
process.send?.({ url: server.url });
process.on("message", (message: { readonly events: number }) => {
  for (let index = 0; index < message.events; index += 1) {
    const id = `session-${(index * 7919) % count}`;
    const name = index % 2 === 0 ? "session_terminating" : "session_started";
    server.tell(name, { sessionId: id, sessionName: id, reason: "", exitCode: null });
  }
});
process.on("disconnect", () => server.stop());
