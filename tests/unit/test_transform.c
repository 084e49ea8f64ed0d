/* What each transformer makes of its arguments: expression, event, result. Both in the notation of tests/vm/README.md; the result
 * as print() below writes it. */
#include "tests/vm/fbt.h"

#include "base/buf.h"
#include "vm/bundle/bundle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct {
	const char *expression, *event, *want;
} cases[] = {
    /* letters of ASCII only; bytes beyond stay */
    {"tolower(proc.name)", "proc.name = \"AbZ[@`{\xc3\x84\"", "\"abz[@`{\xc3\x84\""},
    {"toupper(proc.name)", "proc.name = \"azAZ[@`{\xc3\xa4\"", "\"AZAZ[@`{\xc3\xa4\""},
    {"tolower(proc.name)", "proc.name = \"\"", "\"\""},
    {"tolower(proc.name)", "", "-"},
    {"tolower(fd.types<list>)", "fd.types = [\"A\", \"\", \"bC\"]", "[\"a\" \"\" \"bc\"]"},
    {"toupper(fd.types<list>)", "fd.types = []", "[]"},
    {"toupper(fd.types<list>)", "", "-"},
    {"toupper(tolower(proc.name))", "proc.name = \"aB\"", "\"AB\""},
    /* behind the last slash */
    {"basename(fd.name)", "fd.name = \"/usr/bin/sh\"", "\"sh\""},
    {"basename(fd.name)", "fd.name = \"sh\"", "\"sh\""},
    {"basename(fd.name)", "fd.name = \"/usr/\"", "\"\""},
    {"basename(fd.name)", "fd.name = \"/\"", "\"\""},
    {"basename(fd.name)", "fd.name = \"\"", "\"\""},
    {"basename(fd.types<list>)", "fd.types = [\"/a/b\", \"c\"]", "[\"b\" \"c\"]"},
    /* bytes, elements */
    {"len(proc.name)", "proc.name = \"\"", "0"},
    {"len(proc.name)", "proc.name = \"\xc3\xa4\"", "2"},
    {"len(proc.name)", "", "-"},
    {"len(evt.buffer)", "evt.buffer = b\"a\\x00b\"", "3"},
    {"len(fd.types<list>)", "fd.types = [\"abc\", \"\"]", "2"},
    {"len(fd.types<list>)", "fd.types = []", "0"},
    /* padding is optional, but what is there must be right */
    {"b64(proc.name)", "proc.name = \"aGVsbG8=\"", "\"hello\""},
    {"b64(proc.name)", "proc.name = \"aGVsbG8\"", "\"hello\""},
    {"b64(proc.name)", "proc.name = \"aGk=\"", "\"hi\""},
    {"b64(proc.name)", "proc.name = \"YQ==\"", "\"a\""},
    {"b64(proc.name)", "proc.name = \"YQ\"", "\"a\""},
    {"b64(proc.name)", "proc.name = \"YWJj\"", "\"abc\""},
    {"b64(proc.name)", "proc.name = \"+/+/\"", "\"\xfb\xff\xbf\""},
    {"b64(proc.name)", "proc.name = \"\"", "\"\""},
    {"b64(proc.name)", "proc.name = \"Y\"", "-"},
    {"b64(proc.name)", "proc.name = \"YWJjY\"", "-"},
    {"b64(proc.name)", "proc.name = \"YW-j\"", "-"},
    {"b64(proc.name)", "proc.name = \"Y WJj\"", "-"},
    {"b64(proc.name)", "proc.name = \"YQ=\"", "-"},
    {"b64(proc.name)", "proc.name = \"=\"", "-"},
    {"b64(proc.name)", "proc.name = \"Y===\"", "-"},
    {"b64(proc.name)", "proc.name = \"YR==\"", "-"},     /* bits behind the end */
    {"b64(proc.name)", "proc.name = \"YQBi\"", "\"a\""}, /* text ends at a NUL */
    {"b64(evt.buffer)", "evt.buffer = b\"YQBi\"", "b\"a\\x00b\""},
    {"b64(fd.types<list>)", "fd.types = [\"YQ\", \"Yg\"]", "[\"a\" \"b\"]"},
    {"b64(fd.types<list>)", "fd.types = [\"YQ\", \"!\"]", "-"},
    /* put together; a list is spread */
    {"concat(proc.name, \"-\", proc.pname)", "proc.name = \"a\", proc.pname = \"b\"", "\"a-b\""},
    {"concat(proc.name, \"\", \"\")", "proc.name = \"\"", "\"\""},
    {"concat(proc.name, \"-\", proc.pname)", "proc.name = \"a\"", "-"},
    {"join(\", \", fd.types<list>)", "fd.types = [\"a\", \"\", \"b\"]", "\"a, , b\""},
    {"join(\",\", fd.types<list>)", "fd.types = []", "\"\""},
    {"join(\",\", fd.types<list>)", "", "-"},
    {"join(\"\", fd.types<list>)", "fd.types = [\"a\", \"b\"]", "\"ab\""},
    {"join(proc.name, fd.types<list>)", "proc.name = \"+\", fd.types = [\"a\", \"b\"]", "\"a+b\""},
    {"join(proc.name, fd.types<list>)", "fd.types = [\"a\", \"b\"]", "-"},
    {"join(\",\", proc.name, proc.pname)", "proc.name = \"a\", proc.pname = \"b\"", "\"a,b\""},
    /* options as getopt() with a leading + sees them: letters and values in order */
    {"getopt(fd.types<list>, \"ab:c\")", "fd.types = [\"-a\", \"-b\", \"x\", \"-c\"]", "[\"a\" \"b\" \"x\" \"c\"]"},
    {"getopt(fd.types<list>, \"ab:c\")", "fd.types = [\"-acbx\", \"-c\"]", "[\"a\" \"c\" \"b\" \"x\" \"c\"]"},
    {"getopt(fd.types<list>, \"ab:c\")", "fd.types = [\"-a\", \"word\", \"-c\"]", "[\"a\"]"},
    {"getopt(fd.types<list>, \"ab:c\")", "fd.types = [\"-a\", \"--\", \"-c\"]", "[\"a\"]"},
    {"getopt(fd.types<list>, \"ab:c\")", "fd.types = [\"-a\", \"-\", \"-c\"]", "[\"a\"]"},
    {"getopt(fd.types<list>, \"ab:c\")", "fd.types = [\"-a\", \"--long\", \"-c\"]", "[\"a\" \"c\"]"},
    {"getopt(fd.types<list>, \"ab:c\")", "fd.types = [\"-xa\"]", "[\"?\" \"a\"]"},
    {"getopt(fd.types<list>, \"ab:c\")", "fd.types = [\"-:\"]", "[\"?\"]"},
    {"getopt(fd.types<list>, \"ab:c\")", "fd.types = [\"-b\"]", "[\"b\" \"\"]"},
    {"getopt(fd.types<list>, \"ab:c\")", "fd.types = [\"-b\", \"-a\"]", "[\"b\" \"-a\"]"},
    {"getopt(fd.types<list>, \"ab:c\")", "fd.types = []", "[]"},
    {"getopt(fd.types<list>, \"ab:c\")", "", "-"},
    {"getopt(fd.types<list>, \"\")", "fd.types = [\"-a\"]", "[\"?\"]"},
    /* with a letter: its last value, or the letter itself */
    {"getopt(fd.types<list>, \"ab:\")[\"b\"]", "fd.types = [\"-b1\", \"-b\", \"2\"]", "\"2\""},
    {"getopt(fd.types<list>, \"ab:\")[\"a\"]", "fd.types = [\"-b\", \"-a\", \"-a\"]", "\"a\""},
    {"getopt(fd.types<list>, \"ab:\")[\"a\"]", "fd.types = [\"-b\", \"-a\"]", "-"},
    {"getopt(fd.types<list>, \"ab:\")[\"b\"]", "fd.types = [\"-b\"]", "\"\""},
    {"getopt(fd.types<list>, \"ab:\")[\"b\"]", "fd.types = []", "-"},
    {"getopt([\"-b\", \"x\"], proc.name)[\"b\"]", "proc.name = \"b:\"", "\"x\""},
    {"getopt([\"-b\", \"x\"], proc.name)[\"b\"]", "", "-"},
};

