/* Findings. */
#include "compiler/list/text.h"

#include "base/diag.h"

static const char *
severity(const struct sk_diag_desc *d)
{
	return d->severity == SK_SEV_ERROR ? "error" : "warning";
}

static void
markdown(const struct sk_diag_desc *d, struct sk_buf *out)
{
	sk_buf_printf(out, "\n## %s\n\n%s: ", d->code, severity(d));
	sk_list_cell(out, d->title);
	sk_buf_char(out, '.');
	if (*d->falco)
		sk_buf_printf(out, " Falco: `%s`.", d->falco);
	sk_buf_str(out, "\n\n");
	sk_list_cell(out, d->help);
	sk_buf_char(out, '\n');
}

static void
json(const struct sk_diag_desc *d, struct sk_buf *out)
{
	sk_list_comma(out);
	sk_buf_char(out, '{');
	sk_list_member(out, "code", d->code);
	sk_list_member(out, "severity", severity(d));
	sk_list_member(out, "falco", d->falco);
	sk_list_member(out, "title", d->title);
	sk_list_member(out, "help", d->help);
	sk_buf_char(out, '}');
}

void
sk_list_diags(const struct sk_list *l, struct sk_buf *out)
{
	if (l->form == SK_LIST_JSON)
		sk_buf_str(out, "{\"diags\":[");
	else if (l->form == SK_LIST_MARKDOWN)
		sk_buf_str(out, "# Findings\n\nMade by `sakerc list diags --format markdown`; `sakerc explain CODE` prints one.\n\n"
				"E are errors: nothing is compiled. W are warnings, which `--deny CODE` or `--deny warnings` turns into errors. A code means "
				"the same for ever. Falco's name stands beside it where Falco has one.\n");
	for (uint32_t i = 0; i < SK_DIAG_COUNT; i++) {
		const struct sk_diag_desc *d = sk_diag_desc((enum sk_diag_code)i);

		if (l->form == SK_LIST_JSON)
			json(d, out);
		else if (l->form == SK_LIST_MARKDOWN)
			markdown(d, out);
		else if (l->names)
			sk_buf_printf(out, "%s\n", d->code);
		else
			sk_buf_printf(out, "%s\t%s\t%s\t%s\n", d->code, severity(d), *d->falco ? d->falco : "-", d->title);
	}
	if (l->form == SK_LIST_JSON)
		sk_buf_str(out, "]}\n");
}
