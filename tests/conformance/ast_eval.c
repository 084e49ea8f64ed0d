#include "tests/conformance/ast_eval.h"

#include "base/schema.h"
#include "base/services.h"
#include "base/vec.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <fnmatch.h>
#include <math.h>
#include <regex.h>
#include <stdlib.h>

/* Texts that one transformer puts together; more of them than a compiled call takes, for lists are spread. */
#define MAX_ARGS 4096u

struct eval {
	sk_ast_load_fn load;
	void *ctx;
	struct sk_arena *arena;
	enum sk_ptype type;     /* of the left side of the check: what numbers on its right become */
	enum sk_field_id field; /* left side, or NONE */
};

struct net {
	int family;
	uint8_t addr[16];
	int bits;
};

static char *
cstr(struct eval *e, const struct sk_value *v)
{
	return (char *)sk_arena_dup(e->arena, sk_slice(v->s, v->n)).p;
}

static struct sk_value
text_value(const char *p, size_t n)
{
	return (struct sk_value){.kind = SK_V_STR, .n = (uint32_t)n, .s = p};
}

static bool
is_text(const struct sk_value *v)
{
	return v->kind == SK_V_STR || v->kind == SK_V_BYTES;
}

/* --- operands
 * ---------------------------------------------------------------------------------------------------------------------------------
 */
static struct sk_value operand(struct eval *e, const struct sk_opnd *o);

static struct sk_value
map_text(struct eval *e, struct sk_value v, int (*fn)(int))
{
	struct sk_slice copy = sk_arena_dup(e->arena, sk_slice(v.s, v.n));

	for (size_t i = 0; i < copy.n; i++)
		((char *)copy.p)[i] = (uint8_t)copy.p[i] < 128 ? (char)fn(copy.p[i]) : copy.p[i];
	v.s = copy.p;
	return v;
}

static struct sk_value
base_of(struct sk_value v)
{
	for (uint32_t i = v.n; i > 0; i--)
		if (v.s[i - 1] == '/')
			return (struct sk_value){.kind = v.kind, .n = v.n - i, .s = v.s + i};
	return v;
}

static struct sk_value
join(struct eval *e, const struct sk_value *parts, size_t n, struct sk_value sep)
{
	struct sk_slice out = sk_slice("", 0);

	for (size_t i = 0; i < n; i++)
		out = sk_arena_printf(e->arena, "%.*s%.*s%.*s", (int)out.n, out.p, i ? (int)sep.n : 0, sep.n ? sep.s : "",
				      (int)parts[i].n, parts[i].n ? parts[i].s : "");
	return text_value(out.p, out.n);
}

/* Fields of several values are one text where texts are put together. */
static struct sk_value
as_text(struct eval *e, const struct sk_opnd *o, struct sk_value v)
{
	const struct sk_field_desc *f = o->kind == SK_OPND_FIELD ? sk_field_prefix(o->text) : NULL;

	return f && f->flags & SK_FF_ANY && v.kind == SK_V_LIST ? join(e, v.list, v.n, text_value(" ", 1)) : v;
}

/* The arguments of a call, list operands and list values spread. False if one is absent. */
static bool
arguments(struct eval *e, const struct sk_opnd *o, struct sk_value *ret, uint32_t *n)
{
	for (uint32_t i = 0; i < o->nargs; i++) {
		if (o->args[i]->kind == SK_OPND_LIST) {
			if (!arguments(e, o->args[i], ret, n))
				return false;
			continue;
		}
		struct sk_value v = as_text(e, o->args[i], operand(e, o->args[i]));

		if (v.kind == SK_V_NONE)
			return false;
		for (uint32_t k = 0; v.kind == SK_V_LIST && k < v.n && *n < MAX_ARGS; k++)
			ret[(*n)++] = v.list[k];
		if (v.kind != SK_V_LIST && *n < MAX_ARGS)
			ret[(*n)++] = v;
	}
	return true;
}

static struct sk_value
put_together(struct eval *e, const struct sk_opnd *o)
{
	struct sk_value *args = sk_arena_array(e->arena, MAX_ARGS, sizeof(*args));
	uint32_t n = 0;

	if (!arguments(e, o, args, &n))
		return (struct sk_value){0};
	return sk_slice_is(o->text, "join") ? join(e, args + 1, n - 1, args[0]) : join(e, args, n, text_value("", 0));
}