static void
put(struct sk_buf *out, const struct sk_value *v)
{
	switch ((enum sk_vkind)v->kind) {
	case SK_V_NONE:
		sk_buf_char(out, '-');
		break;
	case SK_V_UINT:
		sk_buf_u64(out, v->u);
		break;
	case SK_V_STR:
		sk_buf_printf(out, "\"%.*s\"", (int)v->n, v->s);
		break;
	case SK_V_BYTES:
		sk_buf_str(out, "b\"");
		for (uint32_t i = 0; i < v->n; i++)
			sk_buf_printf(out, v->s[i] >= ' ' ? "%c" : "\\x%02x", v->s[i]);
		sk_buf_char(out, '"');
		break;
	case SK_V_LIST:
		sk_buf_char(out, '[');
		for (uint32_t i = 0; i < v->n; i++) {
			sk_buf_str(out, i ? " " : "");
			put(out, &v->list[i]);
		}
		sk_buf_char(out, ']');
		break;
	case SK_V_BOOL:
	case SK_V_INT:
	case SK_V_FLOAT:
	case SK_V_IP:
	case SK_V_NET:
		sk_buf_str(out, "not a value of a transformer");
		break;
	}
}

/* --- a machine with one expression ----------------------------------------------------------------------------------------- */
struct expression {
	struct sk_buf image;
	struct sk_bundle *bundle;
	struct sk_vm *vm;
	uint32_t reg;
	sk_load_fn load[SK_F_LIMIT];
	struct sk_value values[SK_F_LIMIT];
};

