/* Feeds files to a fuzz target without libFuzzer. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int
feed(const char *path)
{
	FILE *f = fopen(path, "rb");
	long n = -1;
	uint8_t *data = NULL;

	if (f && fseek(f, 0, SEEK_END) == 0 && (n = ftell(f)) >= 0 && fseek(f, 0, SEEK_SET) == 0)
		data = malloc((size_t)n + 1);
	if (!data || fread(data, 1, (size_t)n, f) != (size_t)n) {
		perror(path);
		free(data);
		if (f)
			(void)fclose(f);
		return 1;
	}
	(void)fclose(f);
	/* A block of its exact size, so that a sanitizer sees every read past the end. */
	uint8_t *exact = malloc(n ? (size_t)n : 1);
	if (exact) {
		for (long i = 0; i < n; i++)
			exact[i] = data[i];
		(void)LLVMFuzzerTestOneInput(exact, (size_t)n);
	}
	free(exact);
	free(data);
	return 0;
}

int
main(int argc, char **argv)
{
	int r = 0;

	for (int i = 1; i < argc; i++)
		r |= feed(argv[i]);
	printf("%d inputs\n", argc - 1);
	return r;
}
