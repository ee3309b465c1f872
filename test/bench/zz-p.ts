import { openBenchServer } from "./terminal/benchServer.js";
import { openOurs } from "./terminal/ourEnd.js";
import { openBare } from "./terminal/bareEnd.js";
import { prompt, typeUntil } from "./terminal/terminalEnd.js";
const way = process.argv[2] as any;
const server = await openBenchServer(process.env);
await server.withSession(async (id) => {
  const ends = { ours: await openOurs(server.client, id, { way, name: "p" }), bare: await openBare(server, id, { way, name: "p" }) };
  for (const e of Object.values(ends)) await typeUntil(e, ...prompt);
  const line = "0123456789abcdef".repeat(4).slice(1);
  for (let i = 0; i < 6; i++) for (const [who, end] of Object.entries(ends)) {
    const c0 = process.cpuUsage(); let n = 0, chars = 0;
    const ms = await new Promise<number>((res) => { typeUntil(end, `stty -onlcr; yes ${line} | head -c 20000000; stty onlcr; printf '=the%s=\\n' end\r`, "=theend=").then(res); const o = end.onOutput; end.onOutput = (x: any) => { n++; chars += x.length; o(x); }; });
    const c = process.cpuUsage(c0);
    console.log(way, who, (20000 / ms).toFixed(1), "MB/s cpu", ((c.user + c.system) / 1000).toFixed(0), "ms of", ms.toFixed(0), "pieces", n, "chars", chars);
  }
  for (const e of Object.values(ends)) await e.close();
});
await server.end();
