/* SARIF 2.1.0: the whole table of findings as rules of the tool, and a result for each finding. */
#include "compiler/report/internal.h"

static const char *
level_of(uint8_t severity)
{
	return severity == SK_SEV_ERROR ? "error" : severity == SK_SEV_WARNING ? "warning" : "note";
}

static void
put_message(struct sk_buf *b, const char *member, struct sk_slice text)
{
	sk_report_comma(b);
	sk_buf_printf(b, "\"%s\":{", member);
	sk_report_member(b, "text", text);
	sk_buf_char(b, '}');
}

/* "rule looks at too many event types" as "RuleLooksAtTooManyEventTypes": what some viewers show beside the code. */
static void
put_name(struct sk_buf *b, const char *title)
{
	bool begins = true;

	sk_buf_str(b, ",\"name\":\"");
	for (; *title; title++) {
		char c = *title;
		bool lower = c >= 'a' && c <= 'z', word = lower || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		if (word)
			sk_buf_char(b, lower && begins ? (char)(c - 'a' + 'A') : c);
		begins = !word;
	}
	sk_buf_char(b, '"');
}

static void
put_rules(struct sk_buf *b)
{
	for (uint32_t i = 0; i < SK_DIAG_COUNT; i++) {
		const struct sk_diag_desc *d = sk_diag_desc((enum sk_diag_code)i);

		sk_buf_str(b, i ? ",{" : "{");
		sk_report_member(b, "id", sk_slice_cstr(d->code));
		put_name(b, d->title);
		put_message(b, "shortDescription", sk_slice_cstr(d->title));
		put_message(b, "fullDescription", sk_slice_cstr(d->help));
		put_message(b, "help", sk_slice_cstr(d->help));
		sk_buf_printf(b, ",\"defaultConfiguration\":{\"level\":\"%s\"}", level_of(d->severity));
		if (*d->falco)
			sk_buf_printf(b, ",\"properties\":{\"falco\":\"%s\"}", d->falco);
		sk_buf_char(b, '}');
	}
}

/* A path as a URI reference: relative ones stay relative, for the reader to resolve against the root of the sources. */
static void
put_uri(struct sk_buf *b, struct sk_slice path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

	while (sk_slice_starts(path, SK_SLICE("./")))
		path = sk_slice(path.p + 2, path.n - 2);
	if (path.n && path.p[0] == '/')
		sk_buf_str(b, "file://");
	for (size_t i = 0; i < path.n; i++)
		if (path.p[i] && strchr(plain, path.p[i]))
			sk_buf_char(b, path.p[i]);
		else
			sk_buf_printf(b, "%%%02X", (unsigned)(uint8_t)path.p[i]);
}

static void
put_physical(struct sk_buf *b, struct sk_loc loc)
{
	struct sk_place p = sk_report_place(loc);

	sk_report_comma(b);
	sk_buf_str(b, "\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"");
	put_uri(b, loc.file->name);
	sk_buf_printf(b, "\"},\"region\":{\"startLine\":%u,\"startColumn\":%u,\"endLine\":%u,\"endColumn\":%u}}", p.line, p.column,
		      p.end_line, p.end_column);
}

static void
put_related(struct sk_buf *b, const struct sk_diag *d)
{
	if (!d->notes)
		return;
	sk_buf_str(b, ",\"relatedLocations\":[");
	for (const struct sk_note *n = d->notes; n; n = n->next) {
		sk_report_comma(b);
		sk_buf_char(b, '{');
		if (n->loc.file)
			put_physical(b, n->loc);
		put_message(b, "message", n->text);
		sk_buf_char(b, '}');
	}
	sk_buf_char(b, ']');
}

static void
put_result(struct sk_buf *b, const struct sk_diag *d)
{
	sk_report_comma(b);
	sk_buf_char(b, '{');
	sk_report_member(b, "ruleId", sk_slice_cstr(sk_diag_desc(d->code)->code));
	sk_report_number(b, "ruleIndex", d->code);
	sk_report_member(b, "level", sk_slice_cstr(level_of((uint8_t)d->severity)));
	put_message(b, "message", d->text);
	sk_buf_str(b, ",\"locations\":[");
	if (d->loc.file) {
		sk_buf_char(b, '{');
		put_physical(b, d->loc);
		if (d->rule.n) {
			sk_buf_str(b, ",\"logicalLocations\":[{");
			sk_report_member(b, "name", d->rule);
			sk_buf_str(b, "}]");
		}
		sk_buf_char(b, '}');
	}
	sk_buf_char(b, ']');
	put_related(b, d);
	sk_buf_char(b, '}');
}

void
sk_report_sarif(const struct sk_report *r, struct sk_buf *out)
{
	size_t n;
	const struct sk_diag *const *all = sk_diags_sorted(r->diags, &n);

	sk_buf_str(out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{"
			"\"name\":\"sakerc\"");
	sk_report_member(out, "version", sk_slice_cstr(r->version));
	sk_buf_str(out, ",\"rules\":[");
	put_rules(out);
	sk_buf_str(out, "]}},\"columnKind\":\"utf16CodeUnits\",\"results\":[");
	for (size_t i = 0; i < n; i++)
		put_result(out, all[i]);
	sk_buf_str(out, "]}]}\n");
}
