#include "tests/fuzz/world.h"

#include "compiler/plan.h"

#include "base/hash.h"
#include "base/schema.h"

#include <saker/bundle.h>

#include <arpa/inet.h>
#include <stdlib.h>

static uint64_t
mix(uint64_t *x)
{
	*x = sk_hash_u64(*x + 0x9e3779b97f4a7c15u);
	return *x;
}

static bool
all_digits(struct sk_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0 && s.n < 20;
}

/* --- words
 * ----------------------------------------------------------------------------------------------------------------------------------
 */
static void
learn_operand(struct sk_world *w, const struct sk_opnd *o)
{
	if (o->kind == SK_OPND_LITERAL && w->nwords < SK_WORLD_WORDS && !(o->text.n && memchr(o->text.p, '\0', o->text.n)))
		w->words[w->nwords++] = o->text;
	for (uint32_t i = 0; i < o->nargs; i++)
		learn_operand(w, o->args[i]);
}

void
sk_world_learn(struct sk_world *w, const struct sk_cond *c)
{
	for (uint32_t i = 0; i < c->nkids; i++)
		sk_world_learn(w, c->kids[i]);
	if (c->kind != SK_COND_CHECK)
		return;
	learn_operand(w, c->lhs);
	if (c->rhs)
		learn_operand(w, c->rhs);
}

static struct sk_slice
word(const struct sk_world *w, uint64_t *x)
{
	static const char *const more[] = {"",  "bash", "/etc/shadow", "/usr/bin/sh", "a\xff\xfe-b", "-x",
					   "0", "443",  "127.0.0.1",   "::1",         "10.0.0.0/8",  "<NA>"};
	uint64_t pick = mix(x);

	if (w->nwords && pick % 4)
		return w->words[(pick >> 8) % w->nwords];
	return sk_slice_cstr(more[(pick >> 8) % (sizeof(more) / sizeof(more[0]))]);
}

/* --- values of a kind ------------------------------------------------------------------------------------------------------ */
/* A word as it is, or a little more, less, or otherwise. */
static struct sk_slice
text(const struct sk_world *w, uint64_t *x)
{
	struct sk_slice s = word(w, x), t = word(w, x);

	switch (mix(x) % 12) {
	case 0:
		return sk_arena_printf(w->arena, "%.*s%.*s", (int)s.n, s.p, (int)t.n, t.p);
	case 1:
		return sk_arena_printf(w->arena, "%.*s/%.*s", (int)s.n, s.p, (int)t.n, t.p);
	case 2:
		return sk_slice(s.p, s.n / 2);
	case 3:
		return s.n ? sk_slice(s.p + 1, s.n - 1) : s;
	case 4: {
		struct sk_slice copy = sk_arena_dup(w->arena, s);

		for (size_t i = 0; i < copy.n; i++)
			if ((uint8_t)((copy.p[i] | 0x20) - 'a') < 26)
				((char *)(uintptr_t)copy.p)[i] = (char)(copy.p[i] ^ 0x20);
		return copy;
	}
	default:
		return s;
	}
}

static uint64_t
number(const struct sk_world *w, uint64_t *x)
{
	struct sk_slice s = word(w, x);
	char copy[24] = "";

	if (s.n && s.n < sizeof(copy))
		memcpy(copy, s.p, s.n);
	uint64_t v = copy[0] == '-' ? (uint64_t)strtoll(copy, NULL, 0) : strtoull(copy, NULL, 0);
	return v + (mix(x) % 4 ? 0 : *x % 3 - 1);
}

/* As an event would hold it: no wider than its type. */
static uint64_t
narrow(uint64_t v, enum sk_ptype type)
{
	uint32_t bits = 8 * sk_type_width(type);

	if (bits == 0 || bits >= 64)
		return v;
	v &= (1ull << bits) - 1;
	return sk_type_signed(type) && v >> (bits - 1) ? v | ~((1ull << bits) - 1) : v;
}

static struct sk_value
address(const struct sk_world *w, uint64_t *x)
{
	struct sk_slice s = word(w, x);
	char copy[INET6_ADDRSTRLEN] = "";
	uint8_t *addr = sk_arena_alloc(w->arena, 16);
	const char *slash = s.n ? memchr(s.p, '/', s.n) : NULL;
	size_t n = slash ? (size_t)(slash - s.p) : s.n;

	if (n && n < sizeof(copy))
		memcpy(copy, s.p, n);
	bool v6 = mix(x) % 4 ? strchr(copy, ':') != NULL : *x & 16;
	if (inet_pton(v6 ? AF_INET6 : AF_INET, copy, addr) != 1)
		memcpy(addr, x, sizeof(*x));
	if (mix(x) % 3 == 0)
		addr[(*x >> 8) % (v6 ? 16 : 4)] ^= (uint8_t)(1u << (*x >> 16) % 8);
	return (struct sk_value){.kind = SK_V_IP, .ip = v6 ? 6 : 4, .addr = addr};
}

