import assert from "node:assert/strict";
import {
  type BackendAIClient,
  ConfigurationError,
  type ConnectOptions,
  LoginError,
  UnauthorizedError,
} from "../../../src/api/index.js";
import { collect, rejection } from "../assertions.js";
import { caseGroup } from "../conformanceCase.js";
import type { CaseContext } from "../context.js";
import { play } from "../playing.js";
import { watch } from "../watching.js";
import { loginOf } from "./auth.js";

/** How to connect with a password, right or wrong. */
function byPassword(context: CaseContext, wrong?: string): Pick<ConnectOptions, "endpoint" | "credentials"> {
  const { endpoint, username, password } = loginOf(context);
  return { endpoint, credentials: { type: "login", username, password: wrong ?? password } };
}

async function loggedIn(context: CaseContext): Promise<BackendAIClient> {
  return context.connect(byPassword(context));
}

export const login = caseGroup("W", "Login through the web server", [
  {
    covers: ["login"],
    title: "logs in, and knows who it is",
    run: async (context) => {
      const client = await loggedIn(context);
      assert.equal(client.accessKey, context.target.keypair.accessKey);
      await client.auth.test();
      const { isAuthenticated, accessKey } = await client.auth.loginCheck();
      assert.deepEqual([isAuthenticated, accessKey], [true, context.target.keypair.accessKey]);
    },
  },
  {
    covers: ["login"],
    title: "refuses a wrong password",
    run: async (context) => {
      const wrong = context.connect(byPassword(context, "wrong"));
      assert.equal((await rejection(wrong, LoginError)).needs, "password");
    },
  },
  {
    covers: ["login"],
    title: "carries sessions, files and runs, over requests and over websockets",
    run: async (context) => {
      const client = await loggedIn(context);
      const id = await context.python();
      await client.files.upload(id, [{ path: "web/note.txt", content: Buffer.from("by cookie") }]);
      const code = "import shutil; print(open('web/note.txt').read()); shutil.rmtree('web')";
      const polled = await play(client.runs.start(id, { mode: "query", code }));
      assert.equal(polled.stdout.trim(), "by cookie");
      const plan = { mode: "query", code: "print('streamed')" } as const;
      assert.equal((await play(client.runs.start(id, plan, { carrier: "stream" }))).stdout, "streamed\n");
      assert.equal((await client.sessions.info(id)).status, "RUNNING");
    },
  },
  {
    covers: ["login"],
    title: "lists sessions and images by GraphQL",
    run: async (context) => {
      const client = await loggedIn(context);
      const id = await context.python();
      const { items } = await client.sessions.page({ status: "RUNNING" });
      assert.ok(items.some((session) => session.id === id));
      assert.ok((await client.images.list()).length > 0);
    },
  },
  {
    covers: ["login", "stream_pty"],
    title: "carries a terminal",
    defects: ["terminalMute"],
    run: async (context) => {
      const client = await loggedIn(context);
      const { id } = await context.ownPython();
      const terminal = await client.terminals.open(id);
      context.onEnd(async () => terminal.close());
      await terminal.write("echo $((40 + 2))-web\r");
      let shown = "";
      for await (const bytes of terminal) {
        shown += Buffer.from(bytes).toString("latin1");
        if (shown.includes("42-web")) {
          break;
        }
      }
      assert.match(shown, /42-web/);
    },
  },
  {
    covers: ["login", "stream_events"],
    title: "carries events",
    lacks: {
      feature: "events",
      refused: async (context) => collect((await loggedIn(context)).events.sessions()),
    },
    run: async (context) => {
      const stream = await watch(context, {}, byPassword(context));
      const { id, name } = await context.ownPython();
      await context.target.destroy(id);
      await stream.seen(name, "kernel_terminated");
    },
  },
  {
    covers: ["login"],
    title: "logs out and in again",
    run: async (context) => {
      const client = await loggedIn(context);
      await client.auth.logout();
      await rejection(client.auth.test(), UnauthorizedError);
      assert.equal((await client.auth.loginCheck()).isAuthenticated, false);
      const { username, password } = loginOf(context);
      await client.auth.login({ username, password });
      await client.auth.test();
    },
  },
  {
    covers: ["login"],
    title: "is no matter of keypairs",
    run: async ({ client }) => {
      await rejection(client.auth.loginCheck(), ConfigurationError);
      await rejection(client.auth.logout(), ConfigurationError);
    },
  },
]);
