/* What the compiler takes to follow from an event's type alone, and which texts it takes a field to have: no event may say otherwise. All fields of the events of our
 * captures, and of events with random parameters. */
#include "base/schema.h"
#include "compiler/lint/field_values.h"
#include "compiler/plan.h"
#include "tests/conformance/replay.h"
#include "tests/unit/field_check.h"

#define ROUNDS 100

static const char *const args[] = { NULL, "0", "1", "3", "9", "flags", "fd", "data", "name", "src", "dst" };
#define NARGS (sizeof(args) / sizeof(args[0]))

struct checked {
	uint64_t absent, known, words;
	const struct sk_fields *bound; /* whose names these are */
	uint32_t aux[SK_F_LIMIT][NARGS];
	uint8_t nothing[SK_EVENT_LIMIT][SK_F_LIMIT][NARGS]; /* the compiler knows nothing: it need not be asked again */
};

/* --- the compiler's side --------------------------------------------------------------------------------------------------- */
static struct sk_known_value
fold(const struct sk_field_desc *d, const struct sk_field_arg_value *arg, uint32_t type)
{
	struct sk_irv v = { .kind = SK_IRV_FIELD, .field = d, .arg = arg->kind, .index = arg->index, .key = sk_slice(arg->key, arg->key_len) };
	struct sk_ir_graph g = { .values = { .v = &v, .n = 1, .cap = 1 } };

	return sk_fold_value(&g, 0, SK_SOURCE_SYSCALL, type);
}

static bool
is_value(enum sk_field_id id, struct sk_slice s)
{
	for (const char *const *v = sk_field_values(id); *v; v++)
		if (sk_slice_is(s, *v))
			return true;
	return false;
}

static bool
is_allowed(enum sk_field_id id, const struct sk_value *v)
{
	struct sk_slice s = { v->s, v->n };

	if (!sk_field_values(id))
		return true;
	if (v->kind == SK_V_LIST) {
		for (uint32_t i = 0; i < v->n; i++)
			if (!is_allowed(id, &v->list[i]))
				return false;
		return true;
	}
	if (!sk_field_is_words(id))
		return is_value(id, s);
	while (s.n) {
		const char *blank = memchr(s.p, ' ', s.n);
		size_t n = blank ? (size_t)(blank - s.p) : s.n;

		if (!is_value(id, sk_slice(s.p, n)))
			return false;
		s = blank ? sk_slice(blank + 1, s.n - n - 1) : sk_slice(NULL, 0);
	}
	return true;
}

/* --- one value ------------------------------------------------------------------------------------------------------------- */
static void
check_value(struct checked *c, struct sk_fields *f, const struct sk_field_desc *d, size_t i)
{
	const char *text = args[i];
	struct sk_loader l = sk_fields_loader(f);
	struct sk_field_arg_value arg = field_arg(text);
	struct sk_known_value k = fold(d, &arg, f->ec.ev->type);
	struct sk_value v = { 0 };
	bool there;

	if (k.known == SK_KNOWN_NOTHING && !sk_field_values((enum sk_field_id)d->id)) {
		c->nothing[f->ec.ev->type][d->id][i] = 1;
		return;
	}
	arg.aux = c->aux[d->id][i];
	there = l.load[d->id](l.ctx, &arg, &v) && v.kind != SK_V_NONE;
	if (k.known == SK_KNOWN_ABSENT && there)
		fail_msg("%s[%s] has a value on event %llu, a %s (%u)", d->name, text ? text : "", (unsigned long long)f->ec.ev->num, f->ec.ev->desc->sym, f->ec.ev->type);
	if (k.known == SK_KNOWN_TEXT && (!there || !sk_slice_eq(sk_slice(v.s, v.n), k.text)))
		fail_msg("%s is not '%.*s' on event %llu, a %s", d->name, SK_SLICE_ARG(k.text), (unsigned long long)f->ec.ev->num, f->ec.ev->desc->sym);
	if (k.known == SK_KNOWN_BOOL && (!there || (v.u != 0) != k.b))
		fail_msg("%s is not %d on event %llu, a %s", d->name, k.b, (unsigned long long)f->ec.ev->num, f->ec.ev->desc->sym);
	if (there && !is_allowed((enum sk_field_id)d->id, &v))
		fail_msg("%s is '%.*s', which is not listed", d->name, v.kind == SK_V_STR ? (int)v.n : 0, v.s);
	c->absent += k.known == SK_KNOWN_ABSENT;
	c->known += k.known == SK_KNOWN_TEXT || k.known == SK_KNOWN_BOOL;
	c->words += there && sk_field_values((enum sk_field_id)d->id);
}

