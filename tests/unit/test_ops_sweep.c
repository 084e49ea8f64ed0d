/* Every row of ops.def: with every kind of operand that its class allows it verifies, prints and assembles again to the same
 * instruction; each operand is allowed up to its limit and refused one beyond it. Knows formats and kinds only, so that a new row
 * is covered as it is. */
#include "base/attr.h"
#include "base/schema.h"
#include "vm/bundle/builder.h"
#include "vm/bundle/bundle.h"
#include "vm/bundle/ops.h"

#include <errno.h>
#include <sodium.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const uint8_t address[16] = {1, 2, 3, 4};

/* A constant of a kind; NUMBER tells constants of one kind apart. */
static uint32_t
constant(struct sk_builder *b, enum sk_vkind kind, uint8_t number)
{
	uint8_t addr[4] = {10, 0, 0, number};
	char text = (char)('a' + number);
	struct sk_value v = {.kind = (uint8_t)kind};

	switch (kind) {
	case SK_V_STR:
	case SK_V_BYTES:
		v.n = 1;
		v.s = &text;
		break;
	case SK_V_IP:
	case SK_V_NET:
		v.ip = 4;
		v.addr = addr;
		break;
	case SK_V_FLOAT:
		v.d = number + 0.5;
		break;
	case SK_V_BOOL:
		v.u = number & 1;
		break;
	case SK_V_INT:
	case SK_V_UINT:
	case SK_V_NONE:
	case SK_V_LIST:
		v.u = number;
		break;
	}
	static const uint8_t types[] = {
	    [SK_V_BOOL] = SK_PT_BOOL,   [SK_V_INT] = SK_PT_INT64,     [SK_V_UINT] = SK_PT_UINT64, [SK_V_FLOAT] = SK_PT_DOUBLE,
	    [SK_V_STR] = SK_PT_CHARBUF, [SK_V_BYTES] = SK_PT_BYTEBUF, [SK_V_IP] = SK_PT_IPADDR,   [SK_V_NET] = SK_PT_IPNET};
	return sk_builder_const(b, &v, (enum sk_ptype)types[kind]);
}

static uint32_t
constant_list(struct sk_builder *b, enum sk_vkind kind)
{
	struct sk_value element = {.kind = (uint8_t)kind, .ip = 4}, list = {.kind = SK_V_LIST, .n = 1, .list = &element};

	if (kind == SK_V_STR || kind == SK_V_BYTES)
		element = (struct sk_value){.kind = (uint8_t)kind, .n = 1, .s = "x"};
	else if (kind == SK_V_IP || kind == SK_V_NET)
		element.addr = address;
	else
		element.ip = 0;
	return sk_builder_const(b, &list, SK_PT_CHARBUF);
}

/* A field whose register holds this kind, as a list or not; NULL if there is none. */
static const struct sk_field_desc *
field_of(enum sk_vkind kind, bool is_list)
{
	for (uint32_t id = 1; id < SK_F_LIMIT; id++) {
		const struct sk_field_desc *f = sk_field_desc(id);
		bool can = f && (is_list ? f->flags & (SK_FF_LIST | SK_FF_ANY | SK_FF_ENDS) : !(f->flags & SK_FF_LIST)) != 0;

		if (can && f->state == SK_FS_READY &&
		    (f->arg == SK_FA_NONE || f->arg == SK_FA_OPT || f->arg == SK_FA_OPT_INDEX) &&
		    sk_type_kind((enum sk_ptype)f->type) == kind)
			return f;
	}
	return NULL;
}

/* One instruction to try: what stands in a and b. */
struct attempt {
	const struct sk_op_info *op;
	uint8_t number, mod;
	enum sk_vkind a, b; /* kinds of R[a] (as defined: NET fields load addresses) and of what b holds */
	bool a_list;
	enum sk_op inner; /* MULTI */
};

static enum sk_vkind
loaded(enum sk_vkind k)
{
	return k == SK_V_NET ? SK_V_IP : k;
}

