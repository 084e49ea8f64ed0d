#include "compiler/cmd/cmd.h"

#include "base/suggest.h"

#include <strings.h>

static void
explain(const struct sk_diag_desc *d)
{
	printf("%s (%s): %s\n", d->code, d->severity == SK_SEV_ERROR ? "error" : "warning", d->title);
	if (*d->falco)
		printf("Falco: %s\n", d->falco);
	printf("\n%s\n", d->help);
}

/* A code, or all that bear a name of Falco's: it has fewer names than there are findings. */
static bool
explain_all(const char *name)
{
	bool found = false;

	for (uint32_t i = 0; i < SK_DIAG_COUNT; i++) {
		const struct sk_diag_desc *d = sk_diag_desc((enum sk_diag_code)i);

		if (strcasecmp(name, d->code) != 0 && strcasecmp(name, d->falco) != 0)
			continue;
		if (found)
			(void)putchar('\n');
		explain(d);
		found = true;
	}
	return found;
}

static void
unknown(const char *name)
{
	struct sk_suggest s = { .wanted = sk_slice_cstr(name) };

	for (uint32_t i = 0; i < SK_DIAG_COUNT; i++) {
		sk_suggest_offer(&s, sk_slice_cstr(sk_diag_desc((enum sk_diag_code)i)->code));
		sk_suggest_offer(&s, sk_slice_cstr(sk_diag_desc((enum sk_diag_code)i)->falco));
	}
	fprintf(stderr, "sakerc: no finding is called '%s'" SK_SUGGEST_FMT "\n", name, SK_SUGGEST_ARG(s.best));
}

int
sk_cmd_explain(struct sk_cmd *c)
{
	int status = SK_EXIT_OK;

	for (uint32_t i = 0; !c->nargs && i < SK_DIAG_COUNT; i++)
		printf("%s\t%s\n", sk_diag_desc((enum sk_diag_code)i)->code, sk_diag_desc((enum sk_diag_code)i)->title);
	for (size_t i = 0; i < c->nargs; i++) {
		if (i)
			(void)putchar('\n');
		if (!explain_all(c->args[i])) {
			unknown(c->args[i]);
			status = SK_EXIT_USAGE;
		}
	}
	return status;
}
