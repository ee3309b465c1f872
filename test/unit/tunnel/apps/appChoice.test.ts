import assert from "node:assert/strict";
import type { SessionApp } from "../../../../src/api/index.js";
import { appChoices, mayFailToStart } from "../../../../src/tunnel/apps/appChoice.js";

const app = (name: string, protocol: string, ...ports: readonly number[]): SessionApp => ({
  name,
  protocol,
  ports,
});

describe("the apps of a session, for people", () => {
  it("are web pages first, each port for itself, in the server's order", () => {
    const choices = appChoices([
      app("sshd", "tcp", 2200),
      app("ttyd", "http", 7681),
      app("jupyterlab", "http", 8090),
      app("ray", "http", 8265, 8266),
      app("5000", "preopen", 5000),
    ]);
    assert.deepEqual(
      choices.map(({ title, facts, opensIn }) => [title, facts, opensIn]),
      [
        ["Terminal in the browser", "ttyd · http · 7681", "browser"],
        ["JupyterLab", "jupyterlab · http · 8090", "browser"],
        ["ray", "ray · http · 8265", "browser"],
        ["ray", "ray · http · 8266", "browser"],
        ["ssh", "sshd · tcp · 2200", "address"],
        ["Port 5000", "preopen · 5000", "address"],
      ],
    );
    assert.deepEqual(
      choices.map(({ port }) => port),
      [7681, 8090, 8265, 8266, 2200, 5000],
    );
  });

  it("are none where there is none", () => {
    assert.deepEqual(appChoices([]), []);
    assert.deepEqual(appChoices([app("odd", "http")]), []);
  });

  it("may fail to start when the image has to bring them", () => {
    const apps = [
      app("sshd", "tcp", 2200),
      app("ttyd", "http", 7681),
      app("5000", "preopen", 5000),
      app("jupyter", "http", 8080),
      app("vnc", "tcp", 5900),
    ];
    assert.deepEqual(
      apps.filter(mayFailToStart).map(({ name }) => name),
      ["jupyter", "vnc"],
    );
  });
});