static uint32_t
make_b(struct sk_builder *b, const struct attempt *t)
{
	uint32_t c[2] = {0}, zero = 0;
	const struct sk_slice texts[] = {SK_SLICE("/a"), SK_SLICE("/b")};
	const struct sk_slice_u32 lists[] = {{&zero, 0}, {&zero, 0}};

	switch ((enum sk_operand)t->op->b) {
	case SK_OPND_CONST:
		return sk_op_takes_list(t->op) ? constant_list(b, t->b) : constant(b, t->b, 0);
	case SK_OPND_SET:
		c[0] = constant(b, t->b, 0);
		c[1] = constant(b, t->b, 1);
		return sk_builder_set(b, t->b, c, 2);
	case SK_OPND_TRIE:
		return sk_builder_trie(b, sk_op_trie_kind(t->number), texts, 2);
	case SK_OPND_PATTERN:
		return sk_builder_pattern(b, SK_SLICE("a.*"));
	case SK_OPND_MULTI:
		c[0] = constant(b, t->b, 0);
		return sk_builder_multi(b, (uint8_t)t->inner, 0, SK_QUANT_ANYOF, sk_builder_list(b, c, 1, true));
	case SK_OPND_SELECT:
		c[0] = constant(b, t->b, 0);
		c[1] = constant(b, t->b, 1);
		return sk_builder_select(b, SK_SELECT_SET, sk_builder_set(b, t->b, c, 2), lists, 2);
	case SK_OPND_LIST:
		/* Not the empty list that rules without tags and programs without blocks share. */
		return sk_builder_list(b, &zero, 1, false);
	case SK_OPND_RULE:
	case SK_OPND_NONE:
	case SK_OPND_VALUE:
	case SK_OPND_MEMO:
	case SK_OPND_FWD:
		break;
	}
	return 0;
}

/* A bundle of one program, the instruction and two ends. Every operand is the last of its table. */
static void
build(const struct attempt *t, struct sk_buf *img)
{
	struct sk_builder *b = sk_builder_new();
	struct sk_insn code[4] = {{.op = t->number, .mod = t->mod}, {.op = SK_OP_END}, {.op = SK_OP_END}, {.op = SK_OP_END}};
	uint32_t block = 3;
	bool has_block = t->op->b == SK_OPND_LIST;
	struct sk_rule_def rule = {.name = sk_builder_string(b, SK_SLICE("r")), .enabled = 1};

	rule.input = sk_builder_input(b, SK_SLICE("i"), SK_SLICE(""));
	rule.output = sk_builder_output(b, SK_SLICE(""), NULL, 0);
	(void)sk_builder_rule(b, &rule, NULL, 0);
	if (t->op->a == SK_OPND_VALUE) {
		const struct sk_field_desc *f = field_of(t->a, t->a_list);

		(void)sk_builder_field(b, SK_F_proc_name, SK_VA_NONE, 0, SK_SLICE(""), SK_V_STR, false, SK_PT_CHARBUF);
		code[0].a = (uint16_t)sk_builder_field(b, (enum sk_field_id)f->id, SK_VA_NONE, 0, SK_SLICE(""), t->a, t->a_list,
						       (enum sk_ptype)f->type);
	}
	if (t->op->a == SK_OPND_MEMO)
		code[0].a = 2;
	if (has_block)
		(void)sk_builder_list(b, &block, 1, false);
	code[0].b = make_b(b, t);
	code[0].t = t->op->t == SK_OPND_FWD ? 2 : 0;
	code[0].f = t->op->f == SK_OPND_FWD ? 2 : 0;
	(void)sk_builder_program(b, code, has_block ? 4 : 3, &block, has_block, t->op->a == SK_OPND_MEMO ? 3 : 0, NULL);
	assert_int_equal(sk_builder_finish(b, img), 0);
	sk_builder_free(b);
}

/* The instruction in an image that is not verified. */
static struct sk_insn *
first_insn(struct sk_buf *img)
{
	const struct sk_bundle_header *h = (const void *)img->p;
	const struct sk_section_def *s = (const void *)(h + 1);

	while (s->id != SK_SEC_CODE)
		s++;
	return (struct sk_insn *)(void *)(img->p + s->off);
}

static void
seal(struct sk_buf *img)
{
	struct sk_bundle_header *h = (void *)img->p;

	(void)crypto_generichash(h->digest, sizeof(h->digest), (const uint8_t *)(h + 1), img->n - sizeof(*h), NULL, 0);
}

static struct sk_bundle *
open_it(const struct attempt *t, const struct sk_buf *img)
{
	struct sk_bundle *b = NULL;
	struct sk_reject err;

	if (sk_bundle_open(img->p, img->n, &b, &err) != 0)
		fail_msg("%s a %s%s b %s: %s", t->op->name, sk_vkind_name(t->a), t->a_list ? " list" : "", sk_vkind_name(t->b),
			 err.text);
	return b;
}

