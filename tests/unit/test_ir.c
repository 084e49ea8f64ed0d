/* The graph: equal things are one, connectives fold. */
#include "base/buf.h"
#include "base/schema.h"
#include "compiler/ir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the four above */
#include <cmocka.h>

struct fixture {
	struct sk_compile cx;
	struct sk_ir_graph *g;
	uint32_t name, text[4], eq[4]; /* proc.name; "0".."3"; proc.name = those */
};

static uint32_t
text_value(struct sk_ir_graph *g, struct sk_slice s)
{
	return sk_ir_value(g, &(struct sk_irv){ .kind = SK_IRV_CONST, .vkind = SK_V_STR, .type = SK_PT_CHARBUF, .text = s });
}

static uint32_t
equals(struct sk_ir_graph *g, uint32_t lhs, uint32_t rhs)
{
	return sk_ir_test(g, &(struct sk_ir){ .op = SK_OP_EQ_STR, .lhs = lhs, .rhs_kind = SK_IRR_VALUE, .rhs = rhs });
}

static int
set_up(void **state)
{
	static const char *const digits[] = { "0", "1", "2", "3" };
	struct fixture *f = calloc(1, sizeof(*f));

	f->cx.arena = sk_arena_new(64 << 20);
	f->cx.atoms = sk_atoms_new(f->cx.arena);
	f->cx.diags = sk_diags_new(f->cx.arena);
	f->g = sk_ir_new(&f->cx);
	f->name = sk_ir_value(f->g, &(struct sk_irv){ .kind = SK_IRV_FIELD, .vkind = SK_V_STR, .type = SK_PT_CHARBUF, .field = sk_field_find(SK_SLICE("proc.name")) });
	for (uint32_t i = 0; i < 4; i++) {
		f->text[i] = text_value(f->g, sk_slice_cstr(digits[i]));
		f->eq[i] = equals(f->g, f->name, f->text[i]);
	}
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	sk_arena_free(f->cx.arena);
	free(f);
	return 0;
}

static void
test_consing(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(text_value(f->g, SK_SLICE("1")), f->text[1]);
	assert_int_equal(equals(f->g, f->name, f->text[1]), f->eq[1]);
	assert_int_not_equal(f->eq[0], f->eq[1]);
	uint32_t ab[] = { f->eq[0], f->eq[1] }, ba[] = { f->eq[1], f->eq[0] };
	assert_int_equal(sk_ir_and(f->g, ab, 2), sk_ir_and(f->g, ba, 2));
	assert_int_not_equal(sk_ir_and(f->g, ab, 2), sk_ir_or(f->g, ab, 2));
	assert_int_equal(sk_ir_pattern(f->g, SK_SLICE("a.*")), sk_ir_pattern(f->g, SK_SLICE("a.*")));
}

static void
test_folding(void **state)
{
	struct fixture *f = *state;
	uint32_t a = f->eq[0], b = f->eq[1], not_a = sk_ir_not(f->g, a);

	assert_int_equal(sk_ir_not(f->g, 0), 1);
	assert_int_equal(sk_ir_not(f->g, 1), 0);
	assert_int_equal(sk_ir_not(f->g, not_a), a);
	assert_int_equal(sk_ir_and(f->g, (uint32_t[]){ a, 1 }, 2), a);
	assert_int_equal(sk_ir_and(f->g, (uint32_t[]){ a, 0 }, 2), 0);
	assert_int_equal(sk_ir_or(f->g, (uint32_t[]){ a, 0 }, 2), a);
	assert_int_equal(sk_ir_or(f->g, (uint32_t[]){ a, 1 }, 2), 1);
	assert_int_equal(sk_ir_and(f->g, (uint32_t[]){ a, a }, 2), a);
	assert_int_equal(sk_ir_and(f->g, (uint32_t[]){ a, not_a }, 2), 0);
	assert_int_equal(sk_ir_or(f->g, (uint32_t[]){ not_a, b, a }, 3), 1);
	assert_int_equal(sk_ir_and(f->g, NULL, 0), 1);
	assert_int_equal(sk_ir_or(f->g, NULL, 0), 0);
}

static void
test_flattening(void **state)
{
	struct fixture *f = *state;
	uint32_t inner = sk_ir_and(f->g, &f->eq[0], 2), outer = sk_ir_and(f->g, (uint32_t[]){ f->eq[2], inner, f->eq[1] }, 3);
	const struct sk_ir *n = &f->g->nodes.v[outer];

	assert_int_equal(n->kind, SK_IR_AND);
	assert_int_equal(n->nkids, 3);
	for (uint32_t i = 0; i < n->nkids; i++)
		assert_true(n->kids[i] < outer && (!i || n->kids[i - 1] < n->kids[i]));
	/* Complements meet only after flattening. */
	assert_int_equal(sk_ir_and(f->g, (uint32_t[]){ inner, sk_ir_not(f->g, f->eq[1]) }, 2), 0);
}

static void
test_sets(void **state)
{
	struct fixture *f = *state;
	struct sk_ir t = { .op = SK_OP_IN_SET, .lhs = f->name, .rhs_kind = SK_IRR_SET, .set_kind = SK_V_STR };
	uint32_t twice[] = { f->text[1], f->text[1] }, many[] = { f->text[2], f->text[0], f->text[2] };

	assert_int_equal(sk_ir_test(f->g, &t), 0);
	t.mod = SK_MOD_ALL; /* holds for an empty list */
	assert_int_not_equal(sk_ir_test(f->g, &t), 0);
	t.mod = 0;
	t.members = twice;
	t.nmembers = 2;
	assert_int_equal(sk_ir_test(f->g, &t), f->eq[1]);
	t.members = many;
	t.nmembers = 3;
	const struct sk_ir *n = &f->g->nodes.v[sk_ir_test(f->g, &t)];
	assert_int_equal(n->nmembers, 2);
	assert_int_equal(n->members[0], f->text[2]);
	assert_int_equal(many[0], f->text[2]); /* the caller's array stays */
}

static void
test_print(void **state)
{
	struct fixture *f = *state;
	struct sk_buf out = { 0 };
	uint32_t either = sk_ir_or(f->g, (uint32_t[]){ f->eq[0], sk_ir_not(f->g, f->eq[1]) }, 2);

	sk_ir_print(f->g, either, &out);
	assert_string_equal(sk_buf_cstr(&out), "(proc.name EQ_STR \"0\" or not proc.name EQ_STR \"1\")");
	sk_buf_free(&out);
}

/* The tables grow while numbers stay. */
static void
test_growth(void **state)
{
	struct fixture *f = *state;
	enum { N = 20000 };
	static uint32_t nodes[N];

	for (uint32_t i = 0; i < N; i++)
		nodes[i] = equals(f->g, f->name, text_value(f->g, sk_arena_printf(f->cx.arena, "name %u", i)));
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(equals(f->g, f->name, text_value(f->g, sk_arena_printf(f->cx.arena, "name %u", i))), nodes[i]);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = { CASE(test_consing), CASE(test_folding), CASE(test_flattening), CASE(test_sets), CASE(test_print), CASE(test_growth) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
