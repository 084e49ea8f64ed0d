/* Keys of the configuration. */
#include "compiler/list/config.h"

/* Stringified here, before the macros of <stdbool.h> would turn true into 1. */
static const struct sk_config_key keys[] = {
#define SK_CONFIG(type, path, member, value, help) { path, #type, #value, help },
#include <saker/config.def>
#undef SK_CONFIG
};

const struct sk_config_key *
sk_config_keys(size_t *ret_n)
{
	*ret_n = SK_COUNTOF(keys);
	return keys;
}

bool
sk_config_is_ignored(const struct sk_config_key *k)
{
	return strcmp(k->type, "IGNORED") == 0;
}

const char *
sk_config_type(const struct sk_config_key *k)
{
	static const char *const types[][2] = {
		{ "BOOL", "true or false" }, { "UINT", "number" },       { "STRING", "text" },   { "STRINGS", "text or list of text" },
		{ "PRIORITY", "priority" },  { "LEVEL", "priority" },    { "KIND", "kind" },     { "MATCHING", "first or all" },
		{ "CUSTOM", "list" },        { "DOUBLE", "number" },
	};

	for (size_t i = 0; i < SK_COUNTOF(types); i++)
		if (strcmp(types[i][0], k->type) == 0)
			return types[i][1];
	return "value";
}

/* SK_PRIO_DEBUG is debug; "" and NULL are nothing; what is text stands without its quotes. */
static void
put_default(const struct sk_config_key *k, struct sk_buf *out)
{
	const char *v = k->value, *last = strrchr(v, '_');

	if (strcmp(v, "NULL") == 0)
		return;
	if (strncmp(v, "SK_", 3) == 0 && last) {
		for (last++; *last; last++)
			sk_buf_char(out, *last >= 'A' && *last <= 'Z' ? (char)(*last + 'a' - 'A') : *last);
		return;
	}
	for (; *v; v++)
		if (*v != '"')
			sk_buf_char(out, *v);
}

static void
json_key(const struct sk_config_key *k, struct sk_buf *out)
{
	struct sk_buf value = { 0 };

	put_default(k, &value);
	sk_list_comma(out);
	sk_buf_char(out, '{');
	sk_list_member(out, "key", k->path);
	sk_list_member(out, "type", sk_config_type(k));
	sk_list_member(out, "default", sk_buf_cstr(&value));
	sk_list_member(out, "help", k->help);
	sk_buf_printf(out, ",\"effect\":%s}", sk_config_is_ignored(k) ? "false" : "true");
	sk_buf_free(&value);
}

static void
text_key(const struct sk_config_key *k, bool markdown, struct sk_buf *out)
{
	sk_buf_printf(out, markdown ? "| `%s` | %s | " : "%s\t%s\t", k->path, sk_config_type(k));
	put_default(k, out);
	sk_buf_str(out, markdown ? " | " : "\t");
	if (markdown)
		sk_list_cell(out, k->help);
	else
		sk_buf_str(out, k->help);
	sk_buf_str(out, markdown ? " |\n" : "\n");
}

static void
put_ignored(struct sk_buf *out)
{
	sk_buf_str(out, "\n## Keys without effect\n\nKeys that Falco's users have and that do nothing here yet: accepted, and said so once when one is "
			"set.\n\n");
	for (size_t i = 0; i < SK_COUNTOF(keys); i++)
		if (sk_config_is_ignored(&keys[i]))
			sk_buf_printf(out, "- `%s`\n", keys[i].path);
}

void
sk_list_config(const struct sk_list *l, struct sk_buf *out)
{
	bool json = l->form == SK_LIST_JSON, markdown = l->form == SK_LIST_MARKDOWN;

	if (json)
		sk_buf_str(out, "{\"config\":[");
	else if (markdown)
		sk_buf_str(out, "# Configuration\n\nMade by `sakerc list config --format markdown`.\n\n"
				"YAML, by default `/etc/saker/saker.yaml`; `-o key=value` sets one key on the command line. Dots nest: `a.b` is `b` inside the "
				"map `a`.\n\n| key | type | default | meaning |\n|---|---|---|---|\n");
	for (size_t i = 0; i < SK_COUNTOF(keys); i++) {
		if (json)
			json_key(&keys[i], out);
		else if (!sk_config_is_ignored(&keys[i]))
			text_key(&keys[i], markdown, out);
	}
	if (json)
		sk_buf_str(out, "]}\n");
	else if (markdown)
		put_ignored(out);
}
