/* Bundles: what was built is what is read, equal things are stored once, the same calls make the same bytes; the text form goes
 * there and back. */
#include "base/attr.h"
#include "base/hash.h"
#include "vm/bundle/builder.h"
#include "vm/bundle/bundle.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static uint32_t
str(struct sk_builder *b, const char *s)
{
	return sk_builder_const(b, &(struct sk_value){.kind = SK_V_STR, .n = (uint32_t)strlen(s), .s = s}, SK_PT_CHARBUF);
}

static uint32_t
number(struct sk_builder *b, uint64_t u)
{
	return sk_builder_const(b, &(struct sk_value){.kind = SK_V_UINT, .u = u}, SK_PT_UINT64);
}

static uint32_t
field(struct sk_builder *b, enum sk_field_id id)
{
	return sk_builder_field(b, id, SK_VA_NONE, 0, SK_SLICE(""), SK_V_STR, false, SK_PT_CHARBUF);
}

/* The image of B, which is freed; opened. */
static struct sk_bundle *
finish(struct sk_builder *b, struct sk_buf *img)
{
	struct sk_bundle *ret = NULL;
	struct sk_reject err;

	assert_int_equal(sk_builder_finish(b, img), 0);
	sk_builder_free(b);
	if (sk_bundle_open(img->p, img->n, &ret, &err) != 0)
		fail_msg("%s: %s", sk_reject_name(err.code), err.text);
	return ret;
}

static void
done(struct sk_bundle *b, struct sk_buf *img)
{
	sk_bundle_close(b);
	sk_buf_free(img);
}

static void
test_empty(void **state)
{
	struct sk_buf img = {0};
	struct sk_bundle *b = finish(sk_builder_new(), &img);
	const struct sk_bundle_view *v = sk_bundle_view(b);

	(void)state;
	assert_int_equal(v->nvalues + v->ninsns + v->nprograms + v->nrules, 0);
	assert_int_equal(v->header->max_field + v->header->max_event + v->header->max_op, 0);
	assert_null(v->srcmap);
	done(b, &img);
}

/* One rule with everything that a rule has. */
static struct sk_builder *
one_rule(void)
{
	struct sk_builder *b = sk_builder_new();
	const struct sk_slice tags[] = {SK_SLICE("a"), SK_SLICE("b")};
	uint32_t bash = str(b, "bash"), name = field(b, SK_F_proc_name);
	struct sk_piece_def piece = {
	    .text = sk_builder_string(b, SK_SLICE("proc.name")), .value = name + 1, .width = 8, .type = SK_PT_CHARBUF};
	struct sk_rule_def r = {.name = sk_builder_string(b, SK_SLICE("shell")),
				.priority = SK_PRIO_ERROR,
				.enabled = 1,
				.output = sk_builder_output(b, SK_SLICE("%proc.name"), &piece, 1),
				.input = sk_builder_input(b, SK_SLICE("a.yaml"), SK_SLICE("abc")),
				.line = 3,
				.column = 5};
	uint32_t rule = sk_builder_rule(b, &r, tags, 2);
	const struct sk_insn code[] = {{.op = SK_OP_EQ_STR, .a = (uint16_t)name, .b = bash, .t = 1, .f = 2},
				       {.op = SK_OP_MATCH, .b = rule},
				       {.op = SK_OP_END}};
	const struct sk_srcmap_def map[] = {{rule, 0, 3, 7}, {rule, 0, 3, 5}, {rule, 0, 3, 5}};
	uint32_t program = sk_builder_program(b, code, 3, NULL, 0, 0, map);

	sk_builder_dispatch(b, SK_SOURCE_SYSCALL, SK_E_SYSCALL_EXECVE_19_X, program);
	sk_builder_interest(b, &(struct sk_interest_def){.event = SK_E_SYSCALL_EXECVE_19_X, .need = SK_NEED_ALL}, &name, 1);
	return b;
}

