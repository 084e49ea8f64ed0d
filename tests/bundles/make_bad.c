/* Writes tests/bundles/bad/ anew: run it after a change of the format or of the schema's limits. Usage: make_bad FOLDER */
#include "base/attr.h"
#include "tests/bundles/cases.h"

static bool
write_file(const char *folder, enum sk_reject_code code, const struct sk_buf *img)
{
	char name[64], path[4096];

	bad_name(code, name, sizeof(name));
	(void)snprintf(path, sizeof(path), "%s/%s.fbc", folder, name);
	SK_AUTO_FCLOSE FILE *f = fopen(path, "wb");
	if (f && fwrite(img->p, 1, img->n, f) == img->n && fflush(f) == 0)
		return true;
	perror(path);
	return false;
}

int
main(int argc, char **argv)
{
	int r = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	for (int code = SK_REJECT_NONE + 1; code < SK_REJECT_COUNT; code++) {
		struct sk_buf img = {0};

		if (!bad_bundle((enum sk_reject_code)code, &img)) {
			fprintf(stderr, "%s: there is no case in cases.c\n", sk_reject_name((enum sk_reject_code)code));
			r = 1;
		} else if (!write_file(argv[1], (enum sk_reject_code)code, &img))
			r = 1;
		sk_buf_free(&img);
	}
	return r;
}