static struct sk_value
scalar(const struct sk_world *w, enum sk_ptype type, uint64_t *x)
{
	struct sk_value v = {.kind = (uint8_t)sk_type_kind(type)};
	struct sk_slice s;

	switch ((enum sk_vkind)v.kind) {
	case SK_V_BOOL:
		v.u = mix(x) >> 7 & 1;
		break;
	case SK_V_INT:
	case SK_V_UINT:
		v.u = narrow(number(w, x), type);
		break;
	case SK_V_FLOAT:
		v.d = (double)(int64_t)number(w, x) + (mix(x) % 4 ? 0 : 0.5);
		break;
	case SK_V_IP:
	case SK_V_NET:
		return address(w, x);
	/* What has no comparison is bytes. */
	case SK_V_NONE:
		v.kind = SK_V_BYTES;
		__attribute__((fallthrough));
	case SK_V_STR:
	case SK_V_BYTES:
		s = text(w, x);
		v.s = s.p;
		v.n = (uint32_t)s.n;
		break;
	case SK_V_LIST:
		break;
	}
	return v;
}

static struct sk_value
list(const struct sk_world *w, enum sk_ptype type, uint32_t n, uint64_t *x)
{
	struct sk_value *items = sk_arena_array(w->arena, n + 1, sizeof(*items));

	for (uint32_t i = 0; i < n; i++)
		items[i] = scalar(w, type, x);
	return (struct sk_value){.kind = SK_V_LIST, .n = n, .list = items};
}

/* --- what the type of the event decides ------------------------------------------------------------------------------------ */
static struct sk_value
as_text(const char *s)
{
	return (struct sk_value){.kind = SK_V_STR, .n = (uint32_t)strlen(s), .s = s};
}

static struct sk_value
as_bool(bool b)
{
	return (struct sk_value){.kind = SK_V_BOOL, .u = b};
}

static bool
has_param(const struct sk_event_desc *d, struct sk_slice arg)
{
	if (all_digits(arg))
		return strtoull(arg.p, NULL, 10) < d->nparams;
	for (uint32_t i = 0; i < d->nparams; i++)
		if (sk_slice_is(arg, d->params[i].name))
			return true;
	return false;
}

static struct sk_value
type_name(uint32_t type, const struct sk_event_desc *d, uint64_t *x)
{
	if (type != SK_E_GENERIC_X)
		return as_text(d->name);
	const char *name = sk_syscall_name((uint32_t)(mix(x) % sk_syscall_limit()));
	return as_text(name ? name : "unknown");
}

/* Of plain I/O the kind of the descriptor decides. */
static bool
category(const struct sk_event_desc *d, struct sk_value *ret)
{
	switch (d->category & (SK_EC_SYSCALL - 1)) {
#define SK_CATEGORY(sym, text)                                                                                               \
	case SK_EC_##sym:                                                                                                    \
		*ret = as_text(text);                                                                                        \
		return true;
#include <saker/categories.def>
#undef SK_CATEGORY
	default:
		return false;
	}
}