static struct sk_value
change(struct eval *e, struct sk_slice how, struct sk_value v)
{
	if (v.kind == SK_V_LIST) {
		struct sk_value *list = sk_arena_array(e->arena, v.n + 1, sizeof(*list));

		for (uint32_t i = 0; i < v.n; i++)
			list[i] = change(e, how, v.list[i]);
		return (struct sk_value){.kind = SK_V_LIST, .n = v.n, .list = list};
	}
	if (sk_slice_is(how, "tolower"))
		return map_text(e, v, tolower);
	return sk_slice_is(how, "toupper") ? map_text(e, v, toupper) : base_of(v);
}

/* Only texts without NUL reach join(): what printf stops at cannot be compared with here. */
static struct sk_value
transform(struct eval *e, const struct sk_opnd *o)
{
	if (sk_slice_is(o->text, "concat") || sk_slice_is(o->text, "join"))
		return put_together(e, o);
	struct sk_value v = operand(e, o->args[0]);

	if (v.kind == SK_V_NONE || sk_slice_is(o->text, "val"))
		return v;
	if (sk_slice_is(o->text, "len"))
		return (struct sk_value){.kind = SK_V_UINT, .u = v.n};
	return change(e, o->text, v);
}

static struct sk_value
operand(struct eval *e, const struct sk_opnd *o)
{
	switch (o->kind) {
	case SK_OPND_FIELD: {
		const struct sk_field_desc *f = sk_field_prefix(o->text);
		struct sk_slice rest = f ? sk_slice(o->text.p + f->name_len, o->text.n - f->name_len) : SK_SLICE("");

		if (!f)
			return (struct sk_value){0};
		if (o->has_arg)
			return e->load(e->ctx, f, true, o->arg);
		return rest.n > 1 ? e->load(e->ctx, f, true, sk_slice(rest.p + 1, rest.n - 1))
				  : e->load(e->ctx, f, false, SK_SLICE(""));
	}
	case SK_OPND_XFORM:
		return transform(e, o);
	case SK_OPND_LITERAL:
		return text_value(o->text.p, o->text.n);
	case SK_OPND_LIST:
		break;
	}
	return (struct sk_value){0};
}

/* --- one value against one right-hand value -------------------------------------------------------------------------------- */
/* Magnitude of a number as written; beyond 64 bits it saturates, as strtoull() does. */
static uint64_t
magnitude_of(const char *s, const char **ret_end)
{
	char *end;
	uint64_t v;

	s += *s == '-' || *s == '+';
	v = strtoull(s, &end, s[0] == '0' && (s[1] == 'x' || s[1] == 'X') ? 16 : 10);
	*ret_end = end;
	return v;
}

/* A number as the type on the left takes it: clamped to 64 signed bits; or below zero wrapped at the type's width where it fits
 * into that. */
static uint64_t
number_of(struct eval *e, const struct sk_value *r)
{
	const char *s = cstr(e, r), *end;
	uint64_t v = magnitude_of(s, &end), width = sk_type_width(e->type);
	uint16_t port;

	if (e->type == SK_PT_PORT && *end && sk_service_port(sk_slice_cstr(s), &port))
		return port;
	if (sk_type_kind(e->type) == SK_V_INT && v > INT64_MAX)
		return *s == '-' ? (uint64_t)INT64_MIN : INT64_MAX;
	if (*s != '-')
		return v;
	if (sk_type_kind(e->type) == SK_V_INT || width == 0 || width >= 8)
		return v > INT64_MAX ? (uint64_t)INT64_MIN : 0 - v;
	if (v <= 1ull << (8 * width - 1))
		return (0 - v) & ((1ull << 8 * width) - 1);
	return v > INT64_MAX ? (uint64_t)INT64_MIN : 0 - v;
}

static double
double_of(struct eval *e, const struct sk_value *r)
{
	const char *s = cstr(e, r), *end;
	double d = (double)magnitude_of(s, &end);

	return *s == '-' ? -d : d;
}

static struct net
net_of(struct eval *e, const struct sk_value *r)
{
	char *s = cstr(e, r), *slash = strchr(s, '/');
	struct net n = {.bits = -1};

	if (slash) {
		const char *end;

		*slash = '\0';
		n.bits = (int)magnitude_of(slash + 1, &end);
	}
	n.family = strchr(s, '.') && !strchr(s, ':') ? 4 : 6;
	(void)inet_pton(n.family == 4 ? AF_INET : AF_INET6, s, n.addr);
	if (n.bits < 0)
		n.bits = n.family == 4 ? 32 : 128;
	return n;
}

