/* Every field on every type of event, whose parameters are of any length and content: nothing may crash, and texts stay within what they point to. */
#include "tests/unit/field_check.h"

#define ROUNDS 12

static uint64_t
next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

static void
random_params(struct field_fixture *x, uint64_t *seed)
{
	uint32_t n = x->ev.desc->nparams, keep = (uint32_t)(next_random(seed) % (n + 1));
	uint8_t data[48];

	if (next_random(seed) & 3)
		keep = n;
	for (uint32_t i = 0; i < keep; i++) {
		size_t size = next_random(seed) % 4 ? next_random(seed) % 10 : next_random(seed) % sizeof(data);
		bool small = next_random(seed) & 1; /* numbers like those of descriptors, families, processes */

		for (size_t k = 0; k < size; k++)
			data[k] = (uint8_t)(small && k ? 0 : small ? next_random(seed) % 16 : next_random(seed));
		field_param(x, data, size);
	}
}

/* Read what a value points to: the sanitizer watches. */
static uint64_t
touch(const struct sk_value *v)
{
	uint64_t sum = 0;

	if (v->kind == SK_V_STR || v->kind == SK_V_BYTES)
		for (uint32_t i = 0; i < v->n; i++)
			sum += (uint8_t)v->s[i];
	if (v->kind == SK_V_STR)
		assert_null(v->n ? memchr(v->s, 0, v->n) : NULL);
	if (v->kind == SK_V_LIST)
		for (uint32_t i = 0; i < v->n; i++)
			sum += touch(&v->list[i]);
	return sum;
}

static void
load_all(struct field_fixture *x)
{
	static const char *const args[] = { NULL, "0", "1", "3", "flags", "fd", "data", "name", "dst", "PATH" };
	struct sk_loader l = sk_fields_loader(x->fields);
	struct sk_buf out = { 0 };

	for (uint32_t id = 1; id < SK_F_LIMIT; id++) {
		const struct sk_field_desc *d = sk_field_desc(id);

		if (!d || !l.load[id])
			continue;
		for (size_t i = 0; i < sizeof(args) / sizeof(args[0]); i++) {
			struct sk_field_arg_value arg = field_arg(args[i]);
			struct sk_value v = { 0 };

			if (!args[i] != (d->arg == SK_FA_NONE) && d->arg != SK_FA_OPT && d->arg != SK_FA_OPT_INDEX)
				continue;
			arg.aux = l.bind(l.ctx, (enum sk_field_id)id, &arg);
			if (!l.load[id](l.ctx, &arg, &v))
				continue;
			(void)touch(&v);
			out.n = 0;
			sk_field_json(&out, x->fields, (enum sk_field_id)id, &v);
		}
	}
	assert_false(out.failed);
	sk_buf_free(&out);
}

static void
test_hostile(void **ctx)
{
	static struct field_fixture fixture;
	struct field_fixture *x = &fixture;
	uint64_t seed = 1;

	(void)ctx;
	assert_int_equal(field_setup(x), 0);
	for (uint64_t round = 0; round < ROUNDS; round++)
		for (uint16_t type = 0; type < SK_EVENT_LIMIT; type++) {
			field_event(x, type, round, (int64_t)(next_random(&seed) % 8));
			x->ev.num = round * SK_EVENT_LIMIT + type + 1;
			random_params(x, &seed);
			sk_state_apply(x->state, &x->ev, &x->fields->ec);
			sk_fields_begin(x->fields);
			load_all(x);
		}
	field_teardown(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_hostile) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
