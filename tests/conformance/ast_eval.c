#include "tests/conformance/ast_eval.h"

#include "base/schema.h"
#include "base/vec.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <fnmatch.h>
#include <netdb.h>
#include <regex.h>
#include <stdlib.h>

struct eval {
	sk_ast_load_fn load;
	void *ctx;
	struct sk_arena *arena;
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
	return (struct sk_value){ .kind = SK_V_STR, .n = (uint32_t)n, .s = p };
}

static bool
is_text(const struct sk_value *v)
{
	return v->kind == SK_V_STR || v->kind == SK_V_BYTES;
}

/* --- operands --------------------------------------------------------------------------------------------------------------------------------- */
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
			return (struct sk_value){ .kind = v.kind, .n = v.n - i, .s = v.s + i };
	return v;
}

static struct sk_value
join(struct eval *e, const struct sk_value *parts, size_t n, struct sk_value sep)
{
	struct sk_slice out = sk_slice("", 0);

	for (size_t i = 0; i < n; i++)
		out = sk_arena_printf(e->arena, "%.*s%.*s%.*s", (int)out.n, out.p, i ? (int)sep.n : 0, sep.n ? sep.s : "", (int)parts[i].n,
				      parts[i].n ? parts[i].s : "");
	return text_value(out.p, out.n);
}

/* Only texts without NUL reach join(): what printf stops at cannot be compared with here. */
static struct sk_value
transform(struct eval *e, const struct sk_opnd *o)
{
	struct sk_value args[16], none = { 0 };
	uint32_t n = 0;

	for (uint32_t i = 0; i < o->nargs && n < 16; i++) {
		if (o->args[i]->kind == SK_OPND_LIST) {
			for (uint32_t k = 0; k < o->args[i]->nargs && n < 16; k++)
				args[n++] = operand(e, o->args[i]->args[k]);
			continue;
		}
		args[n++] = operand(e, o->args[i]);
	}
	for (uint32_t i = 0; i < n; i++)
		if (args[i].kind == SK_V_NONE)
			return none;
	if (sk_slice_is(o->text, "val"))
		return args[0];
	if (sk_slice_is(o->text, "tolower"))
		return map_text(e, args[0], tolower);
	if (sk_slice_is(o->text, "toupper"))
		return map_text(e, args[0], toupper);
	if (sk_slice_is(o->text, "basename"))
		return base_of(args[0]);
	if (sk_slice_is(o->text, "len"))
		return (struct sk_value){ .kind = SK_V_UINT, .u = args[0].n };
	if (sk_slice_is(o->text, "concat"))
		return join(e, args, n, text_value("", 0));
	if (sk_slice_is(o->text, "join"))
		return join(e, args + 1, n - 1, args[0]);
	return none;
}

static struct sk_value
operand(struct eval *e, const struct sk_opnd *o)
{
	switch (o->kind) {
	case SK_OPND_FIELD: {
		const struct sk_field_desc *f = sk_field_prefix(o->text);
		struct sk_slice rest = f ? sk_slice(o->text.p + f->name_len, o->text.n - f->name_len) : SK_SLICE("");

		if (!f)
			return (struct sk_value){ 0 };
		if (o->has_arg)
			return e->load(e->ctx, f, true, o->arg);
		return rest.n > 1 ? e->load(e->ctx, f, true, sk_slice(rest.p + 1, rest.n - 1)) : e->load(e->ctx, f, false, SK_SLICE(""));
	}
	case SK_OPND_XFORM: return transform(e, o);
	case SK_OPND_LITERAL: return text_value(o->text.p, o->text.n);
	case SK_OPND_LIST: break;
	}
	return (struct sk_value){ 0 };
}

/* --- one value against one right-hand value ------------------------------------------------------------------------------------------------------ */
static uint64_t
number_of(struct eval *e, const struct sk_value *r)
{
	const char *s = cstr(e, r);
	char *end;
	uint64_t v = *s == '-' ? 0 - strtoull(s + 1, &end, 0) : strtoull(*s == '+' ? s + 1 : s, &end, 10);
	struct servent *service;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		return strtoull(s, NULL, 16);
	if (*end && (service = getservbyname(s, NULL)))
		return ntohs((uint16_t)service->s_port);
	return v;
}