static void
test_view(void **state)
{
	static const uint8_t sha_abc[] = {0xba, 0x78, 0x16, 0xbf};
	struct sk_buf img = {0};
	struct sk_bundle *b = finish(one_rule(), &img);
	const struct sk_bundle_view *v = sk_bundle_view(b);

	(void)state;
	assert_int_equal(v->ncomputed, 1);
	assert_int_equal(v->nvalues, 2);
	assert_int_equal(v->values[0].id, SK_F_proc_name);
	assert_true(sk_slice_is(sk_bundle_str(v, v->values[1].text), "bash"));
	/* The constant was added before the field and got its number at the end. */
	assert_int_equal(v->code[0].b, 1);
	assert_int_equal(v->dispatch[SK_E_SYSCALL_EXECVE_19_X], 1);
	assert_int_equal(v->dispatch[SK_E_SYSCALL_EXECVE_19_E], 0);
	assert_int_equal(v->header->max_event, SK_E_SYSCALL_EXECVE_19_X);
	assert_int_equal(v->header->max_field, SK_F_proc_name);
	assert_int_equal(v->header->max_op, SK_OP_EQ_STR);
	assert_int_equal(v->rules[0].priority, SK_PRIO_ERROR);
	assert_int_equal(v->rules[0].line, 3);
	assert_int_equal(v->lists[v->rules[0].tags].n, 4);
	assert_int_equal(v->pieces[0].value, 1);
	assert_int_equal(v->pieces[0].width, 8);
	assert_int_equal(v->nsrcmap, 3);
	assert_int_equal(v->srcmap[0].column, 7);
	assert_int_equal(v->ninterest, 1);
	assert_int_equal(v->indexes[v->interest[0].first_value], 0);
	assert_memory_equal(v->inputs[0].sha256, sha_abc, sizeof(sha_abc));
	done(b, &img);
}

static void
test_same_bytes(void **state)
{
	struct sk_buf img[2] = {{0}};

	(void)state;
	for (int i = 0; i < 2; i++)
		sk_bundle_close(finish(one_rule(), &img[i]));
	assert_int_equal(img[0].n, img[1].n);
	assert_memory_equal(img[0].p, img[1].p, img[0].n);
	sk_buf_free(&img[0]);
	sk_buf_free(&img[1]);
}

static void
test_once(void **state)
{
	struct sk_builder *b = sk_builder_new();
	uint32_t ab[] = {str(b, "a"), str(b, "b")}, name = field(b, SK_F_proc_name);
	const struct sk_slice texts[] = {SK_SLICE("/a"), SK_SLICE("/b")};
	const struct sk_slice_u32 lists[] = {{ab, 2}, {ab, 1}};
	const struct sk_insn end = {.op = SK_OP_END};

	(void)state;
	assert_int_equal(str(b, "a"), ab[0]);
	assert_int_not_equal(sk_builder_const(b, &(struct sk_value){.kind = SK_V_STR, .n = 1, .s = "a"}, SK_PT_FSPATH), ab[0]);
	assert_int_equal(field(b, SK_F_proc_name), name);
	assert_int_not_equal(sk_builder_field(b, SK_F_proc_aname, SK_VA_INDEX, 1, SK_SLICE(""), SK_V_STR, false, SK_PT_CHARBUF),
			     sk_builder_field(b, SK_F_proc_aname, SK_VA_INDEX, 2, SK_SLICE(""), SK_V_STR, false, SK_PT_CHARBUF));
	uint32_t lower = sk_builder_xform(b, SK_XF_TOLOWER, &name, 1, sk_slice(NULL, 0), SK_V_STR, false, SK_PT_CHARBUF);
	assert_int_equal(sk_builder_xform(b, SK_XF_TOLOWER, &name, 1, sk_slice(NULL, 0), SK_V_STR, false, SK_PT_CHARBUF), lower);
	assert_int_not_equal(sk_builder_xform(b, SK_XF_TOUPPER, &name, 1, sk_slice(NULL, 0), SK_V_STR, false, SK_PT_CHARBUF),
			     lower);
	uint32_t set = sk_builder_set(b, SK_V_STR, ab, 2);
	assert_int_equal(sk_builder_set(b, SK_V_STR, ab, 2), set);
	assert_int_not_equal(sk_builder_set(b, SK_V_STR, ab, 1), set);
	uint32_t trie = sk_builder_trie(b, SK_TRIE_PATH, texts, 2);
	assert_int_equal(sk_builder_trie(b, SK_TRIE_PATH, texts, 2), trie);
	assert_int_not_equal(sk_builder_trie(b, SK_TRIE_BYTES, texts, 2), trie);
	uint32_t list = sk_builder_list(b, ab, 2, true);
	assert_int_equal(sk_builder_list(b, ab, 2, true), list);
	assert_int_equal(sk_builder_select(b, SK_SELECT_SET, set, lists, 2), sk_builder_select(b, SK_SELECT_SET, set, lists, 2));
	uint32_t program = sk_builder_program(b, &end, 1, NULL, 0, 0, NULL);
	assert_int_equal(sk_builder_program(b, &end, 1, NULL, 0, 0, NULL), program);
	assert_int_not_equal(sk_builder_program(b, &end, 1, NULL, 0, 1, NULL), program);
	sk_builder_free(b);
}