/* True if the event type decides about the field: then *RET is it. Which types lack a field the compiler says; tests/conformance/test_fold.c compares that with the fields. */
static bool
decided(const struct sk_world *w, const struct sk_field_desc *f, struct sk_slice arg, struct sk_value *ret)
{
	const struct sk_event_desc *d = sk_event_desc(w->type);
	bool reads = d->flags & SK_EF_READS_FROM_FD, writes = d->flags & SK_EF_WRITES_TO_FD;
	bool opens = w->type == SK_E_SYSCALL_OPEN_X || w->type == SK_E_SYSCALL_OPENAT_2_X || w->type == SK_E_SYSCALL_OPENAT2_X ||
		     w->type == SK_E_SYSCALL_OPEN_BY_HANDLE_AT_X;
	uint64_t x = w->seed;

	*ret = (struct sk_value){0};
	if (sk_type_lacks_field(f, w->type))
		return true;
	switch (f->id) {
	case SK_F_evt_type:
		*ret = type_name(w->type, d, &x);
		return true;
	case SK_F_syscall_type:
		if (d->category & SK_EC_SYSCALL)
			*ret = type_name(w->type, d, &x);
		return true;
	case SK_F_evt_dir:
		*ret = as_text(w->type & 1 ? "<" : ">");
		return true;
	case SK_F_evt_source:
		*ret = as_text("syscall");
		return true;
	case SK_F_evt_is_async:
		*ret = as_bool(d->category & SK_EC_METAEVENT);
		return true;
	case SK_F_evt_is_io:
		*ret = as_bool(reads || writes);
		return true;
	case SK_F_evt_is_io_read:
		*ret = as_bool(reads);
		return true;
	case SK_F_evt_is_io_write:
		*ret = as_bool(writes);
		return true;
	case SK_F_evt_io_dir:
		if (reads || writes)
			*ret = as_text(writes ? "write" : "read");
		return true;
	case SK_F_evt_is_syslog:
		*ret = as_bool(false);
		return !writes;
	case SK_F_evt_category:
		return category(d, ret);
	case SK_F_evt_is_wait:
		*ret = as_bool(d->flags & SK_EF_WAITS);
		return true;
	case SK_F_evt_is_open_read:
	case SK_F_evt_is_open_write:
	case SK_F_evt_is_open_create:
		*ret = as_bool(false);
		return !opens;
	case SK_F_evt_is_open_exec:
		*ret = as_bool(false);
		return !opens && w->type != SK_E_SYSCALL_CREAT_X;
	case SK_F_evt_arg:
	case SK_F_evt_rawarg:
		return !has_param(d, arg);
	default:
		return false;
	}
}

bool
sk_world_delivers(uint32_t type)
{
	const struct sk_event_desc *d = sk_event_desc(type);

	/* Asynchronous events bring their own names. */
	return d && !(d->flags & (SK_EF_UNUSED | SK_EF_OLD_VERSION)) && type != SK_E_PLUGINEVENT_E && type != SK_E_ASYNCEVENT_E &&
	       ((type & 1) || !(d->category & SK_EC_SYSCALL));
}

/* --- the two ways to ask --------------------------------------------------------------------------------------------------- */
struct sk_value
sk_world_load(void *ctx, const struct sk_field_desc *f, bool has_arg, struct sk_slice arg)
{
	struct sk_world *w = ctx;
	enum sk_ptype type = f->id == SK_F_evt_rawarg ? sk_ast_param_type(arg) : (enum sk_ptype)f->type;
	/* 007 and 7 are one argument */
	uint64_t key = !has_arg ? 1 : all_digits(arg) ? strtoull(arg.p, NULL, 10) : sk_hash_bytes(arg.p, arg.n);
	uint64_t x = w->seed ^ sk_hash_u64(f->id) ^ key, dice = mix(&x);
	struct sk_value v;

	if (decided(w, f, arg, &v) || dice % 8 == 0)
		return v;
	if (f->flags & SK_FF_ENDS)
		return list(w, type, 2, &x);
	if ((f->flags & SK_FF_LIST) || ((f->flags & SK_FF_ANY) && !has_arg))
		return list(w, type, (uint32_t)(dice >> 8) % 4, &x);
	return scalar(w, type, &x);
}

static bool
load(void *ctx, const struct sk_field_arg_value *arg, struct sk_value *ret)
{
	struct sk_world *w = ctx;
	const struct sk_world_slot *s = &w->slots[arg->aux];
	struct sk_slice text_arg = s->is_index ? sk_arena_printf(w->arena, "%llu", (unsigned long long)s->index) : s->arg;

	*ret = sk_world_load(w, sk_field_desc(s->field), s->has_arg, text_arg);
	return ret->kind != SK_V_NONE;
}

static uint32_t
bind_field(void *ctx, enum sk_field_id field, const struct sk_field_arg_value *arg)
{
	struct sk_world *w = ctx;

	if (w->nslots == sizeof(w->slots) / sizeof(w->slots[0]))
		abort();
	w->slots[w->nslots] = (struct sk_world_slot){.field = field,
						     .has_arg = arg->kind != SK_VA_NONE,
						     .arg = sk_slice(arg->key, arg->key_len),
						     .index = arg->index,
						     .is_index = arg->kind == SK_VA_INDEX};
	return w->nslots++;
}

struct sk_loader
sk_world_loader(struct sk_world *w)
{
	for (size_t i = 0; i < SK_F_LIMIT; i++)
		w->load[i] = load;
	return (struct sk_loader){w->load, bind_field, w};
}
