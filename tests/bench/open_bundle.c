/* usage: open_bundle BUNDLE: milliseconds that sk_bundle_open_file() takes, the median of 21, every byte of the file already in the page cache. */
#include "vm/bundle/bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 21

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	double ms[ROUNDS];

	for (int i = 0; argc == 2 && i < ROUNDS; i++) {
		struct sk_bundle *bundle;
		struct sk_reject why;
		double start = now();

		if (sk_bundle_open_file(argv[1], &bundle, &why) < 0) {
			fprintf(stderr, "%s: %s\n", argv[1], why.text);
			return 1;
		}
		ms[i] = (now() - start) * 1e3;
		sk_bundle_close(bundle);
	}
	if (argc != 2)
		return 2;
	qsort(ms, ROUNDS, sizeof(ms[0]), by_value);
	printf("%.2f\n", ms[ROUNDS / 2]);
	return 0;
}
