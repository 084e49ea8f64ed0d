/* Fields by class. */
#include "compiler/list/text.h"

#include "base/schema.h"

static const struct class {
	const char *name, *source, *help;
} classes[] = {
#define SK_FIELD_CLASS(name, source, help) { #name, source, help },
#include <saker/field_classes.def>
#undef SK_FIELD_CLASS
};

static bool
is_shown(const struct sk_list *l, const struct sk_field_desc *f)
{
	return l->all || (f->state == SK_FS_READY && !(f->flags & (SK_FF_TABLE_ONLY | SK_FF_DEPRECATED)));
}

/* The next field of a class after ID, or NULL. */
static const struct sk_field_desc *
next_field(const struct sk_list *l, const struct class *c, uint32_t id)
{
	while (++id < SK_F_LIMIT) {
		const struct sk_field_desc *f = sk_field_desc(id);

		if (f && strcmp(f->cls, c->name) == 0 && is_shown(l, f))
			return f;
	}
	return NULL;
}

#define EACH_FIELD(l, c, f) for (const struct sk_field_desc *f = next_field(l, c, 0); f; f = next_field(l, c, f->id))

static bool
is_class_shown(const struct sk_list *l, const struct class *c)
{
	return (!l->source || strcmp(l->source, c->source) == 0) && next_field(l, c, 0);
}

static const char *
argument_name(enum sk_field_arg a)
{
	switch (a) {
	case SK_FA_NONE: return "";
	case SK_FA_OPT: return "[key] (optional)";
	case SK_FA_OPT_INDEX: return "[index] (optional)";
	case SK_FA_REQ: return ".name or [index]";
	case SK_FA_REQ_KEY: return "[key]";
	case SK_FA_REQ_KEY_OR_INDEX: return "[key] or [index]";
	}
	return "";
}

/* "deprecated; condition only" */
static void
put_remarks(const struct sk_field_desc *f, struct sk_buf *out)
{
	const struct {
		bool holds;
		const char *text;
	} remarks[] = {
		{ f->flags & SK_FF_DEPRECATED, "deprecated" },
		{ f->state == SK_FS_LATER, "refused by this version" },
		{ f->flags & SK_FF_FILTER_ONLY, "conditions only" },
		{ f->flags & SK_FF_PRINT_ONLY, "outputs only" },
		{ f->flags & SK_FF_NO_RHS, "not on the right" },
		{ f->flags & SK_FF_NO_TRANSFORMER, "no transformers" },
		{ f->flags & SK_FF_TABLE_ONLY, "internal" },
		{ f->flags & (SK_FF_ANY | SK_FF_ENDS), "several values: any of them" },
		{ f->era == SK_ERA_OLD, "0.15 only" },
	};
	bool first = true;

	for (size_t i = 0; i < SK_COUNTOF(remarks); i++)
		if (remarks[i].holds) {
			sk_buf_printf(out, "%s%s", first ? "" : "; ", remarks[i].text);
			first = false;
		}
}

static void
text_field(const struct sk_field_desc *f, struct sk_buf *out)
{
	struct sk_buf help = { 0 }, remarks = { 0 };

	put_remarks(f, &remarks);
	sk_buf_printf(&help, "(%s%s) %s%s%s%s", f->flags & SK_FF_LIST ? "list of " : "", sk_type_name((enum sk_ptype)f->type), f->help,
		      remarks.n ? " (" : "", sk_buf_cstr(&remarks), remarks.n ? ")" : "");
	sk_list_entry(out, f->name, 30, sk_buf_cstr(&help));
	sk_buf_free(&help);
	sk_buf_free(&remarks);
}

static void
text_class(const struct sk_list *l, const struct class *c, struct sk_buf *out)
{
	sk_buf_str(out, "-------------------------------\n");
	sk_list_entry(out, "Field Class:", 30, c->name);
	sk_list_entry(out, "Description:", 30, c->help);
	sk_list_entry(out, "Event Sources:", 30, c->source);
	sk_buf_char(out, '\n');
	EACH_FIELD(l, c, f)
		text_field(f, out);
	sk_buf_char(out, '\n');
}

