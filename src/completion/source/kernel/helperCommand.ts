import { shellCommand } from "../../../base/text.js";

/** What the helper is run with: the Python of Backend.AI's own runner is in every session, also those of R or Julia. */
const pythons = "/opt/backend.ai/bin/python python3 python";

/**
 * The script comes on the input, as sshd of real sessions takes no command longer than 9,000 bytes; what follows it there is the
 * script's own. `-I`: modules of the person's folder are not ours.
 */
const bootScript = `import os, sys
left = int(sys.argv[1])
source = b""
while left > 0:
    piece = os.read(0, left)
    if not piece:
        sys.exit()
    source += piece
    left -= len(piece)
source = source.decode()
exec(compile(source, "backendai-completion", "exec"))
`;

const startScript = `for python in ${pythons}; do
  command -v "$python" >/dev/null 2>&1 && exec "$python" -I -c "$@"
done
echo '{"none": "no-python"}'
`;

/** A command that runs a script of Python, and what it must get on its input first. */
export function helperCommand(script: string): { readonly command: string; readonly input: Buffer } {
  const input = Buffer.from(script);
  return { command: shellCommand(startScript, "completion", bootScript, String(input.length)), input };
}
