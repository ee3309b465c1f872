/** The flood of `runs.ts` in a process of its own, for its memory: `runsFlood.ts SESSION api|ssh MEGABYTES`; the answer is JSON. */
import { environmentTarget } from "../../src/account/environment.js";
import { BackendAIClient } from "../../src/api/index.js";
import { freshSsh } from "../unit/tunnel/support/freshSsh.js";
import { flooded } from "./runs/flood.js";

const [id = "", carrier, megabytes] = process.argv.slice(2);
const target = environmentTarget(process.env);
if (target.kind !== "environment") {
  throw new Error("The environment names no server.");
}
const { credentials, endpoints } = target;
const client = await BackendAIClient.connect({ endpoint: endpoints, credentials });
const ssh = freshSsh(client, id);
try {
  const place = { client, session: { id, name: "flood" }, ssh };
  const options = { carrier: carrier === "api" ? "api" : "ssh", megabytes: Number(megabytes) } as const;
  console.log(JSON.stringify(await flooded(place, options)));
} finally {
  ssh.dispose();
  await client.close();
}
