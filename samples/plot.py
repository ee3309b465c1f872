"""A picture from a session. Needs matplotlib; says how to get it where it is missing."""

import math
import sys

try:
    import matplotlib.pyplot as plt
except ImportError:
    sys.exit("This sample draws with matplotlib, which this session lacks.\nIn its terminal: pip install matplotlib")

turns = [i / 400 * 24 * math.pi for i in range(4001)]
radii = [math.exp(math.sin(t)) - 2 * math.cos(4 * t) + math.sin((2 * t - math.pi) / 24) ** 5 for t in turns]

axes = plt.figure(figsize=(6, 6)).add_subplot(projection="polar")
axes.scatter(turns, radii, c=turns, cmap="plasma", s=3)
axes.set_axis_off()
axes.set_title("Fay's butterfly")
plt.savefig("butterfly.png", dpi=150)
plt.show()
print("The picture is in butterfly.png")
