#include "compiler/list/text.h"

#include "base/schema.h"

#define WIDTH 100

void
sk_list_entry(struct sk_buf *out, const char *name, int indent, const char *text)
{
	int column = (int)strlen(name);

	sk_buf_str(out, name);
	while (*text) {
		int n = (int)strcspn(text, " ");

		if (column >= indent && column + 1 + n > WIDTH) {
			sk_buf_char(out, '\n');
			column = 0;
		}
		int blanks = column < indent ? indent - column : 1;
		sk_buf_printf(out, "%*s%.*s", blanks, "", n, text);
		column += blanks + n;
		text += n;
		text += strspn(text, " ");
	}
	sk_buf_char(out, '\n');
}

void
sk_list_cell(struct sk_buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|' || *text == '*' || *text == '<' || *text == '_' || *text == '\\')
			sk_buf_char(out, '\\');
		sk_buf_char(out, *text);
	}
}

void
sk_list_comma(struct sk_buf *out)
{
	if (out->n && out->p[out->n - 1] != '{' && out->p[out->n - 1] != '[')
		sk_buf_char(out, ',');
}

void
sk_list_member(struct sk_buf *out, const char *name, const char *text)
{
	sk_list_comma(out);
	if (name)
		sk_buf_printf(out, "\"%s\":", name);
	sk_buf_char(out, '"');
	sk_buf_json(out, sk_slice_cstr(text));
	sk_buf_char(out, '"');
}

void
sk_list_quoted(struct sk_buf *out, const char *template)
{
	for (; *template; template++)
		sk_buf_char(out, *template == '\'' ? '"' : *template);
}

/* Patterns of JSON Schema have no option for case: [Ii][Nn][Ff][Oo]. */
static void
put_any_case(struct sk_buf *out, const char *word)
{
	for (; *word; word++) {
		char lower = *word >= 'A' && *word <= 'Z' ? (char)(*word + 'a' - 'A') : *word;

		sk_buf_printf(out, "[%c%c]", lower + 'A' - 'a', lower);
	}
}

void
sk_list_priority_schema(struct sk_buf *out)
{
	sk_buf_str(out, "\"type\":\"string\",\"pattern\":\"^(");
	put_any_case(out, "info");
	for (uint32_t p = 0; p < SK_PRIO_COUNT; p++) {
		sk_buf_char(out, '|');
		put_any_case(out, sk_priority_name((enum sk_priority)p));
	}
	sk_buf_str(out, ")$\"");
}
