import assert from "node:assert/strict";
import { ApiError, NotFoundError } from "../../../src/api/errors.js";
import { type StartObstacle, StartRefusedError } from "../../../src/base/startErrors.js";
import { describeError } from "../../../src/platform/describeError.js";
import { startRefusal } from "../../../src/sessions/start/startRefusal.js";
import type { StartRequest } from "../../../src/sessions/start/startRequest.js";
import { releases } from "../../../src/wire/releases.js";
import { startLocalServer } from "../../support/localServer.js";

const refusals: readonly [Partial<StartRequest>, StartObstacle, RegExp, string][] = [
  [{ image: "cobol" }, "image", /does not have the image cobol any more/, "chooseImage"],
  [{ group: "nobody" }, "group", /no group \(project\) nobody there/, "chooseGroupForStart"],
  [{ resourceGroup: "moon" }, "resourceGroup", /resource group moon is not there/, "chooseResourceGroup"],
  [{ name: "taken-1" }, "name", /named taken-1 is there already/, "chooseName"],
  [
    { resources: { cpu: 1, mem: "1m" } },
    "tooSmall",
    /less than the image needs: .*smaller/,
    "chooseResources",
  ],
  [{ name: "more-1" }, "quota", /limit of your account is reached: .*concurrent/, "showSessions"],
];

describe("startRefusal", () => {
  for (const { apiVersion, manager } of releases) {
    it(`tells each refusal of ${manager} by its own sentence and button`, async () => {
      const server = await startLocalServer({ apiVersion, manager, limits: { maxSessions: 2 } });
      try {
        const { sessions } = server.client;
        await sessions.create({ image: "shell", name: "taken-1" });
        for (const [options, obstacle, sentence, action] of refusals) {
          if (obstacle === "quota") {
            await sessions.create({ image: "shell", name: "other-1" });
          }
          const asked = { image: "python", name: "fresh-1", reuseIfExists: false, ...options };
          const error: unknown = await sessions.create(asked).catch((thrown: unknown) => thrown);
          const told = startRefusal(error, asked);
          assert.ok(told instanceof StartRefusedError, `${obstacle}: ${String(error)}`);
          assert.equal(told.obstacle, obstacle);
          assert.ok(told.cause instanceof ApiError);
          const { summary, detail, actions } = describeError(told);
          assert.match(summary, sentence);
          assert.ok(detail);
          assert.deepEqual(actions, [action]);
        }
      } finally {
        await server.stop();
      }
    });
  }

  it("reads the words of servers that were not tried", () => {
    const of = (slug: string, title: string, msg?: string): StartObstacle | undefined => {
      const problem = { type: `https://api.backend.ai/probs/${slug}`, title, ...(msg ? { msg } : {}) };
      const status = slug.endsWith("not-found") ? 404 : 400;
      const error = new (status === 404 ? NotFoundError : ApiError)({
        status,
        method: "POST",
        path: "/session",
        problem,
      });
      const told = startRefusal(error, { image: "python" });
      return told instanceof StartRefusedError ? told.obstacle : undefined;
    };
    const invalid = "Missing or invalid API parameters.";
    assert.equal(of("invalid-api-params", invalid, "Unknown image reference: x"), "image");
    assert.equal(of("object-not-found", "No such scaling group."), "resourceGroup");
    assert.equal(of("object-not-found", "No such user group (or project)."), "group");
    const large = "Your resource request is larger than the maximum allowed by the image. (cpu=8)";
    assert.equal(of("invalid-api-params", invalid, large), "tooLarge");
    assert.equal(
      of("invalid-api-params", invalid, "Unknown session ID or name in the dependency list"),
      "dependencies",
    );
    assert.equal(of("invalid-api-params", invalid, "Input validation error"), undefined);
    const other = new Error("something else");
    assert.equal(startRefusal(other, { image: "python" }), other);
  });
});
