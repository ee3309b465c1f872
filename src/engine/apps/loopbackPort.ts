import { connect, type Socket } from "node:net";

/**
 * Connects to a port of loopback, where a program of the session listens.
 * With `allowHalfOpen` our end stays open when the program has ended its own; else it ends as well.
 */
export async function dialLoopback(
  port: number,
  {
    allowHalfOpen = false,
    host = "127.0.0.1",
  }: { readonly allowHalfOpen?: boolean; readonly host?: string } = {},
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const upstream = connect({ host, port, noDelay: true, allowHalfOpen });
    upstream.on("error", reject); // stays: there is no moment at which an error may have no listener
    upstream.once("connect", () => resolve(upstream));
  });
}
