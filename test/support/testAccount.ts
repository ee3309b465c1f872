import { Account } from "../../src/account/account.js";
import type { ConnectionStore } from "../../src/account/connectionStore.js";
import { ProfileStore } from "../../src/account/profiles/profileStore.js";
import { Emitter } from "../../src/base/event.js";
import { memoryStore } from "../unit/tunnel/support/memoryStore.js";

/** The account of somebody who has added no servers, over a connection that a test made. */
export function testAccount(connection: ConnectionStore): Account {
  const profiles = new ProfileStore({
    read: () => [],
    write: () => Promise.reject(new Error("This test changes no settings.")),
    onDidChange: new Emitter<void>().event,
  });
  return new Account({ connection, profiles, environment: {}, memory: memoryStore() });
}