static bool
load(void *ctx, const struct sk_field_arg_value *arg, struct sk_value *ret)
{
	*ret = ((struct expression *)ctx)->values[arg->aux];
	return ret->kind != SK_V_NONE;
}

static uint32_t
number_of(void *ctx, enum sk_field_id field, const struct sk_field_arg_value *arg)
{
	(void)ctx;
	(void)arg;
	return field;
}

static void
begin(struct expression *e, const char *text)
{
	struct sk_buf program = {0};
	struct sk_reject why;
	char reason[128];

	*e = (struct expression){0};
	for (size_t i = 0; i < SK_F_LIMIT; i++)
		e->load[i] = load;
	const struct sk_loader loader = {e->load, number_of, e};
	sk_buf_printf(&program, "rule \"r\"\nprogram\n\tEXISTS %s ? y : n\ny:\tMATCH r0\nn:\tEND\n", text);
	if (!sk_bundle_assemble(sk_buf_view(&program), &e->image, &why) ||
	    sk_bundle_open(e->image.p, e->image.n, &e->bundle, &why) < 0)
		fail_msg("%s: %s", text, why.text);
	assert_int_equal(sk_vm_new(e->bundle, &loader, NULL, &e->vm, reason, sizeof(reason)), 0);
	e->reg = sk_bundle_view(e->bundle)->code[0].a;
	sk_buf_free(&program);
	sk_vm_begin(e->vm);
}

static void
end(struct expression *e)
{
	sk_vm_free(e->vm);
	sk_bundle_close(e->bundle);
	sk_buf_free(&e->image);
}

static void
test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_arena *arena = sk_arena_new(1u << 20);
		struct sk_buf got = {0};
		struct expression e;

		begin(&e, cases[i].expression);
		for (const char *p = cases[i].event; *p; p += *p == ',') {
			const struct sk_field_desc *f;
			struct sk_value v;

			assert_true(fbt_pair(arena, &p, &f, &v));
			e.values[f->id] = v;
		}
		put(&got, sk_vm_value(e.vm, e.reg));
		if (strcmp(sk_buf_cstr(&got), cases[i].want) != 0)
			fail_msg("%s with %s: %s, not %s", cases[i].expression, cases[i].event, sk_buf_cstr(&got), cases[i].want);
		sk_buf_free(&got);
		end(&e);
		sk_arena_free(arena);
	}
}

/* What does not fit into the scratch memory of an event is absent; the next event has all of it again. */
static void
test_scratch(void **state)
{
	const uint32_t n = SK_MAX_EVENT_SCRATCH / 2 + 1;
	char *text = malloc(n);
	struct expression e;

	(void)state;
	assert_non_null(text);
	memset(text, 'A', n);
	begin(&e, "concat(tolower(proc.name), \"\")");
	e.values[SK_F_proc_name] = (struct sk_value){.kind = SK_V_STR, .n = n, .s = text};
	assert_int_equal(sk_vm_value(e.vm, e.reg)->kind, SK_V_NONE);
	sk_vm_begin(e.vm);
	e.values[SK_F_proc_name].n = 3;
	assert_int_equal(sk_vm_value(e.vm, e.reg)->n, 3);
	assert_memory_equal(sk_vm_value(e.vm, e.reg)->s, "aaa", 3);
	end(&e);
	free(text);
}

/* A field function that returns another kind than its field has: absent, not misread. */
static void
test_wrong_kind(void **state)
{
	const struct sk_value number = {.kind = SK_V_UINT, .u = 1}, mixed[] = {{.kind = SK_V_STR, .n = 1, .s = "a"}, number};
	struct expression e;

	(void)state;
	begin(&e, "tolower(proc.name)");
	e.values[SK_F_proc_name] = number;
	assert_int_equal(sk_vm_value(e.vm, e.reg)->kind, SK_V_NONE);
	end(&e);
	begin(&e, "tolower(fd.types<list>)");
	e.values[SK_F_fd_types] = (struct sk_value){.kind = SK_V_LIST, .n = 2, .list = mixed};
	assert_int_equal(sk_vm_value(e.vm, e.reg)->kind, SK_V_NONE);
	end(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_scratch),
					   cmocka_unit_test(test_wrong_kind)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