static bool
in_net(const struct sk_value *l, struct net n)
{
	if (l->ip != n.family)
		return false;
	for (int i = 0; i < n.bits; i++)
		if ((l->addr[i / 8] ^ n.addr[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

static int
order(struct eval *e, const struct sk_value *l, const struct sk_value *r)
{
	if (is_text(l))
		return sk_slice_cmp(sk_slice(l->s, l->n), sk_slice(r->s, r->n));
	if (l->kind == SK_V_FLOAT) {
		double d = is_text(r) ? double_of(e, r) : r->d;

		return (l->d > d) - (l->d < d);
	}
	uint64_t n = is_text(r) ? number_of(e, r) : r->u;

	return l->kind == SK_V_INT ? (l->i > (int64_t)n) - (l->i < (int64_t)n) : (l->u > n) - (l->u < n);
}

static bool
equal(struct eval *e, const struct sk_value *l, const struct sk_value *r)
{
	switch ((enum sk_vkind)l->kind) {
	case SK_V_STR:
	case SK_V_BYTES:
		return sk_slice_eq(sk_slice(l->s, l->n), sk_slice(r->s, r->n));
	case SK_V_BOOL:
		return is_text(r) ? (l->u != 0) == (r->n == 4 && memcmp(r->s, "true", 4) == 0) : l->u == r->u;
	case SK_V_INT:
	case SK_V_UINT:
		return l->u == (is_text(r) ? number_of(e, r) : r->u);
	case SK_V_FLOAT:
		return order(e, l, r) == 0 && !isnan(l->d);
	case SK_V_IP:
		return is_text(r) ? in_net(l, net_of(e, r))
				  : l->ip == r->ip && memcmp(l->addr, r->addr, l->ip == 4 ? 4 : 16) == 0;
	case SK_V_NET:
	case SK_V_LIST:
	case SK_V_NONE:
		break;
	}
	return false;
}

static bool
find(const struct sk_value *l, const struct sk_value *r, bool nocase)
{
	for (uint32_t i = 0; i + r->n <= l->n; i++) {
		uint32_t k = 0;

		while (k < r->n &&
		       (l->s[i + k] == r->s[k] || (nocase && tolower((uint8_t)l->s[i + k]) == tolower((uint8_t)r->s[k]))))
			k++;
		if (k == r->n)
			return true;
	}
	return false;
}

static struct sk_value
unhex(struct eval *e, const struct sk_value *r)
{
	char *out = sk_arena_alloc(e->arena, r->n / 2 + 1);

	for (uint32_t i = 0; i < r->n / 2; i++) {
		const char pair[3] = {r->s[2 * i], r->s[2 * i + 1], '\0'};

		out[i] = (char)strtoul(pair, NULL, 16);
	}
	return (struct sk_value){.kind = SK_V_BYTES, .n = r->n / 2, .s = out};
}

static bool
regex(struct eval *e, const struct sk_value *l, const struct sk_value *r)
{
	struct sk_slice anchored = sk_arena_printf(e->arena, "^(%.*s)$", (int)r->n, r->s);
	regex_t re;
	bool hit;

	if (regcomp(&re, anchored.p, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	hit = regexec(&re, cstr(e, l), 0, NULL, 0) == 0;
	regfree(&re);
	return hit;
}

static bool
starts(const struct sk_value *l, const struct sk_value *r)
{
	return sk_slice_starts(sk_slice(l->s, l->n), sk_slice(r->s, r->n));
}

/* PATH is RIGHT or below it; components of RIGHT may be shell patterns. */
static bool
path_below(struct eval *e, const struct sk_value *path, const struct sk_value *right)
{
	char *p = cstr(e, path), *r = cstr(e, right), *pp, *rp, *want = strtok_r(r, "/", &rp), *have = strtok_r(p, "/", &pp);

	for (; want; want = strtok_r(NULL, "/", &rp), have = strtok_r(NULL, "/", &pp))
		if (!have || (strpbrk(want, "?*[") ? fnmatch(want, have, 0) != 0 : strcmp(want, have) != 0))
			return false;
	return true;
}

static bool
compare(struct eval *e, enum sk_cmp cmp, const struct sk_value *l, const struct sk_value *r)
{
	struct sk_value bytes;

	switch (cmp) {
	/* evt.around is the distance to a time: "=" asks whether it is at most that. */
	case SK_CMP_EQ:
		return e->field == SK_F_evt_around ? order(e, l, r) <= 0 : equal(e, l, r);
	case SK_CMP_NE:
		return !equal(e, l, r);
	case SK_CMP_LT:
		return order(e, l, r) < 0;
	case SK_CMP_LE:
		return order(e, l, r) <= 0;
	case SK_CMP_GT:
		return order(e, l, r) > 0;
	case SK_CMP_GE:
		return order(e, l, r) >= 0;
	case SK_CMP_CONTAINS:
		return find(l, r, false);
	case SK_CMP_ICONTAINS:
		return find(l, r, true);
	case SK_CMP_BCONTAINS:
		bytes = unhex(e, r);
		return find(l, &bytes, false);
	case SK_CMP_STARTSWITH:
		return starts(l, r);
	case SK_CMP_BSTARTSWITH:
		bytes = unhex(e, r);
		return starts(l, &bytes);
	case SK_CMP_ENDSWITH:
		return sk_slice_ends(sk_slice(l->s, l->n), sk_slice(r->s, r->n));
	case SK_CMP_GLOB:
		return fnmatch(cstr(e, r), cstr(e, l), 0) == 0;
	case SK_CMP_IGLOB:
		return fnmatch(cstr(e, r), cstr(e, l), FNM_CASEFOLD) == 0;
	case SK_CMP_REGEX:
		return regex(e, l, r);
	case SK_CMP_PMATCH:
		return path_below(e, l, r);
	case SK_CMP_IN:
	case SK_CMP_INTERSECTS:
		return equal(e, l, r);
	case SK_CMP_EXISTS:
	case SK_CMP_COUNT:
		break;
	}
	return false;
}

/* --- checks
 * --------------------------------------------------------------------------------------------------------------------------------------------
 */
/* One operand on the right. Both ends of a connection: any of them, but != wants both to differ. */
static bool
holds(struct eval *e, enum sk_cmp cmp, const struct sk_value *l, const struct sk_value *r)
{
	uint32_t n = 0;

	if (l->kind != SK_V_LIST)
		return compare(e, cmp, l, r);
	for (uint32_t i = 0; i < l->n; i++)
		n += compare(e, cmp, &l->list[i], r);
	return cmp == SK_CMP_NE ? n == l->n : n > 0;
}

/* L (one value, or both ends) against what stands on the right. */
static bool
satisfied(struct eval *e, const struct sk_cond *c, const struct sk_value *l, const struct sk_value *r)
{
	uint32_t n = 0, want = c->rhs->kind == SK_OPND_LIST ? c->rhs->nargs : 1;

	if (r->kind == SK_V_LIST)
		for (uint32_t i = 0; i < r->n; i++)
			n += holds(e, c->cmp, l, &r->list[i]);
	else if (c->rhs->kind != SK_OPND_LIST)
		n = holds(e, c->cmp, l, r);
	else
		for (uint32_t i = 0; i < c->rhs->nargs; i++) {
			struct sk_value x = operand(e, c->rhs->args[i]);

			n += holds(e, c->cmp, l, &x);
		}
	switch (c->quant) {
	case SK_QUANT_ONEOF:
		return n == 1;
	case SK_QUANT_ALLOF:
		return want > 0 && n == want;
	case SK_QUANT_ANYOF:
	case SK_QUANT_NONE:
		break;
	}
	return n > 0;
}

/* What numbers on the right of O become, and the field that O is. */
static void
set_left(struct eval *e, const struct sk_opnd *o)
{
	const struct sk_field_desc *f = o->kind == SK_OPND_FIELD ? sk_field_prefix(o->text) : NULL;

	e->field = f ? (enum sk_field_id)f->id : SK_F_NONE;
	e->type = f ? (enum sk_ptype)f->type : SK_PT_UINT64;
	if (e->field == SK_F_evt_rawarg)
		e->type = sk_ast_param_type(sk_slice(o->text.p + f->name_len + 1, o->text.n - f->name_len - 1));
}

static bool
check(struct eval *e, const struct sk_cond *c)
{
	struct sk_value l = operand(e, c->lhs), r = {0};
	const struct sk_field_desc *f = c->lhs->kind == SK_OPND_FIELD ? sk_field_prefix(c->lhs->text) : NULL;
	uint32_t n = 0;

	if (c->cmp == SK_CMP_EXISTS)
		return l.kind == SK_V_LIST ? l.n > 0 : l.kind != SK_V_NONE;
	if (l.kind == SK_V_NONE)
		return false;
	set_left(e, c->lhs);
	if (c->rhs->kind != SK_OPND_LIST && (r = operand(e, c->rhs)).kind == SK_V_NONE)
		return false;
	if (l.kind != SK_V_LIST || (f && f->flags & SK_FF_ENDS))
		return satisfied(e, c, &l, &r);
	for (uint32_t i = 0; i < l.n; i++)
		n += satisfied(e, c, &l.list[i], &r);
	/* Fields of several values: any of them. Lists: `in` wants all elements. */
	return c->cmp == SK_CMP_IN && !(f && f->flags & SK_FF_ANY) ? n == l.n : n > 0;
}

enum sk_ptype
sk_ast_param_type(struct sk_slice name)
{
	for (uint32_t type = 0; type < SK_EVENT_LIMIT; type++) {
		const struct sk_event_desc *d = sk_event_desc(type);

		for (uint32_t i = 0; d && i < d->nparams; i++)
			if (sk_slice_is(name, d->params[i].name))
				return (enum sk_ptype)d->params[i].type;
	}
	return SK_PT_NONE;
}

/* --- what it cannot do
 * ------------------------------------------------------------------------------------------------------------------------------------
 */
static bool
has(struct sk_slice s, const char *part)
{
	return s.n && memmem(s.p, s.n, part, strlen(part)) != NULL;
}

static bool
operand_known(const struct sk_opnd *o)
{
	/* These two would be written the same way twice: tests/unit/test_transform.c has tables for them. */
	if (o->kind == SK_OPND_XFORM && (sk_slice_is(o->text, "getopt") || sk_slice_is(o->text, "b64")))
		return false;
	for (uint32_t i = 0; i < o->nargs; i++)
		if (!operand_known(o->args[i]))
			return false;
	return true;
}

static bool
pattern_known(enum sk_cmp cmp, const struct sk_opnd *o)
{
	size_t stars = 0;

	for (uint32_t i = 0; i < o->nargs; i++)
		if (!pattern_known(cmp, o->args[i]))
			return false;
	for (size_t i = 0; i < o->text.n; i++) {
		stars += o->text.p[i] == '*';
		/* The C library's expressions know no UTF-8 here, have escapes of their own, and take exponential room for
		 * repetitions. */
		if (cmp == SK_CMP_REGEX && ((uint8_t)o->text.p[i] >= 0x80 || strchr("\\{[\n", o->text.p[i])))
			return false;
	}
	/* A repetition of nothing is refused by one and a character for the other. */
	if (cmp == SK_CMP_REGEX)
		return !has(o->text, "(?") && !has(o->text, "^*") && !has(o->text, "^+") && !has(o->text, "^?") &&
		       !has(o->text, "$*");
	/* A bracket that the pattern's end leaves open is a character like others, but to fnmatch() not behind a range begun: it matches nothing then. */
	if (has(o->text, "[") && (sk_slice_ends(o->text, SK_SLICE("-")) || sk_slice_ends(o->text, SK_SLICE("-\\"))))
		return false;
	/* A range that ends in '[' closes elsewhere once fnmatch() has found its match. */
	if (has(o->text, "-[") || has(o->text, "-\\["))
		return false;
	/* Collating elements are the locale's; and fnmatch() tries every way to divide a text among many stars. */
	return stars < 6 && !has(o->text, "[.") && !has(o->text, "[=");
}

bool
sk_ast_known(const struct sk_cond *c)
{
	for (uint32_t i = 0; i < c->nkids; i++)
		if (!sk_ast_known(c->kids[i]))
			return false;
	if (c->kind != SK_COND_CHECK)
		return c->kind != SK_COND_MACRO;
	if (!operand_known(c->lhs) || (c->rhs && !operand_known(c->rhs)))
		return false;
	if (c->cmp == SK_CMP_REGEX || c->cmp == SK_CMP_GLOB || c->cmp == SK_CMP_IGLOB || c->cmp == SK_CMP_PMATCH)
		return pattern_known(c->cmp, c->rhs);
	return true;
}

bool
sk_ast_eval(const struct sk_cond *c, sk_ast_load_fn load, void *ctx, struct sk_arena *arena)
{
	struct eval e = {.load = load, .ctx = ctx, .arena = arena};

	switch (c->kind) {
	case SK_COND_CHECK:
		return check(&e, c);
	case SK_COND_NOT:
		return !sk_ast_eval(c->kids[0], load, ctx, arena);
	case SK_COND_AND:
		for (uint32_t i = 0; i < c->nkids; i++)
			if (!sk_ast_eval(c->kids[i], load, ctx, arena))
				return false;
		return true;
	case SK_COND_OR:
		for (uint32_t i = 0; i < c->nkids; i++)
			if (sk_ast_eval(c->kids[i], load, ctx, arena))
				return true;
		return false;
	case SK_COND_MACRO:
		break;
	}
	return false;
}
