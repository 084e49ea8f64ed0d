#include "compiler/cmd/cmd.h"

#include "base/schema.h"
#include "compiler/list/list.h"

struct named {
	const char *name;
	void (*put)(const struct sk_list *l, struct sk_buf *out);
};

static const struct named lists[] = {
	{ "fields", sk_list_fields },	    { "events", sk_list_events }, { "ops", sk_list_ops },	{ "operators", sk_list_operators },
	{ "transformers", sk_list_transformers }, { "diags", sk_list_diags },   { "config", sk_list_config },
};

static bool
is_source(const char *name)
{
	for (uint32_t s = 0; s < SK_SOURCE_COUNT; s++)
		if (strcmp(name, sk_source_name((enum sk_source)s)) == 0)
			return true;
	return false;
}

static bool
request(const struct sk_cmd *c, struct sk_list *ret)
{
	static const char *const forms[SK_LIST_FORMS] = { [SK_LIST_TEXT] = "text", [SK_LIST_MARKDOWN] = "markdown", [SK_LIST_JSON] = "json" };
	uint32_t form = 0;

	*ret = (struct sk_list){ .source = c->source, .names = c->names, .all = c->all };
	while (c->format && form < SK_LIST_FORMS && strcmp(c->format, forms[form]) != 0)
		form++;
	ret->form = (enum sk_list_form)form;
	if (form == SK_LIST_FORMS) {
		fprintf(stderr, "sakerc: lists have no format '%s': use text, markdown or json\n", c->format);
		return false;
	}
	if (c->source && !is_source(c->source)) {
		fprintf(stderr, "sakerc: no event source is called '%s'\n", c->source);
		return false;
	}
	return true;
}

int
sk_cmd_list(struct sk_cmd *c)
{
	struct sk_list l;
	struct sk_buf b = { 0 };

	if (!request(c, &l))
		return SK_EXIT_USAGE;
	for (size_t i = 0; c->nargs == 1 && i < SK_COUNTOF(lists); i++)
		if (strcmp(c->args[0], lists[i].name) == 0) {
			lists[i].put(&l, &b);
			return sk_cmd_print(c, &b);
		}
	fputs("sakerc: list needs one of", stderr);
	for (size_t i = 0; i < SK_COUNTOF(lists); i++)
		fprintf(stderr, "%s %s", i ? "," : "", lists[i].name);
	(void)fputc('\n', stderr);
	return SK_EXIT_USAGE;
}
