import path from "node:path";
import { build } from "esbuild";

/** Bundles the program between ssh and a window as it ships, into `folder`. */
export async function bundleProxy(folder: string): Promise<string> {
  const outfile = path.join(folder, "proxy.cjs");
  await build({
    entryPoints: ["src/tunnel/external/proxyCommand.ts"],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    outfile,
  });
  return outfile;
}
