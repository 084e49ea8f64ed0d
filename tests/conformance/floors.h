/* Floors: what a suite passed when it was last counted. A suite that passes fewer fails. */
#ifndef SK_TESTS_FLOORS_H
#define SK_TESTS_FLOORS_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* 0 if PASSED is at least the floor of NAME in the file FLOORS ("name number" a line), 1 after a message if not. Without FLOORS: 0. */
static inline int
sk_floor_check(const char *floors, const char *name, uint64_t passed)
{
	char line[256], key[128];
	unsigned long long floor_ = 0;
	int found = 0;

	if (!floors)
		return 0;
	FILE *f = fopen(floors, "re");
	while (f && fgets(line, sizeof(line), f)) {
		unsigned long long n;

		if (*line != '#' && sscanf(line, "%127s %llu", key, &n) == 2 && strcmp(key, name) == 0) {
			floor_ = n;
			found = 1;
		}
	}
	if (f)
		(void)fclose(f);
	if (!found) {
		fprintf(stderr, "%s: no floor in %s\n", name, floors);
		return 1;
	}
	if (passed < floor_) {
		fprintf(stderr, "%s: passed %llu, below the floor of %llu\n", name, (unsigned long long)passed, floor_);
		return 1;
	}
	return 0;
}

#endif
