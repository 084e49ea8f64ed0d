/* Values as text: fields, transformers, constants. */
#include "base/schema.h"
#include "base/utf8.h"
#include "vm/bundle/text.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <math.h>

/* What is written out in the place where it is used: texts up to this long, transformers and lists nested this deep, of so many
 * arguments. */
#define INLINE_BYTES 72u
#define INLINE_LEVELS 2u
#define INLINE_ARGS 8u

static bool
printable(const char *p, size_t n)
{
	/* U+0080 to U+009F are control characters of terminals. */
	return n > 1 ? !((uint8_t)p[0] == 0xc2 && (uint8_t)p[1] < 0xa0) : n == 1 && (uint8_t)*p >= 0x20 && *p != 0x7f;
}

static void
put_escaped(struct sk_buf *out, char c)
{
	if (c == '\n')
		sk_buf_str(out, "\\n");
	else if (c == '\t')
		sk_buf_str(out, "\\t");
	else
		sk_buf_printf(out, "\\x%02x", (uint8_t)c);
}

void
sk_print_quoted(struct sk_buf *out, struct sk_slice s)
{
	sk_buf_char(out, '"');
	for (size_t i = 0; i < s.n;) {
		size_t skip, n = sk_utf8_sequence(s.p + i, s.n - i, &skip);

		if (!printable(s.p + i, n)) {
			put_escaped(out, s.p[i++]);
			continue;
		}
		if (s.p[i] == '"' || s.p[i] == '\\')
			sk_buf_char(out, '\\');
		sk_buf_put(out, s.p + i, n);
		i += n;
	}
	sk_buf_char(out, '"');
}

/* "<kind TYPE list>", the words that are not understood. */
static void
put_type(struct sk_buf *out, const struct sk_value_def *d, enum sk_vkind kind, uint32_t type, bool is_list)
{
	const char *sep = "<";

	if (d->kind != kind) {
		sk_buf_printf(out, "%s%s", sep, sk_vkind_name((enum sk_vkind)d->kind));
		sep = " ";
	}
	if (d->type != type) {
		sk_buf_printf(out, "%s%s", sep, sk_type_name((enum sk_ptype)d->type));
		sep = " ";
	}
	if (d->is_list != is_list)
		sk_buf_printf(out, "%s%s", sep, d->is_list ? "list" : "scalar");
	if (*sep == ' ' || d->is_list != is_list)
		sk_buf_char(out, '>');
}

static void
put_float(struct sk_buf *out, uint64_t bits)
{
	double d;
	char text[40];

	memcpy(&d, &bits, sizeof(d));
	if (!isfinite(d)) {
		sk_buf_printf(out, "float:%016" PRIx64, bits);
		return;
	}
	(void)snprintf(text, sizeof(text), "%.17g", d);
	sk_buf_str(out, text);
	if (!strpbrk(text, ".e"))
		sk_buf_str(out, ".0");
}

static void
put_address(struct sk_buf *out, const struct sk_value_def *d, struct sk_slice addr)
{
	char text[INET6_ADDRSTRLEN];

	sk_buf_str(out, inet_ntop(d->id == 4 ? AF_INET : AF_INET6, addr.p, text, sizeof(text)));
	if (d->kind == SK_V_NET)
		sk_buf_printf(out, "/%u", d->prefix);
}

static void
put_scalar(struct sk_printer *p, const struct sk_value_def *d)
{
	struct sk_buf *out = p->out;

	switch ((enum sk_vkind)d->kind) {
	case SK_V_BOOL:
		sk_buf_str(out, d->num ? "true" : "false");
		break;
	case SK_V_INT:
		sk_buf_i64(out, (int64_t)d->num);
		break;
	case SK_V_UINT:
		sk_buf_u64(out, d->num);
		sk_buf_char(out, 'u');
		break;
	case SK_V_FLOAT:
		put_float(out, d->num);
		break;
	case SK_V_BYTES:
		sk_buf_char(out, 'b');
		__attribute__((fallthrough));
	case SK_V_STR:
		sk_print_quoted(out, sk_bundle_str(p->v, d->text));
		break;
	case SK_V_IP:
	case SK_V_NET:
		put_address(out, d, sk_bundle_str(p->v, d->text));
		break;
	case SK_V_NONE:
	case SK_V_LIST:
		break;
	}
}

static void put_value(struct sk_printer *p, uint32_t n);

