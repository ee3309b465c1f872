import assert from "node:assert/strict";
import * as vscode from "vscode";
import { ConnectionStore } from "../../src/account/connectionStore.js";
import { silentLogger } from "../../src/base/logger.js";
import { SessionBranches } from "../../src/sessions/sessionBranches.js";
import { SessionFeed } from "../../src/sessions/sessionFeed.js";
import { SessionStore } from "../../src/sessions/sessionStore.js";
import { SessionFactsStore } from "../../src/sessions/tree/sessionFacts.js";
import { SessionForest } from "../../src/sessions/tree/sessionForest.js";
import { type SessionRow, SessionTreeProvider } from "../../src/sessions/vscode/sessionTreeProvider.js";
import { session } from "../support/records.js";
import { disconnect } from "./support.js";

/** The rows as VS Code's own objects. Which rows there are, and when they are drawn anew, is for the unit tests. */
describe("Rows of sessions", () => {
  const store = new SessionStore();
  const forest = new SessionForest(store);
  const branches = new SessionBranches();
  const connection = new ConnectionStore(() => Promise.reject(new Error("There is none.")), silentLogger);
  const logger = silentLogger;
  const feed = new SessionFeed({ connection, store, logger });
  const didChange = new vscode.EventEmitter<SessionRow | undefined>();
  const facts = new SessionFactsStore(connection);
  const provider = new SessionTreeProvider({ store, feed, forest, branches, facts, logger }, didChange.event);
  const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

  after(() => {
    for (const owned of [feed, forest, branches, didChange]) {
      owned.dispose();
    }
  });

  const items = async (parent?: SessionRow): Promise<vscode.TreeItem[]> =>
    (await provider.getChildren(parent)).map((row) => provider.getTreeItem(row));

  it("have icon and colour by state, a stable id, a context value, and words for who can't see", async () => {
    store.replace({
      phase: "ready",
      sessions: [session({ id: "a", name: "runs" }), session({ id: "b", name: "fails", status: "ERROR" })],
    });
    const [runs, fails] = await items();
    assert.deepEqual(
      runs?.iconPath,
      new vscode.ThemeIcon("vm-running", new vscode.ThemeColor("testing.iconPassed")),
    );
    assert.deepEqual(
      fails?.iconPath,
      new vscode.ThemeIcon("error", new vscode.ThemeColor("testing.iconFailed")),
    );
    assert.deepEqual([runs.id, fails.id], ["a", "b"]);
    assert.deepEqual([runs.contextValue, fails.contextValue], ["session.running", "session.failed"]);
    assert.equal(runs.accessibilityInformation?.label, "Session runs, running, image python:3.11");
    assert.equal(runs.tooltip, undefined, "VS Code asks for it when the pointer rests on the row");
    assert.equal(runs.collapsibleState, None);
  });

  it("fold sessions with rows below where there are many of them", async () => {
    const below = branches.add({
      rows: ({ id }) => [
        {
          ...{ id: `below:${id}`, label: "Below", description: "", tooltip: "", icon: "file" },
          ...{ contextValue: "below", accessibleLabel: "Below" },
        },
      ],
    });
    const some = (count: number): void =>
      store.replace({
        phase: "ready",
        sessions: Array.from({ length: count }, (_, i) => session({ id: `s${i}` })),
      });
    some(2);
    assert.equal((await items())[0]?.collapsibleState, Expanded);
    some(4);
    assert.equal((await items())[0]?.collapsibleState, Collapsed);
    below.dispose();
  });

  it("are under headings where there are many, with those that ended folded", async () => {
    store.replace({
      phase: "ready",
      sessions: Array.from({ length: 700 }, (_, i) => session({ id: `s${i}` })),
    });
    const [running, ended] = await provider.getChildren();
    assert.ok(running !== undefined && ended !== undefined);
    const shown = provider.getTreeItem(running);
    assert.deepEqual([shown.label, shown.description, shown.collapsibleState], ["Running", "700", Expanded]);
    assert.equal(provider.getTreeItem(ended).collapsibleState, Collapsed);
    const rows = await provider.getChildren(running);
    const more = provider.getTreeItem(rows.at(-1)!);
    assert.equal(more.command?.command, "backendai.sessions.showMore");
    assert.equal(provider.getParent(rows[0]!), running);
  });

  it("do without a tooltip where there is no server to ask", async () => {
    const [running] = await provider.getChildren();
    const [row] = await provider.getChildren(running);
    const token = new vscode.CancellationTokenSource().token;
    const item = await provider.resolveTreeItem(provider.getTreeItem(row!), row!, token);
    assert.equal(item.tooltip, undefined);
  });

  it("are filtered and asked for by commands, also without a connection", async () => {
    await disconnect();
    for (const command of ["clearFilter", "showEnded", "showAll", "showOwn", "showMore"]) {
      await vscode.commands.executeCommand(`backendai.sessions.${command}`);
    }
    await vscode.commands.executeCommand("backendai.sessions.filter", "python");
    await vscode.commands.executeCommand("backendai.sessions.clearFilter");
  });
});
