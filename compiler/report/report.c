#include "compiler/report/internal.h"

static const char *const names[SK_REPORT_COUNT] = {
#define NAME(sym, name, doc) [SK_REPORT_##sym] = (name),
	SK_REPORT_FORMATS(NAME)
#undef NAME
};

enum sk_report_format
sk_report_find(const char *name)
{
	uint32_t i = 0;

	while (i < SK_REPORT_COUNT && strcmp(names[i], name) != 0)
		i++;
	return (enum sk_report_format)i;
}

void
sk_report_write(const struct sk_report *r, enum sk_report_format format)
{
	struct sk_buf b = { 0 };

	sk_diags_tell_dropped(r->diags);
	/* Falco says it for each rule. */
	if (format != SK_REPORT_FALCO && format != SK_REPORT_FALCO_JSON)
		sk_diags_unique(r->diags);
	switch (format) {
	case SK_REPORT_COUNT:
	case SK_REPORT_TEXT: sk_diags_print(r->diags, r->out, r->color); break;
	case SK_REPORT_JSON: sk_report_json(r, &b); break;
	case SK_REPORT_SARIF: sk_report_sarif(r, &b); break;
	case SK_REPORT_JUNIT: sk_report_junit(r, &b); break;
	case SK_REPORT_GITHUB: sk_report_github(r, &b); break;
	case SK_REPORT_FALCO: sk_report_falco(r); break;
	case SK_REPORT_FALCO_JSON: sk_report_falco_json(r, &b); break;
	}
	if (b.failed)
		fputs("sakerc: out of memory\n", r->log);
	else if (b.n)
		(void)fwrite(b.p, 1, b.n, r->out);
	sk_buf_free(&b);
}
