#include "compiler/dialect.h"

#include "base/buf.h"
#include "base/schema.h"
#include "compiler/plan.h"

/* Falco's bound on a constant, with the NUL behind it. */
#define FALCO_MAX_TEXT 255u

/* --- checks ---------------------------------------------------------------------------------------------------------------- */
enum left {
	LEFT_IP = 1 << 0,       /* fd.ip */
	LEFT_NET = 1 << 1,      /* fd.net */
	LEFT_ONE_NET = 1 << 2,  /* fd.cnet, fd.snet, fd.lnet, fd.rnet */
	LEFT_ENDS = 1 << 3,     /* fd.port, fd.proto */
	LEFT_NUMBERS = 1 << 4,  /* numbers of all ancestors: proc.apid */
	LEFT_TEXTS = 1 << 5,    /* texts of all ancestors: proc.aname and its kin */
	LEFT_TRANSFORMED = 1 << 6, /* a transformer over a list */
};

static bool
is_net(enum sk_ptype t)
{
	return t == SK_PT_IPNET || t == SK_PT_IPV4NET || t == SK_PT_IPV6NET;
}

static unsigned
left_of(const struct sk_irv *l)
{
	if (l->kind == SK_IRV_XFORM)
		return l->is_list && (l->xform == SK_XF_TOLOWER || l->xform == SK_XF_TOUPPER) ? LEFT_TRANSFORMED : 0;
	if (l->multi_any)
		return l->vkind == SK_V_STR ? LEFT_TEXTS : LEFT_NUMBERS;
	if (l->multi_ends)
		return is_net(l->type) ? LEFT_NET : l->vkind == SK_V_IP ? LEFT_IP : LEFT_ENDS;
	return l->kind == SK_IRV_FIELD && is_net(l->type) ? LEFT_ONE_NET : 0;
}

#define CMP(c) (1u << SK_CMP_##c)
#define QUANT(q) (1u << SK_QUANT_##q)
#define QUANTIFIED (QUANT(ONEOF) | QUANT(ANYOF) | QUANT(ALLOF))

/* The first row that fits a check is how Falco reads it. */
static const struct row {
	unsigned left, cmps, quants;
	enum sk_reading reading;
	const char *text;
} rows[] = {
	{ LEFT_IP | LEFT_NET | LEFT_ENDS, CMP(EXISTS), QUANT(NONE), SK_READ_HAS_DESCRIPTOR, "holds for every event that has a descriptor, of whatever kind" },
	{ LEFT_IP, CMP(IN), QUANT(NONE), SK_READ_NEVER, "never holds; compare with = for each address, or use fd.cip and fd.sip" },
	{ LEFT_NUMBERS, CMP(IN) | CMP(INTERSECTS), QUANT(NONE), SK_READ_NEVER, "never holds; compare with = for each number" },
	{ LEFT_TRANSFORMED, CMP(IN) | CMP(INTERSECTS), QUANT(NONE), SK_READ_NEVER, "never holds; leave the transformer out" },
	{ LEFT_NET, CMP(IN), QUANT(NONE), SK_READ_FIRST, "compares with the first net of the list only; use fd.cnet and fd.snet" },
	{ LEFT_ONE_NET, CMP(EQ), QUANT(ANYOF), SK_READ_NEVER, "never holds; use in" },
	{ LEFT_ONE_NET, CMP(NE), QUANT(ALLOF), SK_READ_EXISTS, "holds whenever there is an address; use not ... in" },
	{ LEFT_IP | LEFT_NET | LEFT_NUMBERS | LEFT_TEXTS, UINT32_MAX, QUANTIFIED, SK_READ_FIRST, "compares with the first value of the list only" },
};

enum sk_reading
sk_dialect_read(struct sk_sema *s, const struct sk_cond *c, const struct sk_irv *l)
{
	bool constants = !c->rhs || c->rhs->kind == SK_OPND_LIST || c->rhs->kind == SK_OPND_LITERAL;
	unsigned left = s->cx->dialect == SK_DIALECT_FALCO && constants ? left_of(l) : 0;

	for (size_t i = 0; left && i < SK_COUNTOF(rows); i++) {
		const struct row *r = &rows[i];

		if (!(r->left & left) || !(r->cmps >> c->cmp & 1) || !(r->quants >> c->quant & 1))
			continue;
		sk_sema_report(s, SK_D_OTHER_MEANING, c->span, "in Falco this test %s", r->text);
		return r->reading;
	}
	return SK_READ_AS_WRITTEN;
}

