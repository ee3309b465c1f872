/* The Mandelbrot set. Two points share one character, the upper half block: one is its colour, one its background. */
#include <complex.h>
#include <math.h>
#include <stdio.h>

enum { WIDTH = 72, HEIGHT = 54, DEPTH = 200 };

/* How fast a point escapes, from 0 (at once) to 1 (never). */
static double endurance(double complex c) {
    double complex z = 0;
    for (int step = 0; step < DEPTH; step++) {
        z = z * z + c;
        if (cabs(z) > 4) {
            return sqrt((step + 1 - log2(log2(cabs(z)))) / DEPTH);
        }
    }
    return 1;
}

/* Prints the colour code for a point: 38 colours the character, 48 its background. */
static void paint(int code, int column, int row) {
    const double t = endurance(-2.2 + 3.2 * column / WIDTH + (-1.2 + 2.4 * row / HEIGHT) * I);
    const double glow = t < 1 ? 1 : 0;
    printf("\x1b[%d;2;%d;%d;%dm", code, (int)(glow * 255 * pow(t, 0.6)), (int)(glow * 230 * t * t),
           (int)(glow * (70 + 180 * sin(3.1 * t))));
}

int main(void) {
    for (int row = 0; row < HEIGHT; row += 2) {
        for (int column = 0; column < WIDTH; column++) {
            paint(38, column, row);
            paint(48, column, row + 1);
            printf("\u2580");
        }
        puts("\x1b[0m");
    }
    return 0;
}
