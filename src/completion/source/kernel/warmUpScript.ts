/**
 * Reads for the kernel what its completion knows of Python's own types. The first time, that takes seconds, in which no run would begin; so
 * another process does it, gently, and leaves it in the cache that the kernel itself would fill (`~/.cache/jedi`). A file has its name
 * there when all of it is written: with half of one, of a process that was ended meanwhile, the kernel would complete nothing any more.
 */
export const warmUpScript: string = String.raw`
import os, sys
if sys.path[:1] == [""]:
    del sys.path[0]
os.nice(19)
import jedi, parso.cache
class Whole:
    def __init__(self, path):
        self.path, self.file = path, open("%s.%d.part" % (path, os.getpid()), "wb")
    def __enter__(self):
        return self.file
    def __exit__(self, kind, *_):
        self.file.close()
        if kind is None:
            os.replace(self.file.name, self.path)
parso.cache.open = lambda path, mode="r": Whole(path) if mode == "wb" else open(path, mode)
for code in ("", "f(", "import os; os.path."):
    for completion in jedi.Interpreter(code, [{"f": len}]).complete():
        completion.type
        [parameter.to_string() for signature in completion.get_signatures()[:1] for parameter in signature.params]
`;