/* Ordinal of a text in a set by the rule that the machine follows, or -1. */
static int
probe(const struct sk_bundle_view *v, uint32_t set, const void *p, size_t n)
{
	const struct sk_set_def *s = &v->sets[set];
	const struct sk_set_slot *slots = v->slots + s->first_slot;
	uint32_t h = (uint32_t)sk_hash_bytes(p, n);

	for (uint32_t i = h & (s->nslots - 1); slots[i].value; i = (i + 1) & (s->nslots - 1))
		if (slots[i].hash == h && sk_slice_eq(sk_bundle_str(v, v->values[slots[i].value - 1].text), sk_slice(p, n)))
			return (int)slots[i].ordinal;
	return -1;
}

/* Sets of every size up to some hundred: tables of every load, with runs that go round the end. */
static void
test_sets(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < 200; n++) {
		struct sk_builder *b = sk_builder_new();
		struct sk_buf img = {0};
		uint32_t consts[400];
		char text[16];

		for (uint32_t i = 0; i < n; i++) {
			(void)snprintf(text, sizeof(text), "m%u", i * 7919);
			consts[2 * i] = consts[2 * i + 1] = str(b, text);
		}
		uint32_t set = sk_builder_set(b, SK_V_STR, consts, 2 * n);
		assert_int_equal(sk_builder_set_members(b, set), n);
		for (uint32_t i = 0; i < 2 * n; i++)
			assert_int_equal(sk_builder_set_ordinal(b, set, i), i / 2);
		struct sk_bundle *bundle = finish(b, &img);
		for (uint32_t i = 0; i < n; i++) {
			(void)snprintf(text, sizeof(text), "m%u", i * 7919);
			assert_int_equal(probe(sk_bundle_view(bundle), set, text, strlen(text)), i);
		}
		assert_int_equal(probe(sk_bundle_view(bundle), set, "nobody", 6), -1);
		done(bundle, &img);
	}
}

/* x with sk_hash_u64(x) == h: the finaliser is a bijection. */
static uint64_t
unhash(uint64_t h)
{
	h ^= h >> 33;
	h *= 0x9cb4b2f8129337dbull;
	h ^= h >> 33;
	h *= 0x4f74430c22a54005ull;
	return h ^ h >> 33;
}

/* Members that all want the last slot: the table is made in linear time and read back. */
static void
test_collisions(void **state)
{
	enum { N = 20000 };
	struct sk_builder *b = sk_builder_new();
	struct sk_buf img = {0};
	uint32_t *consts = calloc(N, sizeof(*consts));

	(void)state;
	assert_int_equal(sk_hash_u64(unhash(12345)), 12345);
	for (uint64_t i = 0; i < N; i++)
		consts[i] = number(b, unhash(i << 32 | 0xffffffffu));
	assert_int_equal(sk_builder_set_members(b, sk_builder_set(b, SK_V_UINT, consts, N)), N);
	done(finish(b, &img), &img);
	free(consts);
}

/* The same member for a set, though not the same constant. */
static void
test_set_types(void **state)
{
	struct sk_builder *b = sk_builder_new();
	struct sk_buf img = {0};
	const struct sk_value path = {.kind = SK_V_STR, .n = 1, .s = "a"}, one = {.kind = SK_V_INT, .i = 1};
	uint32_t texts[] = {str(b, "a"), sk_builder_const(b, &path, SK_PT_FSPATH)};
	uint32_t numbers[] = {number(b, 1), sk_builder_const(b, &one, SK_PT_INT64), number(b, 2)};

	(void)state;
	assert_int_equal(sk_builder_set_members(b, sk_builder_set(b, SK_V_STR, texts, 2)), 1);
	assert_int_equal(sk_builder_set_members(b, sk_builder_set(b, SK_V_UINT, numbers, 3)), 2);
	done(finish(b, &img), &img);
}

