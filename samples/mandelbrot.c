/* The Mandelbrot set in 256 colours. Two points share one character: the upper half block. */
#include <complex.h>
#include <stdio.h>

enum { WIDTH = 100, HEIGHT = 60, DEPTH = 120 };

static int colour(double re, double im) {
    const double complex c = re + im * I;
    double complex z = 0;
    for (int step = 0; step < DEPTH; step++) {
        z = z * z + c;
        if (creal(z) * creal(z) + cimag(z) * cimag(z) > 4) {
            return 17 + step * 5 % 214;
        }
    }
    return 16;
}

int main(void) {
    for (int row = 0; row < HEIGHT; row += 2) {
        for (int column = 0; column < WIDTH; column++) {
            const double re = -2.2 + 3.2 * column / WIDTH;
            const int upper = colour(re, -1.2 + 2.4 * row / HEIGHT);
            const int lower = colour(re, -1.2 + 2.4 * (row + 1) / HEIGHT);
            printf("\x1b[38;5;%dm\x1b[48;5;%dm\u2580", upper, lower);
        }
        puts("\x1b[0m");
    }
    return 0;
}
