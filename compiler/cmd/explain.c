#include "compiler/cmd/cmd.h"

static void
explain(const struct sk_diag_desc *d)
{
	printf("%s (%s): %s\n", d->code, d->severity == SK_SEV_ERROR ? "error" : "warning", d->title);
	if (*d->falco)
		printf("Falco: %s\n", d->falco);
	printf("%s\n", d->help);
}

int
sk_cmd_explain(struct sk_cmd *c)
{
	int status = SK_EXIT_OK;

	for (uint32_t i = 0; !c->nargs && i < SK_DIAG_COUNT; i++)
		printf("%s\t%s\n", sk_diag_desc((enum sk_diag_code)i)->code, sk_diag_desc((enum sk_diag_code)i)->title);
	for (size_t i = 0; i < c->nargs; i++) {
		enum sk_diag_code code = sk_diag_find(sk_slice_cstr(c->args[i]));

		if (code < SK_DIAG_COUNT) {
			explain(sk_diag_desc(code));
			continue;
		}
		fprintf(stderr, "sakerc: no finding is called '%s'\n", c->args[i]);
		status = SK_EXIT_USAGE;
	}
	return status;
}