static void
test_tries(void **state)
{
	static const struct {
		enum sk_trie_kind kind;
		const char *texts[6];
		uint32_t members, nodes, ordinals[6];
	} cases[] = {
	    {SK_TRIE_BYTES, {"/etc", "/usr", "/etc/ssh", "/etc"}, 3, 5, {0, 1, 2, 0}},
	    {SK_TRIE_BYTES, {"", "a"}, 2, 2, {0, 1}},
	    {SK_TRIE_PATH, {"/etc", "/etc/", "//etc", "/etc/*", "/etc/a"}, 3, 4, {0, 0, 0, 1, 2}},
	    {SK_TRIE_PATH, {"/", "/a/b/c"}, 2, 4, {0, 1}},
	    {SK_TRIE_PATH, {NULL}, 0, 1, {0}},
	};

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_builder *b = sk_builder_new();
		struct sk_buf img = {0};
		struct sk_slice texts[6];
		uint32_t n = 0;

		for (; n < 6 && cases[i].texts[n]; n++)
			texts[n] = sk_slice_cstr(cases[i].texts[n]);
		uint32_t trie = sk_builder_trie(b, cases[i].kind, texts, n);
		assert_int_equal(sk_builder_trie_members(b, trie), cases[i].members);
		for (uint32_t k = 0; k < n; k++)
			assert_int_equal(sk_builder_trie_ordinal(b, trie, k), cases[i].ordinals[k]);
		struct sk_bundle *bundle = finish(b, &img);
		assert_int_equal(sk_bundle_view(bundle)->nnodes, cases[i].nodes);
		done(bundle, &img);
	}
}

static void
test_too_deep(void **state)
{
	struct sk_builder *b = sk_builder_new();
	struct sk_buf path = {0}, img = {0};

	(void)state;
	for (uint32_t i = 0; i <= SK_MAX_TRIE_DEPTH; i++)
		sk_buf_str(&path, "/x");
	struct sk_slice text = sk_buf_view(&path);
	(void)sk_builder_trie(b, SK_TRIE_PATH, &text, 1);
	assert_int_equal(sk_builder_finish(b, &img), -E2BIG);
	sk_builder_free(b);
	sk_buf_free(&path);
	sk_buf_free(&img);
}

