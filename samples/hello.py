"""A first run: colours, and output that arrives while the program still works."""

import platform
import time

RAINBOW = (196, 208, 226, 46, 51, 21, 201)


def rainbow(text: str) -> str:
    painted = (f"\x1b[38;5;{RAINBOW[i % len(RAINBOW)]}m{letter}" for i, letter in enumerate(text))
    return "".join(painted) + "\x1b[0m"


print(rainbow("Hello from a Backend.AI session!"))
print(f"Python {platform.python_version()} on {platform.system()}\n")

STEPS = 24
for step in range(STEPS + 1):
    bar = "\x1b[32m" + "█" * step + "\x1b[90m" + "░" * (STEPS - step) + "\x1b[0m"
    print(f"\r  {bar} {100 * step // STEPS:3d} %", end="", flush=True)
    time.sleep(2 / STEPS)

print("\n\n  안녕하세요 · こんにちは · ¡Hola! · \x1b[1mdone\x1b[0m")
