"use strict";
/**
 * The runner's ways out: the control channel (JSON lines over file descriptor 3) and the marked output streams 1 and 2.
 * An ordered message writes one marker into both streams and then its line with the marker's number; the reader holds
 * each stream at the marker until the line is there, so the order of all three is kept.
 */
const fs = require("node:fs");
const net = require("node:net");
const { Writable } = require("node:stream");
const { StringDecoder } = require("node:string_decoder");

/** Writes everything, waiting while the reader is behind: nothing is lost when the process ends right after. */
function writeAll(fd, data) {
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  let at = 0;
  while (at < bytes.length) {
    try {
      at += fs.writeSync(fd, bytes, at);
    } catch (error) {
      if (error.code !== "EAGAIN") {
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

class Channel {
  #mark = 0;
  #token = "";
  #last = 0;
  #socket = new net.Socket({ fd: 3, readable: true, writable: true });

  /** Calls back with every message of the engine, and ends the process group when the engine has gone. */
  constructor(onMessage) {
    const decoder = new StringDecoder("utf8");
    let rest = "";
    this.#socket.on("data", (chunk) => {
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = lines.pop();
      lines.forEach((line) => onMessage(JSON.parse(line)));
    });
    const gone = () => process.kill(-process.pid, "SIGKILL");
    this.#socket.on("end", gone).on("error", gone);
  }

  start(token) {
    this.#token = token;
  }

  /** Sends a message that has no place in the order of the output. */
  send(message) {
    writeAll(3, `${JSON.stringify(message)}\n`);
  }

  /** Sends a message after everything that was printed before it. */
  sendOrdered(message) {
    this.#mark = (this.#mark + 1) >>> 0;
    const marker = `\x1e\x1fBAI:${this.#token}:${this.#mark.toString(16).padStart(8, "0")}\x1f\x1e`;
    writeAll(1, marker);
    writeAll(2, marker);
    this.send({ ...message, mark: this.#mark });
    this.#last = 0;
  }

  /** A replacement of `process.stdout` or `process.stderr` that keeps the order between the two. */
  stream(fd) {
    const stream = new Writable({
      decodeStrings: true,
      write: (chunk, _encoding, done) => {
        if (this.#last !== 0 && this.#last !== fd) {
          this.sendOrdered({ op: "sync" });
        }
        this.#last = fd;
        writeAll(fd, chunk);
        done();
      },
    });
    return Object.assign(stream, { fd, isTTY: false });
  }
}

module.exports = { Channel };
