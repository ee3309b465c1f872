// Ulam's spiral: count outward in a spiral and mark the primes; they line up on diagonals.
const size = 41;

/** Numbers up to `limit` that no smaller one divides. */
function sieve(limit) {
  const isPrime = new Array(limit + 1).fill(true, 2);
  for (let factor = 2; factor * factor <= limit; factor++) {
    for (let multiple = factor * factor; isPrime[factor] && multiple <= limit; multiple += factor) {
      isPrime[multiple] = false;
    }
  }
  return isPrime;
}

const isPrime = sieve(size * size);
const grid = Array.from({ length: size }, () => new Array(size).fill(" "));
let [x, y, dx, dy] = [(size - 1) / 2, (size - 1) / 2, 1, 0];
let found = 0;

for (let number = 1, run = 1, left = 1, turns = 0; number <= size * size; number++) {
  if (isPrime[number]) {
    grid[y][x] = `\x1b[38;5;${45 + (found++ % 6) * 6}m●\x1b[0m`;
  }
  [x, y] = [x + dx, y + dy];
  if (--left === 0) {
    [dx, dy] = [dy, -dx];
    run += turns++ % 2;
    left = run;
  }
}

console.log(grid.map((row) => row.join(" ")).join("\n"));
console.log(`\n${found} primes up to ${size * size}`);
