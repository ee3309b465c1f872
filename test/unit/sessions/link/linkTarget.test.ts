import assert from "node:assert/strict";
import { profileOf } from "../../../../src/account/profiles/profile.js";
import { type ConnectionTarget, targetLabel } from "../../../../src/account/target.js";
import { linkQuestion } from "../../../../src/sessions/link/linkQuestion.js";
import { serverInLink, targetOfLink } from "../../../../src/sessions/link/linkTarget.js";

const work = profileOf({
  name: "Work Cluster",
  endpoint: "https://cluster.example:8090, https://two.example",
});
const home = profileOf({ name: "Home", endpoint: "http://10.0.0.5" });
const local: ConnectionTarget = { kind: "local" };
const environment: ConnectionTarget = {
  kind: "environment",
  endpoints: ["https://api.example"],
  credentials: { type: "keypair", accessKey: "A", secretKey: "S" },
  ...{ domain: "default", group: "default", mounts: [], skipVerification: false },
};

describe("the server of a link", () => {
  for (const [server, expected] of [
    [undefined, "Local engine"],
    ["local", "Local engine"],
    ["cluster.example:8090", "Work Cluster"],
    ["TWO.example", "Work Cluster"],
    ["work cluster", "Work Cluster"],
    ["Work-Cluster", "Work Cluster"],
    ["10.0.0.5", "Home"],
    ["api.example", "api.example"],
    ["cluster.example", undefined],
    ["evil.example", undefined],
  ] as const) {
    it(`${server ?? "that names none"} is ${expected ?? "none of the person's"}`, () => {
      const target = targetOfLink(server, { current: local, profiles: [work, home], environment });
      assert.equal(target && targetLabel(target), expected);
    });
  }

  it("is the one in use where it fits, and local is never a server elsewhere", () => {
    const twin = profileOf({ name: "Twin", endpoint: "https://cluster.example:8090" });
    const current: ConnectionTarget = { kind: "profile", profile: twin };
    const known = { current, profiles: [work, twin], environment: undefined };
    assert.equal(targetOfLink("cluster.example:8090", known), current);
    assert.equal(targetOfLink("local", known), undefined);
  });

  it("is named by its address, which others know too", () => {
    assert.equal(serverInLink({ kind: "profile", profile: work }), "cluster.example:8090");
    assert.equal(serverInLink(local), "local");
  });
});

describe("the question before a link is opened", () => {
  const link = { session: "train", server: undefined, file: "/home/work/a.py", action: "terminal" } as const;

  it("tells the session, the server, and each thing that will happen", () => {
    const place = {
      session: undefined,
      server: "Work",
      host: "cluster.example",
      left: "Local engine",
      isConnected: false,
    };
    const { message, detail } = linkQuestion(link, place);
    assert.equal(message, "Open session train on Work (cluster.example)?");
    assert.deepEqual(detail.split("\n"), [
      "This window connects to Work (cluster.example), as you.",
      "It leaves Local engine.",
      "The session is shown in the view “Sessions”.",
      "A terminal opens in the session.",
      "The file /home/work/a.py opens in an editor.",
      "",
      "A link asked for this. Go on only if you know where it came from.",
    ]);
  });

  it("tells nothing that will not happen", () => {
    const place = {
      session: "b",
      server: "Local engine",
      host: undefined,
      left: undefined,
      isConnected: true,
    };
    const { message, detail } = linkQuestion({ ...link, file: undefined, action: "files" }, place);
    assert.equal(message, "Open session b on Local engine?", "by its name, where it is known");
    assert.doesNotMatch(detail, /connects|leaves|terminal|editor/);
    assert.match(detail, /files are unfolded/);
  });
});
