/** What a window does when it is ended in the middle: saves a large file and follows a run, until somebody kills this process. */
import { randomBytes } from "node:crypto";
import { BackendAIClient } from "../../../src/api/index.js";
import { TurnQueue } from "../../../src/base/turnQueue.js";
import { planRun } from "../../../src/run/plan/runPlan.js";
import { calm, sftpAccessOf, tunnelsOf } from "../../unit/files/support/accessTarget.js";
import { executionOf } from "../../unit/run/support/openRun.js";

const [endpoint = "", accessKey = "", secretKey = "", id = "", work = ""] = process.argv.slice(2);
const client = await BackendAIClient.connect({
  endpoint,
  credentials: { type: "keypair", accessKey, secretKey },
});
const tunnels = await tunnelsOf(client);
if (work === "save") {
  const piece = randomBytes(50_000);
  const content = {
    size: 400 * piece.length,
    *open() {
      for (let count = 0; count < 400; count += 1) {
        if (count === 100) {
          console.log("in the middle");
        }
        yield piece;
      }
    },
  };
  await sftpAccessOf(tunnels, client, id).write("/home/work/saved.bin", content, calm);
} else {
  const place = { client, session: { id, name: "host" }, ssh: tunnels.ssh(client, id) };
  const plan = planRun("python", "a.py", undefined);
  let printed = "";
  let isTold = false;
  for await (const event of executionOf(place, {
    carrier: "ssh",
    plan,
    kind: "pipes",
    queue: new TurnQueue(),
  })) {
    printed += event.type === "output" ? event.text : ""; // a line may come in pieces, as Python writes them
    if (!isTold && printed.includes("line 3")) {
      isTold = true;
      console.log("in the middle");
    }
  }
}
