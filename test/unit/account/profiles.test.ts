import assert from "node:assert/strict";
import {
  endpointsOf,
  profileId,
  profileOf,
  readProfiles,
  settingOf,
} from "../../../src/account/profiles/profile.js";
import { ProfileSecrets } from "../../../src/account/profiles/profileSecrets.js";
import { ProfileStore } from "../../../src/account/profiles/profileStore.js";
import { Emitter } from "../../../src/base/event.js";
import { memorySecrets } from "./support/memorySecrets.js";

const plain = {
  id: "api.example.com",
  name: "api.example.com",
  endpoints: ["https://api.example.com"],
  login: "keypair",
  domain: "default",
  group: "default",
  mounts: [],
  caFile: undefined,
  skipVerification: false,
};

describe("profiles of the setting", () => {
  it("need an address only", () => {
    assert.deepEqual(readProfiles([{ endpoint: "api.example.com/" }]), { profiles: [plain], problems: [] });
  });

  it("say everything else as well, and are written as they are read", () => {
    const setting = {
      name: "Campus GPU",
      endpoint: "https://a.example.com, http://b.example.com:8090/api",
      login: "password" as const,
      domain: "lab",
      group: "vision",
      mounts: ["data"],
      caFile: "/etc/campus.pem",
      skipVerification: true,
    };
    const profile = profileOf(setting);
    assert.equal(profile.id, "campus-gpu");
    assert.deepEqual(profile.endpoints, ["https://a.example.com", "http://b.example.com:8090/api"]);
    assert.deepEqual(settingOf(profile), setting);
  });

  it("are named and left out when they can't be used, and the others stay", () => {
    const { profiles, problems } = readProfiles([
      { endpoint: "https://good.example.com" },
      "https://api.example.com",
      { endpoint: "ftp://api.example.com" },
      { endpoint: "https://user@api.example.com" },
      { name: "no address" },
      { endpoint: "https://x.example.com", login: "magic" },
      { endpoint: "https://x.example.com", name: "GOOD.example.com" },
      { endpoint: "https://x.example.com", name: "Local" },
      { endpoint: "https://x.example.com", mounts: "data" },
    ]);
    assert.deepEqual(
      profiles.map(({ id }) => id),
      ["good.example.com"],
    );
    assert.equal(problems.length, 8);
    assert.match(problems[1] ?? "", /^Server 3 .*ftp:\/\/api.example.com.* is no http or https address\.$/);
  });

  it("have ids for addresses of files", () => {
    assert.equal(profileId("  Campus / GPU (new) "), "campus-gpu-new");
    assert.equal(profileId("학교"), "학교");
    assert.equal(profileId("///"), "server");
    assert.throws(() => endpointsOf(" , "), /no endpoint/);
  });
});

describe("ProfileStore", () => {
  it("adds, replaces and removes, and leaves mistakes of others as they are", async () => {
    let value: unknown = [{ endpoint: "nonsense://x" }, { endpoint: "https://a.example.com", name: "A" }];
    const store = new ProfileStore({
      read: () => value,
      write: (next) => Promise.resolve(void (value = next)),
      onDidChange: new Emitter<void>().event,
    });
    await store.save(profileOf({ endpoint: "https://b.example.com", name: "B" }));
    await store.save(profileOf({ endpoint: "https://other.example.com", name: "A" }));
    assert.deepEqual(value, [
      { endpoint: "nonsense://x" },
      { endpoint: "https://other.example.com", name: "A", login: "keypair" },
      { endpoint: "https://b.example.com", name: "B", login: "keypair" },
    ]);
    await store.remove("a");
    assert.deepEqual(
      store.profiles.map(({ id }) => id),
      ["b"],
    );
    assert.equal(store.problems.length, 1);
    store.dispose();
  });
});

describe("ProfileSecrets", () => {
  const profile = profileOf({ endpoint: "https://a.example.com", name: "A" });
  const signIn = {
    secret: { type: "keypair", accessKey: "AKIA", secretKey: "s" },
    user: "AKIA",
  } as const;

  it("keeps a sign-in for its addresses and way alone", async () => {
    const secrets = new ProfileSecrets(memorySecrets());
    await secrets.set(profile, signIn);
    assert.deepEqual(await secrets.get(profile), signIn);
    assert.equal(await secrets.get({ ...profile, endpoints: ["https://evil.example.com"] }), undefined);
    assert.equal(await secrets.get({ ...profile, login: "password" }), undefined);
    await secrets.delete(profile.id);
    assert.equal(await secrets.get(profile), undefined);
    secrets.dispose();
  });

  it("tells every window, and takes nothing of another version for granted", async () => {
    const shared = memorySecrets();
    const secrets = new ProfileSecrets(shared);
    const told: string[] = [];
    secrets.onDidChange((id) => told.push(id));
    await shared.store("backendai.signIn.a", '{"secret":{"type":"keypair"},"user":"x","endpoints":[]}');
    await shared.store("another", "x");
    assert.equal(await secrets.get(profile), undefined);
    await shared.store("backendai.signIn.a", "no json");
    assert.equal(await secrets.get(profile), undefined);
    assert.deepEqual(told, ["a", "a"]);
    secrets.dispose();
  });
});
