#include "compiler/cmd/cmd.h"

#include "vm/bundle/bundle.h"

#include <errno.h>

static int
verify(const char *path)
{
	struct sk_reject why = { 0 };
	struct sk_bundle *b;
	int r = sk_bundle_open_file(path, &b, &why);

	if (r == -EBADMSG) {
		fprintf(stderr, "sakerc: %s: refused (%s): %s\n", path, sk_reject_name(why.code), why.text);
		return SK_EXIT_FINDINGS;
	}
	if (r < 0) {
		fprintf(stderr, "sakerc: %s: %s\n", path, strerror(-r));
		return SK_EXIT_FINDINGS;
	}
	const struct sk_bundle_view *v = sk_bundle_view(b);
	printf("%s: %u rules, %u programs, %u instructions, ", path, v->nrules, v->nprograms, v->ninsns);
	for (size_t i = 0; i < sizeof(v->header->digest); i++)
		printf("%02x", v->header->digest[i]);
	(void)putchar('\n');
	sk_bundle_close(b);
	return SK_EXIT_OK;
}

int
sk_cmd_verify(struct sk_cmd *c)
{
	int status = SK_EXIT_OK;

	if (!c->nargs) {
		fputs("sakerc: verify needs a bundle\n", stderr);
		return SK_EXIT_USAGE;
	}
	for (size_t i = 0; i < c->nargs; i++)
		if (verify(c->args[i]) != SK_EXIT_OK)
			status = SK_EXIT_FINDINGS;
	return status;
}
