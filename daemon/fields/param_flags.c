/* Symbols of flags, modes and enumerations (scap_format.md §10.6). */
#include "base/schema.h"
#include "daemon/fields/param_text.h"

struct symbols {
	struct sk_out *o;
	bool any;
};

static void
symbol(struct symbols *s, const char *name)
{
	if (s->any)
		sk_out_char(s->o, '|');
	sk_out_str(s->o, name);
	s->any = true;
}

/* Every symbol of exactly this value: several families of sockets have two names. */
static void
enumeration(struct symbols *s, const struct sk_flag_sym *t, uint32_t v)
{
	for (; t->name; t++)
		if (t->value == v)
			symbol(s, t->name);
}

/* Earlier symbols take their bits away from later ones; a symbol that is the whole value ends the walk. */
static void
flags(struct symbols *s, const struct sk_flag_sym *t, uint32_t v)
{
	uint32_t left = v;

	for (; t->name; t++) {
		if (t->value ? !left || (left & t->value) != t->value : v != 0)
			continue;
		symbol(s, t->name);
		left &= ~t->value;
		if (t->value == v)
			return;
	}
}

static void
mode(struct symbols *s, const struct sk_flag_sym *t, uint32_t v)
{
	uint32_t left = v;

	for (; t->name && t->value != v; t++) {
		if (!t->value || !left || (left & t->value) != t->value)
			continue;
		symbol(s, t->name);
		left &= ~t->value;
	}
	if (t->name)
		symbol(s, t->name);
}

void
sk_param_flags(struct sk_out *o, const struct sk_param *p)
{
	uint32_t v = (uint32_t)sk_param_uint(p);
	struct symbols s = { o, false };

	if (p->desc->info != SK_PI_FLAGS)
		return;
	const struct sk_flag_sym *t = sk_flag_symbols((enum sk_flag_table)p->desc->info_arg);

	if (p->type == SK_PT_MODE)
		mode(&s, t, v);
	else if (p->type == SK_PT_ENUMFLAGS8 || p->type == SK_PT_ENUMFLAGS16 || p->type == SK_PT_ENUMFLAGS32)
		enumeration(&s, t, v);
	else
		flags(&s, t, v);
}
