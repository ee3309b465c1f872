import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly head: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'", // xterm.js makes its own
  "connect-src 'self' ws://localhost:* ws://127.0.0.1:*",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Terminal</title>
<style>html, body { height: 100%; margin: 0; background: #000; color: #ccc; overflow: hidden; font: 15px monospace }
#terminal { height: 100% }</style>
</head>
<body><div id="terminal"></div><script src="/xterm.js"></script><script src="/page.js"></script></body>
</html>
`;

/** Runs in the browser: xterm.js on ttyd's protocol. */
const script = `"use strict";
const place = document.getElementById("terminal");
if (typeof xterm === "undefined") {
  place.textContent = "This engine was built without xterm.js.";
} else {
  document.head.append(Object.assign(document.createElement("style"), { textContent: xterm.css }));
  const terminal = new xterm.Terminal({ fontFamily: "monospace", fontSize: 15 });
  const text = new TextEncoder();
  const socket = new WebSocket(location.href.replace(/^http/, "ws").replace(/[^/]*$/, "ws"), "tty");
  socket.binaryType = "arraybuffer";
  const send = (value) => socket.readyState === 1 && socket.send(text.encode(value));
  terminal.open(place);
  const fit = () => {
    const screen = place.querySelector(".xterm-screen").getBoundingClientRect();
    const columns = Math.floor((place.clientWidth * terminal.cols) / screen.width);
    terminal.resize(Math.max(2, columns), Math.max(1, Math.floor((place.clientHeight * terminal.rows) / screen.height)));
  };
  terminal.onData((data) => send("0" + data));
  terminal.onBinary((data) => socket.send(Uint8Array.from("0" + data, (letter) => letter.charCodeAt(0))));
  terminal.onResize(({ cols, rows }) => send("1" + JSON.stringify({ columns: cols, rows })));
  addEventListener("resize", fit);
  socket.onopen = () => {
    fit();
    send(JSON.stringify({ AuthToken: "", columns: terminal.cols, rows: terminal.rows }));
    terminal.focus();
  };
  let waiting = 0;
  socket.onmessage = ({ data }) => {
    const message = new Uint8Array(data);
    const rest = message.subarray(1);
    if (message[0] === 0x30) {
      waiting += rest.length;
      if (waiting > 1e6) send("2");
      terminal.write(rest, () => {
        const wasBehind = waiting > 1e6;
        waiting -= rest.length;
        if (wasBehind && waiting <= 1e6) send("3");
      });
    } else if (message[0] === 0x31) {
      document.title = new TextDecoder().decode(rest);
    }
  };
  socket.onclose = () => terminal.write("\\r\\n[The terminal has ended. Reload the page for another one.]\\r\\n");
}
`;

/** Where the build puts xterm.js: beside the bundle, or seen from the sources. */
const xtermPlaces = ["./vendor/xterm.cjs", "../../../../dist/vendor/xterm.cjs"];

/** The files of the page by their paths; `undefined` for others. */
export async function pageFile(path: string): Promise<PageFile | undefined> {
  switch (path) {
    case "/":
      return {
        head: { "content-type": "text/html;charset=utf-8", "content-security-policy": policy },
        body: html,
      };
    case "/page.js":
      return scriptFile(script);
    case "/xterm.js":
      return scriptFile(await xterm());
    default:
      return undefined;
  }
}

function scriptFile(body: string | Buffer): PageFile {
  return {
    head: { "content-type": "text/javascript;charset=utf-8", "x-content-type-options": "nosniff" },
    body,
  };
}

/** Empty in an engine that was not built. */
async function xterm(): Promise<string | Buffer> {
  for (const place of xtermPlaces) {
    const found = await readFile(fileURLToPath(new URL(place, import.meta.url))).catch(() => undefined);
    if (found !== undefined) {
      return found;
    }
  }
  return "";
}