static struct net
net_of(struct eval *e, const struct sk_value *r)
{
	char *s = cstr(e, r), *slash = strchr(s, '/');
	struct net n = { .bits = -1 };

	if (slash) {
		*slash = '\0';
		n.bits = atoi(slash + 1);
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

static bool
equal(struct eval *e, const struct sk_value *l, const struct sk_value *r)
{
	switch ((enum sk_vkind)l->kind) {
	case SK_V_STR:
	case SK_V_BYTES: return l->n == r->n && memcmp(l->s, r->s, l->n) == 0;
	case SK_V_BOOL: return is_text(r) ? (l->u != 0) == (r->n == 4 && memcmp(r->s, "true", 4) == 0) : l->u == r->u;
	case SK_V_INT:
	case SK_V_UINT: return l->u == (is_text(r) ? number_of(e, r) : r->u);
	case SK_V_FLOAT: return !(l->d < (double)(int64_t)number_of(e, r)) && !(l->d > (double)(int64_t)number_of(e, r));
	case SK_V_IP: return is_text(r) ? in_net(l, net_of(e, r)) : l->ip == r->ip && memcmp(l->addr, r->addr, l->ip == 4 ? 4 : 16) == 0;
	case SK_V_NET:
	case SK_V_LIST:
	case SK_V_NONE: break;
	}
	return false;
}

static int
order(struct eval *e, const struct sk_value *l, const struct sk_value *r)
{
	if (is_text(l))
		return sk_slice_cmp(sk_slice(l->s, l->n), sk_slice(r->s, r->n));
	uint64_t n = is_text(r) ? number_of(e, r) : r->u;

	if (l->kind == SK_V_INT)
		return (l->i > (int64_t)n) - (l->i < (int64_t)n);
	if (l->kind == SK_V_FLOAT)
		return (l->d > (double)(int64_t)n) - (l->d < (double)(int64_t)n);
	return (l->u > n) - (l->u < n);
}

static bool
find(const struct sk_value *l, const struct sk_value *r, bool nocase)
{
	for (uint32_t i = 0; i + r->n <= l->n; i++) {
		uint32_t k = 0;

		while (k < r->n && (l->s[i + k] == r->s[k] || (nocase && tolower((uint8_t)l->s[i + k]) == tolower((uint8_t)r->s[k]))))
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
		const char pair[3] = { r->s[2 * i], r->s[2 * i + 1], '\0' };

		out[i] = (char)strtoul(pair, NULL, 16);
	}
	return (struct sk_value){ .kind = SK_V_BYTES, .n = r->n / 2, .s = out };
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
	return l->n >= r->n && memcmp(l->s, r->s, r->n) == 0;
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
	case SK_CMP_EQ: return equal(e, l, r);
	case SK_CMP_NE: return !equal(e, l, r);
	case SK_CMP_LT: return order(e, l, r) < 0;
	case SK_CMP_LE: return order(e, l, r) <= 0;
	case SK_CMP_GT: return order(e, l, r) > 0;
	case SK_CMP_GE: return order(e, l, r) >= 0;
	case SK_CMP_CONTAINS: return find(l, r, false);
	case SK_CMP_ICONTAINS: return find(l, r, true);
	case SK_CMP_BCONTAINS: bytes = unhex(e, r); return find(l, &bytes, false);
	case SK_CMP_STARTSWITH: return starts(l, r);
	case SK_CMP_BSTARTSWITH: bytes = unhex(e, r); return starts(l, &bytes);
	case SK_CMP_ENDSWITH: return l->n >= r->n && memcmp(l->s + l->n - r->n, r->s, r->n) == 0;
	case SK_CMP_GLOB: return fnmatch(cstr(e, r), cstr(e, l), 0) == 0;
	case SK_CMP_IGLOB: return fnmatch(cstr(e, r), cstr(e, l), FNM_CASEFOLD) == 0;
	case SK_CMP_REGEX: return regex(e, l, r);
	case SK_CMP_PMATCH: return path_below(e, l, r);
	case SK_CMP_IN:
	case SK_CMP_INTERSECTS: return equal(e, l, r);
	case SK_CMP_EXISTS:
	case SK_CMP_COUNT: break;
	}
	return false;
}

/* --- checks -------------------------------------------------------------------------------------------------------------------------------------------- */
/* How many operands of the right-hand list the scalar L satisfies. */
static uint32_t
hits(struct eval *e, const struct sk_cond *c, const struct sk_value *l, bool *ret_absent)
{
	uint32_t n = 0;

	if (c->rhs->kind != SK_OPND_LIST) {
		struct sk_value r = operand(e, c->rhs);

		*ret_absent = r.kind == SK_V_NONE;
		if (r.kind == SK_V_LIST) {
			for (uint32_t i = 0; i < r.n; i++)
				n += compare(e, c->cmp, l, &r.list[i]);
			return n;
		}
		return *ret_absent ? 0 : compare(e, c->cmp, l, &r);
	}
	for (uint32_t i = 0; i < c->rhs->nargs; i++) {
		struct sk_value r = operand(e, c->rhs->args[i]);

		n += compare(e, c->cmp, l, &r);
	}
	return n;
}

static bool
scalar(struct eval *e, const struct sk_cond *c, const struct sk_value *l)
{
	bool absent = false;
	uint32_t n = hits(e, c, l, &absent);

	switch (c->quant) {
	case SK_QUANT_ONEOF: return n == 1;
	case SK_QUANT_ALLOF: return c->rhs->nargs > 0 && n == c->rhs->nargs;
	case SK_QUANT_ANYOF:
	case SK_QUANT_NONE: break;
	}
	return n > 0;
}

static bool
check(struct eval *e, const struct sk_cond *c)
{
	struct sk_value l = operand(e, c->lhs);
	const struct sk_field_desc *f = c->lhs->kind == SK_OPND_FIELD ? sk_field_prefix(c->lhs->text) : NULL;
	uint32_t n = 0;

	if (l.kind == SK_V_NONE || c->cmp == SK_CMP_EXISTS)
		return l.kind != SK_V_NONE;
	if (l.kind != SK_V_LIST)
		return scalar(e, c, &l);
	for (uint32_t i = 0; i < l.n; i++)
		n += scalar(e, c, &l.list[i]);
	/* Both ends of a connection: != wants both to differ. Lists: `in` wants all elements. */
	if (f && f->flags & SK_FF_ENDS && c->cmp == SK_CMP_NE)
		return n == l.n;
	if (f && f->flags & (SK_FF_ANY | SK_FF_ENDS))
		return n > 0;
	return c->cmp == SK_CMP_IN ? n == l.n : n > 0;
}

bool
sk_ast_eval(const struct sk_cond *c, sk_ast_load_fn load, void *ctx, struct sk_arena *arena)
{
	struct eval e = { load, ctx, arena };

	switch (c->kind) {
	case SK_COND_CHECK: return check(&e, c);
	case SK_COND_NOT: return !sk_ast_eval(c->kids[0], load, ctx, arena);
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
	case SK_COND_MACRO: break;
	}
	return false;
}
