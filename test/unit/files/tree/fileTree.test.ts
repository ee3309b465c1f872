import assert from "node:assert/strict";
import { FileTree, pageRows } from "../../../../src/files/tree/fileTree.js";
import { type FileItem, isFileItem } from "../../../../src/files/tree/fileRow.js";
import {
  type BranchDrop,
  SessionBranches,
  type SessionBranchItem,
} from "../../../../src/sessions/sessionBranches.js";
import { withFiles } from "../support/filesTarget.js";

describe("FileTree", function () {
  this.timeout(60_000);
  const at = withFiles();
  let tree: FileTree;
  let branches: SessionBranches;
  let dropped: [FileItem, BranchDrop][];
  let changes: (string | undefined)[];

  beforeEach(() => {
    dropped = [];
    changes = [];
    tree = new FileTree(at, (target, drop) => Promise.resolve(void dropped.push([target, drop])));
    branches = new SessionBranches();
    branches.add(tree);
    branches.onDidChange((item) => changes.push(item?.row.label));
  });
  afterEach(() => {
    branches.dispose();
    tree.dispose();
  });

  const root = (): SessionBranchItem => branches.items(at.store.find(at.sessionId)!)[0]!;

  /** The row of a path, unfolded step by step as a person does. */
  const open = async (path: string): Promise<SessionBranchItem> => {
    let item = root();
    for (const name of path.split("/").slice(3)) {
      const found = (await branches.children(item)).find(({ row }) => row.label === name);
      assert.ok(found, `${name} of ${path}`);
      item = found;
    }
    return item;
  };

  const labels = async (path: string): Promise<string[]> =>
    (await branches.children(await open(path))).map(({ row }) => row.label);

  it("shows the files of running sessions below one row, and of no others", () => {
    const session = at.store.find(at.sessionId)!;
    assert.deepEqual(
      branches.items(session).map(({ row }) => [row.label, row.contextValue, row.isFolded]),
      [["Files", "file.root", true]],
    );
    assert.deepEqual(branches.items({ ...session, id: "other", status: "TERMINATING" }), []);
  });

  it("sorts folders first and counts numbers in names, and says what each row is", async () => {
    const folder = await at.folder();
    await at.run(
      `cd '${folder}' && mkdir -p zoo Älter && echo hi > 10.txt && echo hello > 2.txt && touch .hidden && ` +
        "ln -s zoo toZoo && ln -s 2.txt toFile && ln -s nowhere broken && mkfifo pipe",
    );
    const rows = (await branches.children(await open(folder))).map(({ row }) => row);
    assert.deepEqual(
      rows.map(({ label }) => label),
      ["Älter", "toZoo", "zoo", ".hidden", "2.txt", "10.txt", "broken", "pipe", "toFile"],
    );
    const of = (label: string) => rows.find((row) => row.label === label)!;
    assert.deepEqual(
      ["zoo", "toZoo", "2.txt", "toFile", "broken", "pipe"].map((label) => [
        of(label).contextValue,
        of(label).description,
        of(label).isFolded,
        of(label).icon,
        of(label).resource?.isDocument,
      ]),
      [
        ["file.folder", "", true, "folder", false],
        ["file.folder", "link", true, "folder", false],
        ["file.document", "", false, "file", true],
        ["file.document", "link", false, "file", true],
        ["file.dangling", "broken link", false, "warning", false],
        ["file.device", "", false, "circle-slash", false],
      ],
    );
    assert.match(of("2.txt").tooltip, /\/2\.txt\n6 B\nChanged /);
    assert.match(of("toFile").accessibleLabel, /^toFile, link to a file$/);
    assert.match(of("2.txt").resource!.path, new RegExp(`^/upload-[0-9a-f]+${folder}/2\\.txt$`));
  });

  it("opens folders with any name", async () => {
    const folder = await at.folder();
    await at.run(`mkdir -p '${folder}/a #%?&/b "c"/猫' && touch '${folder}/a #%?&/b "c"/猫/x'`);
    assert.deepEqual(await labels(`${folder}/a #%?&/b "c"/猫`), ["x"]);
  });

  it("keeps what it has read while the view is drawn anew, and reads again when asked", async () => {
    const folder = await at.folder();
    assert.deepEqual(await labels(folder), []);
    await at.run(`touch '${folder}/new.txt'`);
    assert.deepEqual(await labels(folder), []);
    changes = [];
    tree.refresh(at.sessionId, folder);
    assert.deepEqual(changes, [folder.split("/").at(-1)]);
    assert.deepEqual(await labels(folder), ["new.txt"]);
  });

  it("gives a row the same object as long as it is there, and forgets those that are gone", async () => {
    const folder = await at.folder();
    await at.run(`mkdir -p '${folder}/stays' '${folder}/goes/inside'`);
    const stays = await open(`${folder}/stays`);
    const inside = await open(`${folder}/goes/inside`);
    assert.equal(branches.find(inside.row.id), inside);
    await at.run(`rm -r '${folder}/goes'`);
    tree.refresh(at.sessionId, folder);
    assert.deepEqual(await labels(folder), ["stays"]);
    assert.equal(await open(`${folder}/stays`), stays);
    assert.equal(branches.find(inside.row.id), undefined);
    branches.keepOnly(new Set());
    assert.equal(branches.find(stays.row.id), undefined);
  });

  it("shows a failure as a row that tries again", async () => {
    const folder = await at.folder();
    const item = await open(folder);
    await at.run(`rm -r '${folder}'`);
    const [failure, ...others] = await branches.children(item);
    assert.deepEqual(others, []);
    assert.match(failure!.row.label, /is not in the session|There is no file|not there/i);
    assert.equal(failure!.row.command?.id, "backendai.sessions.retryRows");
    await at.run(`mkdir '${folder}' && touch '${folder}/back'`);
    changes = [];
    branches.retry(failure!);
    assert.deepEqual(changes, [item.row.label]);
    assert.deepEqual(
      (await branches.children(item)).map(({ row }) => row.label),
      ["back"],
    );
  });

  it("shows large folders page by page", async () => {
    const folder = await at.folder();
    await at.run(`cd '${folder}' && seq ${pageRows * 2 + 5} | xargs touch`);
    const item = await open(folder);
    const first = await branches.children(item);
    assert.equal(first.length, pageRows + 1);
    const more = first.at(-1)!;
    assert.equal(more.row.label, "Show 2,000 more…");
    assert.equal(more.row.description, "2,005 not shown");
    assert.ok(isFileItem(more.parent));
    tree.showMore(more.parent);
    assert.equal((await branches.children(item)).at(-1)!.row.label, "Show 5 more…");
    tree.showMore(more.parent);
    const all = await branches.children(item);
    assert.equal(all.length, pageRows * 2 + 5);
    assert.equal(all.at(-1)!.row.label, String(pageRows * 2 + 5));
  });

  it("asks the session once for a folder that is asked for twice", async () => {
    const folder = await at.folder();
    const access = await at.files.accessOf(at.client, at.sessionId);
    let asked = 0;
    const list = access.list.bind(access);
    access.list = async (path, options) => {
      asked += 1;
      return list(path, options);
    };
    const item = await open(folder);
    const before = asked;
    await Promise.all([branches.children(item), branches.children(item), labels(folder)]);
    assert.equal(asked - before, 1);
  });

  it("hands on what is dropped onto its rows", async () => {
    const folder = await at.folder();
    const item = await open(folder);
    const drop: BranchDrop = { rows: [root()], uris: ["file:///a"], files: [] };
    await branches.drop(item, drop);
    assert.deepEqual(
      dropped.map(([target, what]) => [target.row.path, what]),
      [[folder, drop]],
    );
  });
});