/* --- constants ------------------------------------------------------------------------------------------------------------- */
static bool
is_hexadecimal(struct sk_slice t)
{
	size_t sign = t.n && (t.p[0] == '-' || t.p[0] == '+');

	return t.n > sign + 2 && t.p[sign] == '0' && (t.p[sign + 1] == 'x' || t.p[sign + 1] == 'X');
}

/* A byte written as \xHH, which Falco's own documentation names. Of the text as it stands, quotes included. */
static bool
has_byte_escape(struct sk_slice written)
{
	for (size_t i = 0; i + 1 < written.n; i++)
		if (written.p[i] == '\\' && written.p[++i] == 'x')
			return true;
	return false;
}

static void
cut_number(struct sk_sema *s, const struct sk_opnd *o, uint32_t width, struct sk_irv *v)
{
	uint64_t cut = v->num & ((1ull << 8 * width) - 1);

	if (cut == v->num)
		return;
	sk_sema_report(s, SK_D_OTHER_MEANING, o->span, "in Falco this number is cut to %u bytes: it is %llu", width, (unsigned long long)cut);
	v->num = cut;
}

const char *
sk_dialect_constant(struct sk_sema *s, const struct sk_irv *l, const struct sk_opnd *o, struct sk_irv *v)
{
	bool number = v->vkind == SK_V_INT || v->vkind == SK_V_UINT || v->vkind == SK_V_FLOAT;
	uint32_t width = sk_type_width(l->type);

	if (s->cx->dialect != SK_DIALECT_FALCO)
		return NULL;
	if (number && is_hexadecimal(o->text))
		return "is hexadecimal, which Falco refuses; write it in decimal";
	if (o->quoted && has_byte_escape(sk_slice(s->text->s.p + o->span.beg, o->span.end - o->span.beg)))
		return "holds an escape \\xHH, which Falco refuses";
	if ((v->vkind == SK_V_STR || v->vkind == SK_V_BYTES) && o->text.n > FALCO_MAX_TEXT)
		return "is longer than the 255 bytes that Falco takes";
	if (v->vkind == SK_V_UINT && width && width < 8)
		cut_number(s, o, width, v);
	return NULL;
}

/* --- events ---------------------------------------------------------------------------------------------------------------- */
/* Falco asks a rule about the event types that its names of types leave, whatever the rest of the condition says. That is less than the names themselves say where
 * they are negated: all calls without an event type of their own share one, and a name of a call may also be that of another event. */
static bool
put_names(const struct sk_event_reach *reach, struct sk_buf *out)
{
	bool any = false;

	for (uint32_t e = 0; e < SK_EVENT_LIMIT; e++) {
		const struct sk_event_desc *d = sk_event_desc(e);

		/* Asynchronous events are always among those asked about. */
		if (!d || (d->category & SK_EC_SYSCALL) || e == SK_E_ASYNCEVENT_E || !sk_type_is_delivered(SK_SOURCE_SYSCALL, e) || sk_event_set_has(&reach->yes, e))
			continue;
		sk_buf_printf(out, "%s%s", any ? ", " : "not evt.type in (", d->name);
		any = true;
	}
	if (any)
		sk_buf_char(out, ')');
	return any;
}

uint32_t
sk_dialect_events(struct sk_sema *s, const struct sk_rule_ast *r, const struct sk_event_reach *reach)
{
	struct sk_buf b = { 0 };
	bool generic = sk_event_set_has(&reach->yes, SK_E_GENERIC_X), names = put_names(reach, &b);

	if (!generic)
		sk_buf_printf(&b, "%snot evt.arg.nativeID exists", names ? " and " : "");
	struct sk_text *text = SK_NEW(s->cx->arena, struct sk_text);
	const struct sk_slice made = text && b.n ? sk_arena_dup(s->cx->arena, sk_buf_view(&b)) : SK_SLICE("");
	sk_buf_free(&b);
	if (!made.n)
		return 1;
	const struct sk_loc at = sk_text_loc(r->cond->text, r->cond->span);
	*text = (struct sk_text){ .s = made, .file = at.file, .whole = at.span };
	struct sk_cond *c = sk_cond_parse(&(struct sk_parse){ s->cx->arena, s->cx->diags, text });
	return c ? sk_sema_node(s, c) : 1;
}
