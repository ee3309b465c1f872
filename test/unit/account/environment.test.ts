import assert from "node:assert/strict";
import { environmentTarget, hasEnvironmentTarget } from "../../../src/account/environment.js";
import { environmentServer } from "../../../src/account/environmentServer.js";
import { profileOf } from "../../../src/account/profiles/profile.js";
import { ConfigurationError } from "../../../src/base/errors.js";

const keys = { BACKEND_ACCESS_KEY: "AKIA", BACKEND_SECRET_KEY: "secret" };

describe("environmentTarget", () => {
  it("reads what the reference client reads", () => {
    assert.deepEqual(
      environmentTarget({
        ...keys,
        BACKEND_ENDPOINT: "https://a.example, https://b.example",
        BACKEND_DOMAIN: "lab",
        BACKEND_GROUP: "vision",
        BACKEND_VFOLDER_MOUNTS: "data,models",
        BACKEND_SKIP_SSLCERT_VALIDATION: "yes",
      }),
      {
        kind: "environment",
        endpoints: ["https://a.example", "https://b.example"],
        credentials: { type: "keypair", accessKey: "AKIA", secretKey: "secret" },
        domain: "lab",
        group: "vision",
        mounts: ["data", "models"],
        skipVerification: true,
      },
    );
  });

  it("takes the older names where the newer are absent", () => {
    const target = environmentTarget({
      SORNA_ENDPOINT: "http://127.0.0.1:8081",
      SORNA_ACCESS_KEY: "AKIA",
      SORNA_SECRET_KEY: "secret",
    });
    assert.equal(target.kind === "environment" && target.endpoints[0], "http://127.0.0.1:8081");
  });

  const wrong: readonly [name: string, environment: Record<string, string>, setting: string][] = [
    ["no endpoint", keys, "BACKEND_ENDPOINT"],
    ["an endpoint that is no address", { ...keys, BACKEND_ENDPOINT: "example" }, "BACKEND_ENDPOINT"],
    [
      "no access key",
      { BACKEND_ENDPOINT: "http://a.example", BACKEND_SECRET_KEY: "s" },
      "BACKEND_ACCESS_KEY",
    ],
    [
      "no secret key",
      { BACKEND_ENDPOINT: "http://a.example", BACKEND_ACCESS_KEY: "a" },
      "BACKEND_SECRET_KEY",
    ],
    [
      "a login endpoint",
      { ...keys, BACKEND_ENDPOINT: "http://a.example", BACKEND_ENDPOINT_TYPE: "session" },
      "BACKEND_ENDPOINT_TYPE",
    ],
  ];
  for (const [name, environment, setting] of wrong) {
    it(`names the variable: ${name}`, () => {
      assert.throws(
        () => environmentTarget(environment),
        (error) =>
          error instanceof ConfigurationError && error.setting === setting && error.message.includes(setting),
      );
    });
  }

  it("gives a server to be kept, under a name that is free", () => {
    const variables = {
      ...keys,
      BACKEND_ENDPOINT: "https://a.example/, https://b.example",
      BACKEND_GROUP: "vision",
      BACKEND_VFOLDER_MOUNTS: "data",
    };
    const { profile, keys: kept } = environmentServer(variables, []);
    assert.deepEqual(profile, {
      ...profileOf({ endpoint: "https://a.example, https://b.example" }),
      group: "vision",
      mounts: ["data"],
    });
    assert.deepEqual([kept?.accessKey, kept?.secretKey], ["AKIA", "secret"]);
    const taken = profileOf({ endpoint: "https://a.example" });
    assert.equal(environmentServer(variables, [taken]).profile.name, "a.example (2)");
    const same = profileOf({
      name: "Lab",
      endpoint: "https://a.example,https://b.example",
      caFile: "/ca.pem",
    });
    const { name, caFile } = environmentServer(variables, [same]).profile;
    assert.deepEqual([name, caFile], ["Lab", "/ca.pem"]);
  });

  it("gives a web server to be kept, at which the person logs in", () => {
    const variables = { BACKEND_ENDPOINT: "https://a.example", BACKEND_ENDPOINT_TYPE: "session" };
    const { profile, keys: none } = environmentServer(variables, []);
    assert.equal(profile.login, "password");
    assert.equal(none, undefined);
    assert.throws(() => environmentServer({ ...variables, BACKEND_ENDPOINT_TYPE: "api" }, []), /ACCESS_KEY/);
  });

  it("tells an environment that names a server from one that does not", () => {
    assert.equal(hasEnvironmentTarget({}), false);
    assert.equal(hasEnvironmentTarget({ BACKEND_ENDPOINT: " " }), false);
    assert.equal(hasEnvironmentTarget({ BACKEND_ENDPOINT: "http://a.example" }), true);
  });
});
