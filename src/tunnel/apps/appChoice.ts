import * as l10n from "@vscode/l10n";
import type { SessionApp } from "../../api/index.js";

/** What well-known apps are called. */
const titles: Readonly<Record<string, string>> = {
  "code-server": l10n.t("VS Code in the browser"),
  vscode: l10n.t("VS Code in the browser"),
  jupyter: "Jupyter Notebook", // for programs
  jupyterlab: "JupyterLab",
  "mlflow-ui": "MLflow",
  nniboard: "NNI board", // for programs
  rstudio: "RStudio",
  sshd: "ssh",
  tensorboard: "TensorBoard",
  ttyd: l10n.t("Terminal in the browser"),
  vnc: l10n.t("Desktop"),
};

/** Apps that the server itself puts into every container, so that they can always start. */
const ownApps = new Set(["sshd", "ttyd"]);

/** An app of a session, for people. */
export interface AppChoice {
  readonly app: SessionApp;
  readonly port: number;
  /** `JupyterLab`; the name for apps that are not known. */
  readonly title: string;
  /** `jupyterlab · http · 8090`. */
  readonly facts: string;
  /** `browser`: it is a web page. `address`: other programs use it. */
  readonly opensIn: "browser" | "address";
}

/** The apps of a session, web pages first. Each of several ports is a choice of its own. */
export function appChoices(apps: readonly SessionApp[]): readonly AppChoice[] {
  const choices = apps.flatMap((app) => app.ports.map((port) => appChoice(app, port)));
  return [
    ...choices.filter(({ opensIn }) => opensIn === "browser"),
    ...choices.filter(({ opensIn }) => opensIn === "address"),
  ];
}

function appChoice(app: SessionApp, port: number): AppChoice {
  return {
    app,
    port,
    title: titles[app.name] ?? (app.name === String(port) ? l10n.t("Port {0}", port) : app.name),
    facts: [app.name === String(port) ? "" : app.name, app.protocol, String(port)]
      .filter((fact) => fact !== "")
      .join(" · "),
    opensIn: app.protocol === "http" ? "browser" : "address",
  };
}

/** Whether asking for the app makes the server start a program that the image may not have. */
export function mayFailToStart({ name, protocol }: SessionApp): boolean {
  return !ownApps.has(name) && protocol !== "preopen";
}