static void
round_trip(const struct attempt *t, struct sk_buf *img)
{
	struct sk_bundle *b = open_it(t, img), *again;
	struct sk_buf text = {0}, text2 = {0}, img2 = {0};
	struct sk_reject err;

	sk_bundle_print(b, &text);
	if (!sk_bundle_assemble(sk_buf_view(&text), &img2, &err))
		fail_msg("%s: %s in\n%s", t->op->name, err.text, sk_buf_cstr(&text));
	again = open_it(t, &img2);
	const struct sk_insn *x = sk_bundle_view(b)->code, *y = sk_bundle_view(again)->code;
	assert_int_equal(x->op, y->op);
	assert_int_equal(x->mod, y->mod);
	assert_int_equal(x->t, y->t);
	assert_int_equal(x->f, y->f);
	sk_bundle_print(again, &text2);
	assert_string_equal(sk_buf_cstr(&text), sk_buf_cstr(&text2));
	sk_bundle_close(b);
	sk_bundle_close(again);
	sk_buf_free(&text);
	sk_buf_free(&text2);
	sk_buf_free(&img2);
}

/* The image with one operand changed is refused for CODE. */
static void
refused(const struct attempt *t, struct sk_buf *img, const char *operand, enum sk_reject_code code)
{
	struct sk_bundle *b = NULL;
	struct sk_reject err;

	seal(img);
	int r = sk_bundle_open(img->p, img->n, &b, &err);
	if (r != -EBADMSG || err.code != code)
		fail_msg("%s, operand %s: %d %s %s", t->op->name, operand, r, sk_reject_name(err.code), err.text);
}

static enum sk_reject_code
beyond(uint8_t kind)
{
	return kind == SK_OPND_NONE ? SK_REJECT_OPERAND_UNUSED : kind == SK_OPND_FWD ? SK_REJECT_TARGET : SK_REJECT_OPERAND_RANGE;
}

/* One more than what it is, since everything is the last; targets: behind the end, and not forward. */
static void
limits(const struct attempt *t, struct sk_buf *img)
{
	struct sk_insn *in = first_insn(img), keep = *in;
	uint32_t end = t->op->b == SK_OPND_LIST ? 4 : 3;

	in->a++;
	refused(t, img, "a", beyond(t->op->a));
	*in = keep;
	in->b++;
	refused(t, img, "b", beyond(t->op->b));
	*in = keep;
	in->t = t->op->t == SK_OPND_FWD ? end : 1;
	refused(t, img, "t", beyond(t->op->t));
	in->t = t->op->t == SK_OPND_FWD ? 0 : UINT32_MAX;
	refused(t, img, "t", beyond(t->op->t));
	*in = keep;
	in->f = t->op->f == SK_OPND_FWD ? end : 1;
	refused(t, img, "f", beyond(t->op->f));
	*in = keep;
	in->mod = 8;
	refused(t, img, "mod", SK_REJECT_MODIFIER);
	in->mod = SK_MOD_QUANT;
	refused(t, img, "mod", SK_REJECT_MODIFIER);
	*in = keep;
	seal(img);
}

static unsigned tried;

static void
attempt(struct attempt t)
{
	struct sk_buf img = {0};

	if (t.op->a == SK_OPND_VALUE && !field_of(t.a, t.a_list))
		return;
	tried++;
	build(&t, &img);
	round_trip(&t, &img);
	limits(&t, &img);
	sk_buf_free(&img);
}

/* With R[a] a list where there is a field for it; plain and negated. */
static void
attempt_all(struct attempt t)
{
	attempt(t);
	if (!sk_op_is_test(t.op))
		return;
	t.mod = SK_MOD_NEG;
	attempt(t);
	t.a_list = true;
	t.mod = SK_MOD_ANY;
	attempt(t);
	t.mod = SK_MOD_ALL | SK_MOD_NEG;
	attempt(t);
}

/* Inner tests of MULTI that take R[a] of the kind beside a constant. */
static void
attempt_inner(struct attempt t)
{
	for (unsigned n = 0; n < SK_OP_LIMIT; n++) {
		const struct sk_op_info *inner = sk_op_info((uint8_t)n);
		uint32_t kinds = inner->name ? sk_opclass_b_kinds((enum sk_opclass)inner->cls, loaded(t.a)) : 0;

		if (!inner->name || inner->fmt != SK_FMT_TV || sk_op_takes_list(inner))
			continue;
		t.inner = (enum sk_op)n;
		for (uint32_t k = SK_V_BOOL; k < SK_V_LIST; k++)
			if (kinds & SK_KIND_BIT(k)) {
				t.b = (enum sk_vkind)k;
				attempt_all(t);
			}
	}
}