static void
test_file(void **state)
{
	char path[] = "/tmp/saker-bundle-XXXXXX";
	int fd = mkstemp(path);
	struct sk_buf img = {0};
	struct sk_bundle *b = finish(one_rule(), &img), *from_file = NULL;
	struct sk_reject err;

	(void)state;
	assert_int_equal(write(fd, img.p, img.n), img.n);
	assert_int_equal(sk_bundle_open_file(path, &from_file, &err), 0);
	/* Cutting the file does no harm to who has read it. */
	assert_int_equal(ftruncate(fd, 10), 0);
	assert_int_equal(sk_bundle_view(from_file)->nrules, 1);
	sk_bundle_close(from_file);
	assert_int_equal(sk_bundle_open_file(path, &from_file, &err), -EBADMSG);
	assert_int_equal(err.code, SK_REJECT_TRUNCATED);
	assert_int_equal(sk_bundle_open_file("/nonexistent", &from_file, &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nonexistent: "));
	assert_int_equal(sk_bundle_open_file("/", &from_file, &err), -EISDIR);
	close(fd);
	unlink(path);
	done(b, &img);
}

/* --- text form */

/* The text of the bundle that TEXT assembles to; the bundle must verify. */
static void
print_again(const char *what, struct sk_slice text, struct sk_buf *ret)
{
	struct sk_buf img = {0};
	struct sk_reject err;
	struct sk_bundle *b = NULL;

	if (!sk_bundle_assemble(text, &img, &err))
		fail_msg("%s: %s", what, err.text);
	if (sk_bundle_open(img.p, img.n, &b, &err) != 0)
		fail_msg("%s: %s", what, err.text);
	sk_bundle_print(b, ret);
	done(b, &img);
}

/* Each operand form: printing the bundle gives it back as written. */
static const char *const operands[] = {
    "EQ_STR          proc.name, \"bash\"",
    "EQ_STR!         proc.name, \"a\\\"b\\\\c\\n\\t\\x00\\xff\xc3\xa9\"",
    "EQ_STR          proc.name, proc.pname",
    "EQ_STR          proc.name, \"a\"<FSPATH>",
    "CONTAINS        evt.buffer, b\"\\x01\\x02\"",
    "EQ_NUM          proc.pid, -5",
    "EQ_NUM          evt.num, 18446744073709551615u",
    "EQ_NUM          fd.sport, 80u<PORT>",
    "TRUE            proc.is_exe_writable",
    "EQ_IP           fd.sip, 10.0.0.1",
    "EQ_IP           fd.sip, fe80::1",
    "IN_NET          fd.snet, 10.0.0.0/8",
    "IN_NET          fd.snet, fe80::/10",
    "EQ_STR          proc.aname[2], \"a\"",
    "EQ_STR.any!     proc.aname<list>, \"a\"",
    "EQ_STR.all      proc.aname<list>, \"a\"",
    "EQ_STR          proc.env[\"HOME\"], \"/\"",
    "EQ_STR          tolower(proc.name), \"a\"",
    "EQ_STR          concat(basename(proc.name), \"-\", proc.pname), \"a\"",
    "LE_UINT         len(proc.name), 3u",
    "EQ_STR          getopt([\"-a\", \"1\"], \"a:\")[\"a\"], \"1\"",
    "EQ_STR.any      getopt([\"-a\"], \"a\"), \"a\"",
    "IN_LIST         proc.name, []",
    "IN_LIST         proc.name, [\"a\", \"b\"]",
    "IN_SET          proc.name, {}",
    "IN_SET          proc.name, {\"a\", \"b\"}",
    "IN_SET          proc.pid, {1, -2}",
    "IN_SET          fd.sip, {10.0.0.1, ::1}",
    "IN_SET          fd.sip, {10.0.0.0/8, ::/0}",
    "PMATCH          fd.name, {\"/etc\", \"/\", \"/a/*/[b]\"}",
    "STARTS_ANY      fd.name, {\"\", \"/etc\", \"/etc/ssh\"}",
    "REGEX           proc.name, \"a|b.*\"",
    "MULTI           proc.name, oneof EQ_STR (\"a\", proc.pname)",
    "MULTI           proc.name, allof REGEX! (\"a\", \"b\")",
    "EXISTS          proc.name",
};

static void
test_operands(void **state)
{
	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(operands); i++) {
		struct sk_buf text = {0}, out = {0};

		sk_buf_printf(&text, "program\n\t%s ? L1 : L1\nL1: END\n", operands[i]);
		print_again(operands[i], sk_buf_view(&text), &out);
		if (!strstr(sk_buf_cstr(&out), operands[i]))
			fail_msg("%s: printed as\n%s", operands[i], sk_buf_cstr(&out));
		sk_buf_free(&text);
		sk_buf_free(&out);
	}
}

/* Operands that are too long to stand in the code have names, and names nest. */
static void
test_names(void **state)
{
	struct sk_buf text = {0}, once = {0}, twice = {0};

	(void)state;
	sk_buf_str(&text, "value v7 = tolower(toupper(tolower(toupper(proc.name))))\nconst c1 = \"");
	for (int i = 0; i < 200; i++)
		sk_buf_char(&text, 'x');
	sk_buf_str(&text, "\"\nconst c2 = [c1, \"a\"]\nset s1 uint\nset s2 str\n");
	for (int i = 0; i < 20; i++)
		sk_buf_printf(&text, "\t\"m%d\"\n", i);
	sk_buf_str(&text, "trie t5 bytes\n");
	for (int i = 0; i < 20; i++)
		sk_buf_printf(&text, "\t\"m%d\"\n", i);
	sk_buf_str(&text, "multi m4 anyof EQ_STR (c1, v7, \"1\", \"2\", \"3\", \"4\", \"5\")\n"
			  "program\n\tEQ_STR v7, c1 ? a : a\na:\tIN_LIST v7, c2 ? b : b\nb:\tIN_SET proc.pid, s1 ? c : c\n"
			  "c:\tIN_SET v7, s2 ? d : d\nd:\tSTARTS_ANY v7, t5 ? e : e\ne:\tMULTI v7, m4 ? f : f\nf:\tEND\n");
	print_again("names", sk_buf_view(&text), &once);
	print_again("names again", sk_buf_view(&once), &twice);
	assert_string_equal(sk_buf_cstr(&once), sk_buf_cstr(&twice));
	sk_buf_free(&text);
	sk_buf_free(&once);
	sk_buf_free(&twice);
}

static void
test_text_of_rule(void **state)
{
	struct sk_buf img = {0}, once = {0}, twice = {0};
	struct sk_bundle *b = finish(one_rule(), &img);

	(void)state;
	sk_bundle_print(b, &once);
	assert_non_null(strstr(sk_buf_cstr(&once), "@a.yaml:3:7"));
	assert_non_null(strstr(sk_buf_cstr(&once), "MATCH           r0"));
	assert_non_null(strstr(sk_buf_cstr(&once), "; \"shell\""));
	assert_non_null(strstr(sk_buf_cstr(&once), "on syscall SYSCALL_EXECVE_19_X"));
	print_again("rule", sk_buf_view(&once), &twice);
	assert_string_equal(sk_buf_cstr(&once), sk_buf_cstr(&twice));
	once.n = 0;
	sk_bundle_print_interest(b, &once);
	assert_non_null(strstr(sk_buf_cstr(&once), "events of syscall: 1\n\tSYSCALL_EXECVE_19_X\n"));
	assert_non_null(strstr(sk_buf_cstr(&once), "fields: 1\n\tproc.name\n"));
	assert_non_null(strstr(sk_buf_cstr(&once), "interest syscall SYSCALL_EXECVE_19_X failed (proc.name)"));
	sk_buf_free(&once);
	sk_buf_free(&twice);
	done(b, &img);
}

static void
test_text_errors(void **state)
{
	static const char *const cases[][2] = {
	    {"nonsense", "line 1: expected a statement"},
	    {"program\n\tNOSUCH", "line 2: unknown instruction"},
	    {"program\n\tEQ_STR proc.nmae, \"a\" ? x : x", "unknown field"},
	    {"program\n\tEQ_STR proc.name, \"a ? x : x", "expected \"\"\""},
	    {"program\n\tEQ_STR proc.name, \"\\q\" ? x : x", "unknown escape"},
	    {"program\n\tEQ_STR proc.name, \"a\" ? x : x", "no such label"},
	    {"program\n\tJMP x", "expected \"->\""},
	    {"program\nx: END\nx: END", "label x is defined twice"},
	    {"program\n\tEND END", "unexpected text"},
	    {"program\n\tEQ_NUM proc.pid, 99999999999999999999 ? x : x", "malformed number"},
	    {"program\n\tEQ_IP fd.sip, 1.2.3.999 ? x : x", "malformed address"},
	    {"program\n\tIN_NET fd.snet, 1.2.3.4/33 ? x : x", "malformed prefix"},
	    {"program\n\tIN_SET proc.name, s5 ? x : x", "s5 is not defined"},
	    {"program\n\tIN_SET proc.name, {proc.pname} ? x : x", "members of sets are constants"},
	    {"program\n\tEQ_STR nosuch(proc.name), \"a\" ? x : x", "unknown transformer"},
	    {"program\n\tEQ_STR tolower(), \"a\" ? x : x", "transformers need an argument"},
	    {"const c1 = 1\nconst c1 = 2", "c1 is defined twice"},
	    {"const c9999999 = 1", "expected a name like c1"},
	    {"rule r5 \"a\"", "the next rule is r0"},
	    {"rule r0 \"a\"\n\tcolour red", "unknown attribute"},
	    {"rule r0 \"a\"\n\tpriority great", "unknown priority"},
	    {"output o0 \"a\"\n\tfield proc.name type NOTYPE", "unknown type"},
	    {"program\n\ton nowhere 1", "unknown source"},
	    {"program\n\ton syscall 9999", "no such event type"},
	    {"const c0 = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "nested deeper"},
	};

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		struct sk_buf img = {0};
		struct sk_reject err;

		assert_false(sk_bundle_assemble(sk_slice_cstr(cases[i][0]), &img, &err));
		if (!strstr(err.text, cases[i][1]))
			fail_msg("%s: %s", cases[i][0], err.text);
		sk_buf_free(&img);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_empty),        cmocka_unit_test(test_view),        cmocka_unit_test(test_same_bytes),
	    cmocka_unit_test(test_once),         cmocka_unit_test(test_sets),        cmocka_unit_test(test_collisions),
	    cmocka_unit_test(test_set_types),    cmocka_unit_test(test_tries),       cmocka_unit_test(test_too_deep),
	    cmocka_unit_test(test_file),         cmocka_unit_test(test_operands),    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_text_of_rule), cmocka_unit_test(test_text_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
