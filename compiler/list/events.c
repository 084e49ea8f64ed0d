/* Events in four groups, with their parameters. */
#include "compiler/list/text.h"

#include "base/schema.h"

#include <saker/schema.h>

static const struct group {
	const char *key, *title;
	uint32_t category;
} groups[] = {
	{ "syscall_events", "System call events", SK_EC_SYSCALL },
	{ "tracepoint_events", "Tracepoint events", SK_EC_TRACEPOINT },
	{ "plugin_events", "Plugin events", SK_EC_PLUGIN },
	{ "meta_events", "Meta events", SK_EC_METAEVENT },
};

static const char *const flag_tables[SK_FLAGS_COUNT] = {
#define SK_FLAG_TABLE(table) [SK_FLAGS_##table] = #table,
#define SK_FLAG(table, symbol, value)
#include <saker/flags.def>
#undef SK_FLAG_TABLE
#undef SK_FLAG
};

/* Enter events of system calls exist in old captures only, where they are merged into the exit event. */
static bool
is_current(const struct sk_event_desc *d)
{
	return !(d->flags & (SK_EF_UNUSED | SK_EF_OLD_VERSION)) && ((d->type & 1) || !(d->category & SK_EC_SYSCALL));
}

static bool
is_in(const struct sk_list *l, const struct group *g, const struct sk_event_desc *d)
{
	return d && (d->category & g->category) && !(d->flags & SK_EF_UNUSED) && (l->all || is_current(d));
}

static void
json_params(const struct sk_event_desc *d, struct sk_buf *out)
{
	for (uint32_t i = 0; i < d->nparams; i++) {
		const struct sk_param_desc *p = &d->params[i];

		sk_list_comma(out);
		sk_buf_char(out, '{');
		sk_list_member(out, "name", p->name);
		sk_list_member(out, "type", sk_type_name((enum sk_ptype)p->type));
		if (p->info == SK_PI_FLAGS) {
			sk_buf_str(out, ",\"flags\":[");
			for (const struct sk_flag_sym *f = sk_flag_symbols((enum sk_flag_table)p->info_arg); f->name; f++)
				sk_list_member(out, NULL, f->name);
			sk_buf_char(out, ']');
		}
		sk_buf_char(out, '}');
	}
}

static void
json_event(const struct sk_event_desc *d, struct sk_buf *out)
{
	sk_list_comma(out);
	sk_buf_char(out, '{');
	sk_list_member(out, "name", d->name);
	sk_list_member(out, "dir", d->type & 1 ? "<" : ">");
	sk_buf_printf(out, ",\"available\":%s,\"params\":[", is_current(d) ? "true" : "false");
	json_params(d, out);
	sk_buf_str(out, "]}");
}

static void
text_event(const struct sk_event_desc *d, struct sk_buf *out)
{
	sk_buf_printf(out, "%s %s(", d->type & 1 ? "<" : ">", d->name);
	for (uint32_t i = 0; i < d->nparams; i++)
		sk_buf_printf(out, "%s%s %s", i ? ", " : "", sk_type_name((enum sk_ptype)d->params[i].type), d->params[i].name);
	sk_buf_str(out, ")\n");
}

static void
markdown_event(const struct sk_event_desc *d, struct sk_buf *out)
{
	sk_buf_printf(out, "| %s | `%s` | ", d->type & 1 ? "exit" : "enter", d->name);
	for (uint32_t i = 0; i < d->nparams; i++) {
		const struct sk_param_desc *p = &d->params[i];

		sk_buf_printf(out, "%s`%s` %s", i ? ", " : "", p->name, sk_type_name((enum sk_ptype)p->type));
		if (p->info == SK_PI_FLAGS)
			sk_buf_printf(out, " ([%s](#%s))", flag_tables[p->info_arg], flag_tables[p->info_arg]);
	}
	sk_buf_str(out, " |\n");
}

static void
markdown_flags(struct sk_buf *out)
{
	sk_buf_str(out, "## Symbols of flags\n");
	for (uint32_t t = SK_FLAGS_NONE + 1; t < SK_FLAGS_COUNT; t++) {
		sk_buf_printf(out, "\n### %s\n\n", flag_tables[t]);
		for (const struct sk_flag_sym *f = sk_flag_symbols((enum sk_flag_table)t), *first = f; f->name; f++)
			sk_buf_printf(out, "%s`%s`", f == first ? "" : ", ", f->name);
		sk_buf_char(out, '\n');
	}
}

static void
put_group(const struct sk_list *l, const struct group *g, struct sk_buf *out)
{
	static void (*const put[SK_LIST_FORMS])(const struct sk_event_desc *, struct sk_buf *) = {
		[SK_LIST_TEXT] = text_event, [SK_LIST_MARKDOWN] = markdown_event, [SK_LIST_JSON] = json_event
	};

	if (l->form == SK_LIST_JSON)
		sk_buf_printf(out, ",\"%s\":[", g->key);
	else if (l->form == SK_LIST_MARKDOWN)
		sk_buf_printf(out, "## %s\n\n| | event | parameters |\n|---|---|---|\n", g->title);
	else
		sk_buf_printf(out, "%s\n\n", g->title);
	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++)
		if (is_in(l, g, sk_event_desc(e)))
			put[l->form](sk_event_desc(e), out);
	sk_buf_str(out, l->form == SK_LIST_JSON ? "]" : "\n");
}

void
sk_list_events(const struct sk_list *l, struct sk_buf *out)
{
	if (l->form == SK_LIST_JSON)
		sk_buf_printf(out, "{\"schema_version\":\"%u\"", SK_SCHEMA_VERSION);
	else if (l->form == SK_LIST_MARKDOWN)
		sk_buf_str(out, "# Events\n\nMade by `sakerc list events --format markdown`.\n\n"
				"`evt.type` is compared with these names; `evt.arg.<parameter>` is the text of a parameter, `evt.rawarg.<parameter>` its "
				"value. A system call that is not here has the event `syscall` and its own name as `evt.type`.\n\n");
	for (size_t i = 0; i < SK_COUNTOF(groups); i++)
		put_group(l, &groups[i], out);
	if (l->form == SK_LIST_JSON)
		sk_buf_str(out, "}\n");
	else if (l->form == SK_LIST_MARKDOWN)
		markdown_flags(out);
}