/* Kinds of b, or of the members of the table that b names, beside R[a] of kind A. */
static uint32_t
b_kinds(const struct sk_op_info *op, enum sk_vkind a)
{
	static const enum sk_vkind sets[] = {SK_V_STR, SK_V_UINT, SK_V_IP, SK_V_NET};
	uint32_t kinds = 0;

	if (op->b == SK_OPND_CONST)
		return sk_opclass_b_kinds((enum sk_opclass)op->cls, a);
	if (op->b != SK_OPND_SET && op->b != SK_OPND_SELECT)
		return SK_KIND_BIT(SK_V_STR);
	for (size_t i = 0; i < SK_COUNTOF(sets) - (op->b == SK_OPND_SELECT ? 2 : 0); i++)
		if (sk_set_asker_kinds(sets[i]) & SK_KIND_BIT(a))
			kinds |= SK_KIND_BIT(sets[i]);
	return kinds;
}

static void
sweep(uint8_t number)
{
	struct attempt t = {.op = sk_op_info(number), .number = number, .a = SK_V_STR, .b = SK_V_STR};

	if (t.op->a != SK_OPND_VALUE) {
		attempt(t);
		return;
	}
	for (uint32_t a = SK_V_BOOL; a < SK_V_LIST; a++) {
		t.a = (enum sk_vkind)a;
		if (!(sk_opclass_a_kinds((enum sk_opclass)t.op->cls) & SK_KIND_BIT(loaded(t.a))))
			continue;
		if (t.op->b == SK_OPND_MULTI) {
			attempt_inner(t);
			continue;
		}
		for (uint32_t b = SK_V_BOOL; b < SK_V_LIST; b++)
			if (b_kinds(t.op, loaded(t.a)) & SK_KIND_BIT(b)) {
				t.b = (enum sk_vkind)b;
				attempt_all(t);
			}
	}
}

static void
test_sweep(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 256; n++)
		if (sk_op_info((uint8_t)n)->name) {
			unsigned before = tried;

			sweep((uint8_t)n);
			if (tried == before)
				fail_msg("%s: nothing to try it with", sk_op_info((uint8_t)n)->name);
		}
	print_message("%u instructions\n", tried);
}

/* Kinds that a class excludes are refused: every test on every field kind beside every constant kind, by the tables alone. */
static void
test_classes(void **state)
{
	(void)state;
	for (unsigned n = 0; n < SK_OP_LIMIT; n++) {
		const struct sk_op_info *op = sk_op_info((uint8_t)n);

		for (uint32_t a = SK_V_BOOL; op->name && op->fmt == SK_FMT_TV && a < SK_V_LIST; a++)
			for (uint32_t b = SK_V_BOOL; b < SK_V_LIST; b++) {
				struct attempt t = {.op = op, .number = (uint8_t)n, .a = (enum sk_vkind)a, .b = (enum sk_vkind)b};
				struct sk_buf img = {0};

				if (!field_of(t.a, false) ||
				    sk_opclass_b_kinds((enum sk_opclass)op->cls, loaded(t.a)) & SK_KIND_BIT(b))
					continue;
				build(&t, &img);
				refused(&t, &img, "kinds", SK_REJECT_OPERAND_KIND);
				sk_buf_free(&img);
			}
	}
}

static void
test_names(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 256; n++) {
		const struct sk_op_info *op = sk_op_info((uint8_t)n);
		uint8_t found;

		if (op->name) {
			assert_ptr_equal(sk_op_find(sk_slice_cstr(op->name), &found), op);
			assert_int_equal(found, n);
		}
	}
	assert_true(sk_op_info(SK_OP_LIMIT - 1)->name != NULL);
	assert_null(sk_op_info(SK_OP_LIMIT)->name);
}

/* docs/opcodes.md is what the tables say. */
static void
test_document(void **state)
{
	static const char path[] = SK_SOURCE_DIR "/docs/opcodes.md";
	struct sk_buf want = {0}, have = {0};
	size_t n;

	(void)state;
	sk_ops_document(&want);
	if (getenv("SK_BLESS")) { /* written and closed before it is read back */
		SK_AUTO_FCLOSE FILE *out = fopen(path, "w");

		assert_non_null(out);
		assert_int_equal(fwrite(want.p, 1, want.n, out), want.n);
	}
	SK_AUTO_FCLOSE FILE *f = fopen(path, "r");
	assert_non_null(f);
	while ((n = fread(sk_buf_room(&have, 4096), 1, 4096, f)) > 0)
		have.n += n;
	assert_string_equal(sk_buf_cstr(&have), sk_buf_cstr(&want));
	sk_buf_free(&want);
	sk_buf_free(&have);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_document), cmocka_unit_test(test_names),
					   cmocka_unit_test(test_sweep), cmocka_unit_test(test_classes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