/* Value N is written out where it is used: it is short, and so is everything in it. */
static bool
inlined(const struct sk_bundle_view *v, uint32_t n, uint32_t levels)
{
	const struct sk_value_def *d = &v->values[n];

	if (d->text.len > INLINE_BYTES || d->nargs > INLINE_ARGS || (d->nargs && levels == 0))
		return false;
	for (uint32_t k = 0; k < d->nargs; k++)
		if (!inlined(v, v->args[d->num + k], levels - 1))
			return false;
	return true;
}

void
sk_print_operand(struct sk_printer *p, uint32_t n)
{
	if (inlined(p->v, n, INLINE_LEVELS))
		put_value(p, n);
	else
		sk_buf_printf(p->out, "%c%u", n < p->v->ncomputed ? 'v' : 'c', n);
}

static void
put_args(struct sk_printer *p, const struct sk_value_def *d, const char *brackets)
{
	sk_buf_char(p->out, brackets[0]);
	for (uint32_t k = 0; k < d->nargs && !sk_print_full(p); k++) {
		if (k)
			sk_buf_str(p->out, ", ");
		sk_print_operand(p, p->v->args[d->num + k]);
	}
	sk_buf_char(p->out, brackets[1]);
}

static void
put_const(struct sk_printer *p, const struct sk_value_def *d)
{
	if (d->is_list) {
		put_args(p, d, "[]");
		/* Nothing to be read off an empty list is a list of strings. */
		put_type(p->out, d, d->nargs ? (enum sk_vkind)d->kind : SK_V_STR,
			 d->nargs ? p->v->values[p->v->args[d->num]].type : SK_PT_CHARBUF, true);
		return;
	}
	put_scalar(p, d);
	put_type(p->out, d, (enum sk_vkind)d->kind, sk_default_type((enum sk_vkind)d->kind), false);
}

static void
put_field(struct sk_printer *p, const struct sk_value_def *d)
{
	const struct sk_field_desc *f = sk_field_desc(d->id);

	sk_buf_str(p->out, f->name);
	if (d->arg == SK_VA_INDEX)
		sk_buf_printf(p->out, "[%" PRIu64 "]", d->num);
	if (d->arg == SK_VA_KEY) {
		sk_buf_char(p->out, '[');
		sk_print_quoted(p->out, sk_bundle_str(p->v, d->text));
		sk_buf_char(p->out, ']');
	}
	put_type(p->out, d, sk_type_kind((enum sk_ptype)d->type), f->type, false);
}

static void
put_xform(struct sk_printer *p, const struct sk_value_def *d)
{
	const struct sk_value_def *first = &p->v->values[p->v->args[d->num]];
	enum sk_xform x = (enum sk_xform)d->id;
	enum sk_vkind kind = sk_xform_kind(x, (enum sk_vkind)first->kind);

	sk_buf_str(p->out, sk_xform_name(x));
	put_args(p, d, "()");
	if (d->arg == SK_VA_KEY) {
		sk_buf_char(p->out, '[');
		sk_print_quoted(p->out, sk_bundle_str(p->v, d->text));
		sk_buf_char(p->out, ']');
	}
	put_type(p->out, d, kind, kind == (enum sk_vkind)first->kind && kind != SK_V_UINT ? first->type : sk_default_type(kind),
		 sk_xform_is_list(x, first->is_list, d->arg == SK_VA_KEY));
}

static void
put_value(struct sk_printer *p, uint32_t n)
{
	const struct sk_value_def *d = &p->v->values[n];

	switch ((enum sk_value_def_kind)d->def) {
	case SK_VD_FIELD:
		put_field(p, d);
		break;
	case SK_VD_XFORM:
		put_xform(p, d);
		break;
	case SK_VD_CONST:
		put_const(p, d);
		break;
	}
}

static void
print_definitions(struct sk_printer *p, uint32_t begin, uint32_t end, const char *word, bool lists)
{
	for (uint32_t i = begin; i < end && !sk_print_full(p); i++) {
		const struct sk_value_def *d = &p->v->values[i];

		if (inlined(p->v, i, INLINE_LEVELS) || (d->def == SK_VD_CONST && d->is_list != lists))
			continue;
		sk_buf_printf(p->out, "%s %c%u = ", word, *word, i);
		put_value(p, i);
		sk_buf_char(p->out, '\n');
	}
}

void
sk_print_values(struct sk_printer *p)
{
	/* In an order in which each names only what stands before it. */
	print_definitions(p, p->v->ncomputed, p->v->nvalues, "const", false);
	print_definitions(p, p->v->ncomputed, p->v->nvalues, "const", true);
	print_definitions(p, 0, p->v->ncomputed, "value", true);
}
