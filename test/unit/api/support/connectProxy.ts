import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** An HTTP proxy that knows CONNECT alone, and remembers where to. */
export class ConnectProxy {
  readonly targets: string[] = [];
  /** What it answers instead of letting anything through, such as `407 Proxy Authentication Required`. */
  refusal: string | undefined;
  readonly #server: Server = createServer();

  static async start(): Promise<ConnectProxy> {
    const proxy = new ConnectProxy();
    proxy.#server.on("connect", (request, client) => {
      const [host = "", port = ""] = (request.url ?? "").split(":");
      proxy.targets.push(request.url ?? "");
      client.on("error", () => client.destroy());
      if (proxy.refusal !== undefined) {
        client.end(`HTTP/1.1 ${proxy.refusal}\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      const upstream = connect(Number(port), host, () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on("error", () => client.destroy());
      client.on("error", () => upstream.destroy());
    });
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
