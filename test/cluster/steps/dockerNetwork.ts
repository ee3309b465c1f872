import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { runCommand, tryCommand } from "../support/runCommand.js";

const forwarding = "/proc/sys/net/ipv4/ip_forward";
const bridge = "/sys/class/net/docker0";

/** What a docker daemon changes in the network of its computer and leaves behind. */
interface NetworkRecord {
  readonly rules: string;
  readonly forwarding: string;
  readonly hasBridge: boolean;
}

/** Notes the state of the network before a docker daemon is started. */
export async function recordNetwork(folder: string): Promise<void> {
  const record: NetworkRecord = {
    rules: (await tryCommand(["iptables-save"])).stdout,
    forwarding: await readFile(forwarding, "utf8"),
    hasBridge: existsSync(bridge),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(fileIn(folder), JSON.stringify(record));
}

/** Takes away docker's own rules and bridge, unless they were there before; rules of others stay as they are now. */
export async function restoreNetwork(folder: string): Promise<void> {
  const record = JSON.parse(await readFile(fileIn(folder), "utf8")) as NetworkRecord;
  if (record.hasBridge) {
    return;
  }
  await tryCommand(["ip", "link", "delete", "docker0"]);
  await writeFile(forwarding, record.forwarding);
  const now = (await tryCommand(["iptables-save"])).stdout;
  const policy = /^:FORWARD .*$/m.exec(record.rules)?.[0] ?? ":FORWARD ACCEPT [0:0]";
  const rules = now
    .split("\n")
    .filter((line) => !/docker/i.test(line))
    .map((line) => (line.startsWith(":FORWARD") ? policy : line))
    .join("\n");
  await runCommand(["iptables-restore"], { input: rules });
}

/** Removes the note. */
export async function forgetNetwork(folder: string): Promise<void> {
  await rm(fileIn(folder), { force: true });
}

function fileIn(folder: string): string {
  return path.join(folder, "network.json");
}
