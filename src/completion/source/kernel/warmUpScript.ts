/**
 * Reads for the kernel what its completion knows of Python's own types. The first time, that takes seconds, in which no run would begin; so
 * another process does it, gently, and leaves it in the cache that the kernel itself would fill (`~/.cache/jedi`).
 */
export const warmUpScript: string = String.raw`
import os, sys
if sys.path[:1] == [""]:
    del sys.path[0]
os.nice(19)
import jedi
for code in ("", "f(", "import os; os.path."):
    for completion in jedi.Interpreter(code, [{"f": len}]).complete():
        completion.type
        [parameter.to_string() for signature in completion.get_signatures()[:1] for parameter in signature.params]
`;
