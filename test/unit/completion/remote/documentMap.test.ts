import assert from "node:assert/strict";
import { posix } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { DocumentMap, type DocumentMapParts } from "../../../../src/completion/remote/uris/documentMap.js";
import { fileUriOf, pathOfFileUri } from "../../../../src/completion/remote/uris/fileUri.js";
import type { UriParts } from "../../../../src/files/filePlace.js";

const folder = { scheme: "file", authority: "", path: "/home/me/my project" };

const local = (path: string): UriParts => ({ scheme: "file", authority: "", path });
const remote = (path: string, session = "mine"): UriParts => ({
  scheme: "backendai",
  authority: "local",
  path: `/${session}${path}`,
});

function mapOf(parts: Partial<DocumentMapParts> = {}): DocumentMap {
  return new DocumentMap({
    server: "local",
    session: "mine",
    isSession: (name) => name === "id-of-mine",
    home: "/home/work",
    folders: () => [folder],
    exists: () => false,
    isOnThisComputer: false,
    ...parts,
  });
}

/** Names of files as people and programs make them: anything but a slash, NUL, and the two names of folders. */
const segment = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 12, unit: "binary" }),
    fc.constantFrom(
      "a b",
      "100%",
      "%41",
      "%",
      "%zz",
      "#1?",
      "ü",
      "日本語",
      "🙂",
      "a+b&c=d",
      "[x]{y}",
      "~",
      "-",
      "'\"",
      "\\",
    ),
  )
  .map((name) => name.replaceAll("/", "_").replaceAll("\0", "_"))
  .filter((name) => name !== "." && name !== "..");
const relative = fc.array(segment, { minLength: 1, maxLength: 5 }).map((names) => names.join("/"));

describe("The addresses of documents for a language server of a session", () => {
  it("are those of the session's own files, whatever their names", () => {
    fc.assert(
      fc.property(relative, (path) => {
        const map = mapOf();
        const document = remote(`/home/work/${path}`);
        const uri = map.toServer(document) ?? "";
        assert.match(uri, /^file:\/\/\/home\/work\/[\w.~%/-]+$/);
        assert.deepEqual(map.toEditor(uri), document);
      }),
    );
  });

  it("are of any place in a session, both ways, also as Node's own encoder writes them", () => {
    fc.assert(
      fc.property(relative, (path) => {
        const place = `/${path}`;
        assert.equal(pathOfFileUri(fileUriOf(place)), place);
        // Node leaves control characters as they are, and loses those at the end.
        if (process.platform !== "win32" && !/\p{Cc}/u.test(place)) {
          assert.equal(pathOfFileUri(pathToFileURL(place).href), posix.normalize(place));
        }
      }),
    );
  });

  it("are those that a run gives files of this window", () => {
    fc.assert(
      fc.property(relative, (path) => {
        const map = mapOf({ exists: () => true });
        const document = local(`${folder.path}/${path}`);
        const uri = map.open(document);
        assert.equal(uri, fileUriOf(`/home/work/${path}`));
        assert.deepEqual(map.toEditor(uri ?? ""), document);
        map.close(document);
        assert.deepEqual(map.toEditor(uri ?? ""), document, "it is there, open or not");
      }),
    );
  });

  it("take files that belong to no folder by their names", () => {
    assert.equal(mapOf().toServer(local("/tmp/some where/x.py")), "file:///home/work/x.py");
  });

  it("take the innermost of nested folders", () => {
    const map = mapOf({ folders: () => [folder, local(`${folder.path}/inner`)] });
    assert.equal(map.toServer(local(`${folder.path}/inner/a.py`)), "file:///home/work/a.py");
  });

  it("know the session by its id and former names, and no other session", () => {
    const map = mapOf();
    assert.equal(map.toServer(remote("/home/work/a.py", "id-of-mine")), "file:///home/work/a.py");
    assert.equal(map.toServer(remote("/home/work/a.py", "other")), undefined);
    assert.equal(map.toServer({ ...remote("/home/work/a.py"), authority: "elsewhere" }), undefined);
    assert.equal(map.toServer({ scheme: "git", authority: "", path: "/a.py" }), undefined);
  });

  it("open what only the session has as its documents", () => {
    const packages = "/usr/lib/python3/site-packages/numpy/__init__.py";
    assert.deepEqual(mapOf().toEditor(fileUriOf(packages)), remote(packages));
    const helper = mapOf({ exists: ({ path }) => path === `${folder.path}/here.py` });
    assert.deepEqual(helper.toEditor("file:///home/work/here.py"), local(`${folder.path}/here.py`));
    assert.deepEqual(helper.toEditor("file:///home/work/there.py"), remote("/home/work/there.py"));
    assert.equal(mapOf().toEditor("jdt://contents/x"), undefined);
  });

  it("are the real places of the local engine, whose sessions share this computer", () => {
    const map = mapOf({ home: "/tmp/engine/mine/", isOnThisComputer: true });
    assert.equal(map.rootUri, "file:///tmp/engine/mine");
    assert.equal(map.toServer(remote("/home/work/a.py")), "file:///tmp/engine/mine/a.py");
    assert.deepEqual(map.toEditor("file:///tmp/engine/mine/a.py"), remote("/home/work/a.py"));
    assert.deepEqual(map.toEditor("file:///usr/lib/python3/os.py"), local("/usr/lib/python3/os.py"));
  });

  it("keep two open documents apart that a run would put into one place", () => {
    const map = mapOf();
    const [mine, theirs] = [local(`${folder.path}/a.py`), remote("/home/work/a.py")];
    assert.equal(map.open(mine), "file:///home/work/a.py");
    assert.equal(map.open(theirs), "file:///home/work/a~2.py");
    assert.equal(map.open(theirs), "file:///home/work/a~2.py");
    assert.deepEqual(map.toEditor("file:///home/work/a.py"), mine);
    assert.deepEqual(map.toEditor("file:///home/work/a~2.py"), theirs);
    map.close(theirs);
    map.close(mine);
    assert.deepEqual(map.toEditor("file:///home/work/a.py"), theirs);
  });
});
