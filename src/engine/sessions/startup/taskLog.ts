/** Where a batch session's output lies inside the virtual folder `.logs` (`protocol.md` §9.5). */
export function taskLogPath(kernelId: string): string {
  const hex = kernelId.replaceAll("-", "");
  return `task/${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex.slice(4)}.log`;
}
