/* JSON Schema of the configuration, out of the same table that reads it. */
#include "compiler/list/config.h"

static const struct {
	const char *type, *schema;
} types[] = {
	{ "BOOL", "'type':'boolean'" },
	{ "UINT", "'type':'integer','minimum':0" },
	{ "DOUBLE", "'type':'number'" },
	{ "STRING", "'type':['string','null']" },
	{ "STRINGS", "'oneOf':[{'type':'string'},{'type':'array','items':{'type':'string'}}]" },
	{ "MATCHING", "'enum':['first','all']" },
	{ "KIND", "'enum':['replay','modern_ebpf','nodriver']" },
};

/* Keys with a shape of their own. */
static const struct {
	const char *path, *schema;
} shapes[] = {
	{ "rules", "'type':'array','items':{'oneOf':[{'type':'object','required':['enable'],'properties':{'enable':{'$ref':'#/definitions/selector'}},"
		   "'additionalProperties':false},{'type':'object','required':['disable'],'properties':{'disable':{'$ref':'#/definitions/selector'}},"
		   "'additionalProperties':false}]}" },
	{ "append_output",
	  "'type':'array','items':{'type':'object','properties':{'match':{'type':'object','properties':{'rule':{'type':'string'},'source':{'type':'string'},"
	  "'tags':{'oneOf':[{'type':'string'},{'type':'array','items':{'type':'string'}}]}},'additionalProperties':false},'extra_output':{'type':'string'},"
	  "'extra_fields':{'type':'array','items':{'oneOf':[{'type':'string'},{'type':'object','additionalProperties':{'type':'string'}}]}},"
	  "'suggested_output':{'type':'boolean'}},'additionalProperties':false}" },
};

static void
put_type(const struct sk_config_key *k, struct sk_buf *out)
{
	sk_buf_char(out, '{');
	sk_list_member(out, "description", sk_config_is_ignored(k) ? "accepted, without effect" : k->help);
	for (size_t i = 0; i < SK_COUNTOF(shapes); i++)
		if (strcmp(shapes[i].path, k->path) == 0) {
			sk_buf_char(out, ',');
			sk_list_quoted(out, shapes[i].schema);
		}
	for (size_t i = 0; i < SK_COUNTOF(types); i++)
		if (strcmp(types[i].type, k->type) == 0) {
			sk_buf_char(out, ',');
			sk_list_quoted(out, types[i].schema);
		}
	if (strcmp(k->type, "PRIORITY") == 0 || strcmp(k->type, "LEVEL") == 0) {
		sk_buf_char(out, ',');
		sk_list_priority_schema(out);
	}
	sk_buf_char(out, '}');
}

/* The first key that lies below PREFIX (which ends in a dot, or is empty) and begins with the N bytes at NAME. */
static bool
is_first(const struct sk_config_key *keys, size_t i, size_t prefix, size_t n)
{
	for (size_t k = 0; k < i; k++)
		if (strncmp(keys[k].path, keys[i].path, prefix + n) == 0 && (keys[k].path[prefix + n] == '.' || !keys[k].path[prefix + n]))
			return false;
	return true;
}

/* The members of the map at PREFIX; keys of one map need not stand together. Depth is that of the table: 3. */
static void
put_map(const char *prefix, struct sk_buf *out)
{
	size_t nkeys, n = strlen(prefix);
	const struct sk_config_key *keys = sk_config_keys(&nkeys);

	sk_buf_str(out, "\"type\":\"object\",\"properties\":{");
	for (size_t i = 0; i < nkeys; i++) {
		const char *rest = keys[i].path + n, *dot;

		if (strncmp(keys[i].path, prefix, n) != 0)
			continue;
		dot = strchr(rest, '.');
		size_t len = dot ? (size_t)(dot - rest) : strlen(rest);
		if (!is_first(keys, i, n, len))
			continue;
		sk_list_comma(out);
		sk_buf_printf(out, "\"%.*s\":", (int)len, rest);
		if (dot) {
			char inner[128];

			(void)snprintf(inner, sizeof(inner), "%.*s", (int)(n + len + 1), keys[i].path);
			sk_buf_char(out, '{');
			put_map(inner, out);
			sk_buf_char(out, '}');
		} else
			put_type(&keys[i], out);
	}
	sk_buf_str(out, "},\"additionalProperties\":false");
}

void
sk_schema_config(struct sk_buf *out)
{
	sk_list_quoted(out, "{'$schema':'http://json-schema.org/draft-07/schema#','title':'Configuration of Saker',"
			    "'definitions':{'selector':{'type':'object','properties':{'rule':{'type':'string'},'tag':{'type':'string'}},"
			    "'additionalProperties':false,'minProperties':1}},");
	put_map("", out);
	sk_buf_str(out, "}\n");
}