static void
markdown_class(const struct sk_list *l, const struct class *c, struct sk_buf *out)
{
	sk_buf_printf(out, "## %s\n\n%s. Event source: %s.\n\n| name | argument | type | what it tells | remarks |\n|---|---|---|---|---|\n", c->name,
		      c->help, c->source);
	EACH_FIELD(l, c, f) {
		sk_buf_printf(out, "| `%s` | %s | %s%s | ", f->name, argument_name((enum sk_field_arg)f->arg), f->flags & SK_FF_LIST ? "list of " : "",
			      sk_type_name((enum sk_ptype)f->type));
		sk_list_cell(out, f->help);
		sk_buf_str(out, " | ");
		put_remarks(f, out);
		sk_buf_str(out, " |\n");
	}
	sk_buf_char(out, '\n');
}

static void
json_field(const struct sk_field_desc *f, struct sk_buf *out)
{
	enum sk_field_arg a = (enum sk_field_arg)f->arg;

	sk_list_comma(out);
	sk_buf_char(out, '{');
	sk_list_member(out, "name", f->name);
	sk_list_member(out, "type", sk_type_name((enum sk_ptype)f->type));
	sk_list_member(out, "desc", f->help);
	sk_buf_printf(out, ",\"is_list\":%s", f->flags & SK_FF_LIST ? "true" : "false");
	if (a != SK_FA_NONE) {
		sk_buf_printf(out, ",\"argument\":{\"required\":%s,\"type\":[", a == SK_FA_OPT || a == SK_FA_OPT_INDEX ? "false" : "true");
		if (a != SK_FA_OPT_INDEX)
			sk_list_member(out, NULL, "key");
		if (a == SK_FA_OPT_INDEX || a == SK_FA_REQ || a == SK_FA_REQ_KEY_OR_INDEX)
			sk_list_member(out, NULL, "index");
		sk_buf_str(out, "]}");
	}
	sk_buf_printf(out, ",\"deprecated\":%s,\"available\":%s}", f->flags & SK_FF_DEPRECATED ? "true" : "false",
		      f->state == SK_FS_READY ? "true" : "false");
}

static void
json_class(const struct sk_list *l, const struct class *c, struct sk_buf *out)
{
	sk_list_comma(out);
	sk_buf_char(out, '{');
	sk_list_member(out, "name", c->name);
	sk_list_member(out, "desc", c->help);
	sk_buf_str(out, ",\"event_sources\":[");
	sk_list_member(out, NULL, c->source);
	sk_buf_str(out, "],\"fields\":[");
	EACH_FIELD(l, c, f)
		json_field(f, out);
	sk_buf_str(out, "]}");
}

static void
names_class(const struct sk_list *l, const struct class *c, struct sk_buf *out)
{
	EACH_FIELD(l, c, f) {
		if (l->form == SK_LIST_JSON)
			sk_list_member(out, NULL, f->name);
		else
			sk_buf_printf(out, l->form == SK_LIST_MARKDOWN ? "- `%s`\n" : "%s\n", f->name);
	}
}

void
sk_list_fields(const struct sk_list *l, struct sk_buf *out)
{
	bool json = l->form == SK_LIST_JSON;

	if (json)
		sk_buf_str(out, l->names ? "{\"fieldnames\":[" : "{\"fieldclasses\":[");
	else if (l->form == SK_LIST_MARKDOWN && !l->names)
		sk_buf_str(out, "# Fields\n\nMade by `sakerc list fields --all --format markdown`.\n\n"
				"A field that an event cannot provide is absent: every comparison with it is false. `[index]` and `[key]` stand behind the "
				"name, as in `proc.aname[2]`. Types: `docs/language.md`.\n\n");
	for (size_t i = 0; i < SK_COUNTOF(classes); i++) {
		if (!is_class_shown(l, &classes[i]))
			continue;
		if (l->names)
			names_class(l, &classes[i], out);
		else if (json)
			json_class(l, &classes[i], out);
		else if (l->form == SK_LIST_MARKDOWN)
			markdown_class(l, &classes[i], out);
		else
			text_class(l, &classes[i], out);
	}
	if (json)
		sk_buf_str(out, "]}\n");
	while (l->form == SK_LIST_MARKDOWN && out->n > 1 && out->p[out->n - 2] == '\n')
		out->n--; /* no blank line at the end */
}
