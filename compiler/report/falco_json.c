/* The object that falco -V prints with json_output: lines and columns from 0, items from the outermost in. */
#include "compiler/report/internal.h"

#include "base/utf8.h"


static void
put_locations(struct sk_buf *b, const struct sk_item *item)
{
	uint32_t line, column;

	if (!item)
		return;
	put_locations(b, item->outer);
	sk_item_position(item, &line, &column);
	sk_report_comma(b);
	sk_buf_char(b, '{');
	sk_report_member(b, "item_type", sk_slice_cstr(item->type));
	sk_report_member(b, "item_name", sk_slice(item->name.p, sk_utf8_fit(item->name.p, item->name.n, NAME_WIDTH)));
	sk_buf_str(b, ",\"position\":{");
	sk_report_member(b, "name", item->loc.file ? item->loc.file->name : (struct sk_slice){ 0 });
	sk_report_number(b, "line", line);
	sk_report_number(b, "column", column);
	sk_report_number(b, "offset", item->loc.span.beg);
	sk_buf_str(b, "}}");
}

static void
put_finding(struct sk_buf *b, const struct sk_diag *d)
{
	struct sk_buf snippet = { 0 };

	sk_report_falco_snippet(d, &snippet);
	sk_report_comma(b);
	sk_buf_char(b, '{');
	sk_report_member(b, "code", sk_slice_cstr(sk_report_falco_code(d)));
	sk_report_member(b, "codedesc", sk_slice_cstr(sk_diag_desc(d->code)->title));
	sk_report_member(b, "message", d->text);
	sk_report_member(b, "saker_code", sk_slice_cstr(sk_diag_desc(d->code)->code));
	sk_buf_str(b, ",\"context\":{\"locations\":[");
	put_locations(b, d->item);
	sk_buf_char(b, ']');
	sk_report_member(b, "snippet", sk_buf_view(&snippet));
	sk_buf_str(b, "}}");
	b->failed |= snippet.failed;
	sk_buf_free(&snippet);
}

/* Findings without a place belong to the run: the first file carries them. */
static bool
belongs(const struct sk_report *r, size_t file, const struct sk_diag *d)
{
	return d->loc.file == r->files[file] || (!d->loc.file && file == 0);
}

static size_t
put_findings(const struct sk_report *r, size_t file, enum sk_severity severity, struct sk_buf *b)
{
	size_t n, found = 0;
	const struct sk_diag *const *all = sk_diags_sorted(r->diags, &n);

	for (size_t i = 0; i < n; i++)
		if (belongs(r, file, all[i]) && all[i]->severity == severity) {
			put_finding(b, all[i]);
			found++;
		}
	return found;
}

/* What Falco finds by the schema of rule files: keys and the shape of their values. */
static bool
is_of_schema(enum sk_diag_code code)
{
	return code == SK_D_NOT_A_LIST || code == SK_D_MISSING_KEY || code == SK_D_BAD_NODE || code == SK_D_BAD_PRIORITY || code == SK_D_BAD_EXCEPTION_NODE ||
	       code == SK_D_PLUGIN_VERSIONS || code == SK_D_UNKNOWN_ITEM || code == SK_D_UNKNOWN_KEY;
}

static void
put_schema(const struct sk_report *r, size_t file, struct sk_buf *out)
{
	struct sk_buf warnings = { 0 };
	size_t n;
	const struct sk_diag *const *all = sk_diags_sorted(r->diags, &n);

	for (size_t i = 0; i < n; i++)
		if (all[i]->loc.file == r->files[file] && is_of_schema(all[i]->code)) {
			sk_buf_str(&warnings, warnings.n ? "," : "");
			sk_report_string(&warnings, all[i]->text);
		}
	sk_buf_printf(out, ",\"schema_valid\":%s,\"schema_warnings\":[", warnings.n ? "false" : "true");
	sk_buf_slice(out, sk_buf_view(&warnings));
	sk_buf_char(out, ']');
	out->failed |= warnings.failed;
	sk_buf_free(&warnings);
}

void
sk_report_falco_json(const struct sk_report *r, struct sk_buf *out)
{
	sk_buf_str(out, "{\"falco_load_results\":[");
	for (size_t i = 0; i < r->nfiles; i++) {
		sk_report_comma(out);
		sk_buf_str(out, "{\"errors\":[");
		size_t errors = put_findings(r, i, SK_SEV_ERROR, out);
		sk_buf_char(out, ']');
		sk_report_member(out, "name", r->files[i]->name);
		errors += sk_report_count(r, NULL, SK_SEV_ERROR);
		put_schema(r, i, out);
		sk_buf_printf(out, ",\"successful\":%s,\"warnings\":[", errors ? "false" : "true");
		(void)put_findings(r, i, SK_SEV_WARNING, out);
		sk_buf_str(out, "]}");
	}
	sk_buf_str(out, "]}\n");
}
