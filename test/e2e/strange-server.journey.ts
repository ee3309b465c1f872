/** Something that is no Backend.AI server: a page where an answer should be. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Journey } from "../host/index.js";

export const journey: Journey = {
  async prepare() {
    const server = createServer((_, response) => {
      response.setHeader("content-type", "text/html").end("<!doctype html><h1>It works!</h1>");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    return {
      env: {
        BACKEND_ENDPOINT: `http://127.0.0.1:${String(port)}`,
        BACKEND_ACCESS_KEY: "AKIAEXAMPLE",
        BACKEND_SECRET_KEY: "not-a-secret",
      },
      stop: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },

  async run(workbench) {
    await workbench.openFile("hello.py");
    await workbench.editors.clickTitleAction("Run Current File");
    await workbench.notifications.waitFor("is no Backend.AI server");
    await workbench.screenshot("strange-server-1-message");
  },
};