/* Looking for names takes longer than all the rest. */
static void
bind_names(struct checked *c, struct sk_fields *f)
{
	struct sk_loader l = sk_fields_loader(f);

	for (uint32_t id = 1; id < SK_F_LIMIT; id++)
		for (size_t i = 0; i < NARGS; i++) {
			struct sk_field_arg_value arg = field_arg(args[i]);

			c->aux[id][i] = l.load[id] ? l.bind(l.ctx, (enum sk_field_id)id, &arg) : 0;
		}
	c->bound = f;
}

static bool
on_event(void *arg, struct sk_fields *f)
{
	struct checked *c = arg;

	if (!sk_type_is_delivered(SK_SOURCE_SYSCALL, f->ec.ev->type))
		return true;
	if (c->bound != f)
		bind_names(c, f);
	for (uint32_t id = 1; id < SK_F_LIMIT; id++) {
		const struct sk_field_desc *d = sk_field_desc(id);

		if (!d || !sk_fields_loader(f).load[id])
			continue;
		for (size_t i = 0; i < NARGS; i++)
			if (!c->nothing[f->ec.ev->type][id][i] && (!args[i] == (d->arg == SK_FA_NONE) || d->arg == SK_FA_OPT || d->arg == SK_FA_OPT_INDEX))
				check_value(c, f, d, i);
	}
	return true;
}

/* --- captures -------------------------------------------------------------------------------------------------------------- */
static void
test_captures(void **ctx)
{
	static const char *const names[] = { "zoo-1", "shell-session", "network", "containers-1", "attacks-1" };
	static struct checked c;
	char path[512];

	(void)ctx;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/tests/data/%s.scap", SK_SOURCE_DIR, names[i]);
		assert_int_equal(sk_replay(path, on_event, &c), 0);
		c.bound = NULL; /* the next may be at the same address */
	}
	assert_true(c.absent > 1000 && c.known > 1000 && c.words > 1000);
}

/* --- random events --------------------------------------------------------------------------------------------------------- */
static uint64_t
next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

/* Small numbers mostly, so that descriptors, families and results meet. */
static void
random_params(struct field_fixture *x, uint64_t *seed)
{
	for (uint32_t i = 0; i < x->ev.desc->nparams; i++) {
		uint32_t width = sk_type_width((enum sk_ptype)x->ev.desc->params[i].type);
		uint64_t number = next_random(seed) % 8 ? next_random(seed) % 12 : (uint64_t)0 - next_random(seed) % 40;
		uint8_t data[48] = { 0 };
		size_t n = width ? width : 1 + next_random(seed) % sizeof(data);

		memcpy(data, &number, 8);
		for (size_t k = 1; !width && k < n; k++)
			data[k] = (uint8_t)(next_random(seed) & 1 ? 0 : next_random(seed));
		field_param(x, data, next_random(seed) % 16 ? n : 0);
	}
}

static void
test_random(void **ctx)
{
	static struct field_fixture fixture;
	struct field_fixture *x = &fixture;
	static struct checked c;
	uint64_t seed = 1;

	(void)ctx;
	assert_int_equal(field_setup(x), 0);
	for (uint64_t round = 0; round < ROUNDS; round++)
		for (uint32_t i = 0; i < SK_EVENT_LIMIT; i++) {
			field_event(x, (uint16_t)(next_random(&seed) % SK_EVENT_LIMIT), round + 1, (int64_t)(next_random(&seed) % 4 + 1));
			x->ev.num = round * SK_EVENT_LIMIT + i + 1;
			random_params(x, &seed);
			sk_state_apply(x->state, &x->ev, &x->fields->ec);
			sk_fields_begin(x->fields);
			if (x->fields->ec.deliver)
				(void)on_event(&c, x->fields);
		}
	field_teardown(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_captures), cmocka_unit_test(test_random) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
