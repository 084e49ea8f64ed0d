/* Sets, tries, nets and regular expressions against the plainest code that gives the same answers, at sizes where tables have
 * many levels; and the limits of expressions. */
#include "base/buf.h"
#include "base/hash.h"
#include "vm/bundle/builder.h"
#include "vm/machine.h"

#include <errno.h>
#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* A machine over what a builder made. */
struct machine {
	struct sk_buf image;
	struct sk_bundle *bundle;
	struct sk_vm *vm;
	char why[256];
};

static int
start(struct machine *m, struct sk_builder *b)
{
	static const sk_load_fn load[SK_F_LIMIT];
	const struct sk_loader loader = {load, NULL, NULL};
	struct sk_reject why;

	*m = (struct machine){0};
	assert_int_equal(sk_builder_finish(b, &m->image), 0);
	sk_builder_free(b);
	if (sk_bundle_open(m->image.p, m->image.n, &m->bundle, &why) < 0)
		fail_msg("%s: %s", sk_reject_name(why.code), why.text);
	return sk_vm_new(m->bundle, &loader, NULL, &m->vm, m->why, sizeof(m->why));
}

static void
stop(struct machine *m)
{
	sk_vm_free(m->vm);
	sk_bundle_close(m->bundle);
	sk_buf_free(&m->image);
}

static struct sk_value
text(const char *s, size_t n)
{
	return (struct sk_value){.kind = SK_V_STR, .n = (uint32_t)n, .s = s};
}

/* --- sets
 * -------------------------------------------------------------------------------------------------------------------------------------------
 */
static const uint32_t sizes[] = {0, 1, 2, 3, 4, 7, 8, 9, 1000, 40000};

static void
text_set(uint32_t n)
{
	struct sk_builder *b = sk_builder_new();
	uint32_t *members = calloc(n + 1u, sizeof(*members));
	struct machine m;
	char s[32];

	for (uint32_t i = 0; i < n; i++) {
		struct sk_value v = text(s, (size_t)snprintf(s, sizeof(s), "m%u", i * 7919));

		members[i] = sk_builder_const(b, &v, SK_PT_CHARBUF);
	}
	assert_int_equal(sk_builder_set(b, SK_V_STR, members, n), 0);
	assert_int_equal(start(&m, b), 0);
	for (uint32_t i = 0; i < n; i++) {
		struct sk_value v = text(s, (size_t)snprintf(s, sizeof(s), "m%u", i * 7919));

		assert_int_equal(sk_set_find(m.vm, 0, &v), i);
		v = text(s, (size_t)snprintf(s, sizeof(s), "m%u", i * 7919 + 1));
		assert_int_equal(sk_set_find(m.vm, 0, &v), -1);
	}
	struct sk_value empty = text(NULL, 0);
	assert_int_equal(sk_set_find(m.vm, 0, &empty), -1);
	stop(&m);
	free(members);
}

static void
number_set(uint32_t n)
{
	struct sk_builder *b = sk_builder_new();
	uint32_t *members = calloc(n + 1u, sizeof(*members));
	struct machine m;

	for (uint32_t i = 0; i < n; i++)
		members[i] = sk_builder_const(b, &(struct sk_value){.kind = SK_V_UINT, .u = (uint64_t)i << 33}, SK_PT_UINT64);
	assert_int_equal(sk_builder_set(b, SK_V_UINT, members, n), 0);
	assert_int_equal(start(&m, b), 0);
	for (uint32_t i = 0; i < n; i++) {
		assert_int_equal(sk_set_find(m.vm, 0, &(struct sk_value){.kind = SK_V_UINT, .u = (uint64_t)i << 33}), i);
		assert_int_equal(sk_set_find(m.vm, 0, &(struct sk_value){.kind = SK_V_INT, .u = ((uint64_t)i << 33) + 1}), -1);
	}
	stop(&m);
	free(members);
}

static void
test_sets(void **state)
{
	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(sizes); i++) {
		text_set(sizes[i]);
		number_set(sizes[i]);
	}
}

/* --- nets
 * -------------------------------------------------------------------------------------------------------------------------------------------
 */
static bool
in_net(const uint8_t *addr, const uint8_t *net, uint32_t prefix)
{
	for (uint32_t i = 0; i < prefix; i++)
		if ((addr[i / 8] ^ net[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

/* Every prefix length, addresses that differ in one bit. */
static void
test_nets(void **state)
{
	uint8_t net[16], addr[16];

	(void)state;
	for (uint32_t ip = 4; ip <= 6; ip += 2)
		for (uint32_t prefix = 0; prefix <= (ip == 4 ? 32 : 128); prefix++) {
			for (uint32_t i = 0; i < 16; i++)
				net[i] = (uint8_t)(sk_hash_u64(prefix * 16 + i) & (prefix >= 8 * (i + 1) ? 0xff
										   : prefix > 8 * i ? 0xff00u >> (prefix - 8 * i)
												    : 0));
			const struct sk_value n = {.kind = SK_V_NET, .ip = (uint8_t)ip, .prefix = (uint8_t)prefix, .addr = net};
			for (uint32_t bit = 0; bit < (ip == 4 ? 32 : 128); bit++) {
				const struct sk_value a = {.kind = SK_V_IP, .ip = (uint8_t)ip, .addr = addr};
				const struct sk_value other = {.kind = SK_V_IP, .ip = ip == 4 ? 6 : 4, .addr = addr};

				memcpy(addr, net, 16);
				addr[bit / 8] ^= (uint8_t)(0x80u >> bit % 8);
				assert_int_equal(sk_match_net(&a, &n), in_net(addr, net, prefix));
				assert_false(sk_match_net(&other, &n));
			}
		}
}

/* --- tries
 * ------------------------------------------------------------------------------------------------------------------------------------------
 */
#define MEMBERS 3000u

/* Short words over few letters: many share beginnings, many are prefixes of others. */
static struct sk_slice
word(char *buf, uint64_t seed, const char *letters)
{
	size_t n = sk_hash_u64(seed) % 12, count = strlen(letters);

	for (size_t i = 0; i < n; i++)
		buf[i] = letters[sk_hash_u64(seed * 31 + i) % count];
	buf[n] = '\0';
	return sk_slice(buf, n);
}

static void
test_prefixes(void **state)
{
	static char texts[MEMBERS][16];
	struct sk_slice members[MEMBERS];
	struct sk_builder *b = sk_builder_new();
	struct machine m;

	(void)state;
	for (uint32_t i = 0; i < MEMBERS; i++)
		members[i] = word(texts[i], i + 7, "ab\xff/");
	/* Without the empty word, which begins everything. */
	for (uint32_t i = 0; i < MEMBERS; i++)
		if (members[i].n < 3)
			members[i] = sk_slice_cstr("b/ab");
	assert_int_equal(sk_builder_trie(b, SK_TRIE_BYTES, members, MEMBERS), 0);
	assert_int_equal(start(&m, b), 0);
	for (uint32_t i = 0; i < 4000; i++) {
		char buf[16];
		struct sk_slice s = word(buf, i + 1000000, "ab\xff/");
		size_t longest = 0;

		for (uint32_t k = 0; k < MEMBERS; k++)
			if (sk_slice_starts(s, members[k]) && members[k].n > longest)
				longest = members[k].n;
		int64_t at = sk_trie_prefix(m.vm, 0, s.p, s.n, false);
		assert_int_equal(at >= 0, longest > 0);
		assert_int_equal(sk_trie_prefix(m.vm, 0, s.p, s.n, true) >= 0, longest > 0);
	}
	stop(&m);
}

/* The ordinal of the longest member. */
static void
test_prefix_ordinals(void **state)
{
	const struct sk_slice members[] = {SK_SLICE("/etc"), SK_SLICE("/e"), SK_SLICE("/etc/pass"), SK_SLICE("/")};
	static const struct {
		const char *text;
		int longest, any;
	} cases[] = {{"/etc/passwd", 2, 3}, {"/etc/pas", 0, 3}, {"/et", 1, 3}, {"/x", 3, 3}, {"x", -1, -1}, {"", -1, -1}};
	struct sk_builder *b = sk_builder_new();
	struct machine m;

	(void)state;
	(void)sk_builder_trie(b, SK_TRIE_BYTES, members, SK_COUNTOF(members));
	assert_int_equal(start(&m, b), 0);
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		assert_int_equal(sk_trie_prefix(m.vm, 0, cases[i].text, strlen(cases[i].text), false), cases[i].longest);
		assert_int_equal(sk_trie_prefix(m.vm, 0, cases[i].text, strlen(cases[i].text), true), cases[i].any);
	}
	stop(&m);
}

static bool
below(const char *path, const char *right)
{
	char p[64], r[64], *pp, *rp;

	assert_true(strlen(path) < sizeof(p) && strlen(right) < sizeof(r));
	memcpy(p, path, strlen(path) + 1);
	memcpy(r, right, strlen(right) + 1);
	char *want = strtok_r(r, "/", &rp), *have = strtok_r(p, "/", &pp);
	for (; want; want = strtok_r(NULL, "/", &rp), have = strtok_r(NULL, "/", &pp))
		if (!have || (strpbrk(want, "?*[") ? fnmatch(want, have, 0) != 0 : strcmp(want, have) != 0))
			return false;
	return true;
}

static void
test_paths(void **state)
{
	static char texts[200][16];
	struct sk_slice members[200];
	struct sk_builder *b = sk_builder_new();
	struct machine m;
	uint32_t n = 0, hits = 0;

	(void)state;
	for (uint64_t i = 0; n < SK_COUNTOF(members); i++) {
		members[n] = word(texts[n], i + 99, "aab//?*[]");
		n += members[n].n > 5 && strspn(texts[n], "/") < members[n].n;
	}
	(void)sk_builder_trie(b, SK_TRIE_PATH, members, n);
	assert_int_equal(start(&m, b), 0);
	for (uint32_t i = 0; i < 4000; i++) {
		char buf[16];
		struct sk_slice s = word(buf, i + 5000000, "ab//");
		bool want = false;

		for (uint32_t k = 0; k < n && !want; k++)
			want = below(buf, texts[k]);
		hits += want;
		if (sk_trie_pmatch(m.vm, 0, s.p, s.n) != want)
			fail_msg("%s: %s", buf, want ? "not found" : "found");
	}
	assert_in_range(hits, 100, 3900);
	stop(&m);
}

/* As deep as a trie may be; the text may be deeper. */
static void
test_deep_path(void **state)
{
	struct sk_buf path = {0};
	struct sk_builder *b = sk_builder_new();
	struct machine m;

	(void)state;
	for (uint32_t i = 0; i < SK_MAX_TRIE_DEPTH - 1; i++)
		sk_buf_str(&path, i % 2 ? "/*" : "/a");
	struct sk_slice member = sk_buf_view(&path);
	(void)sk_builder_trie(b, SK_TRIE_PATH, &member, 1);
	assert_int_equal(start(&m, b), 0);
	assert_true(sk_trie_pmatch(m.vm, 0, path.p, path.n));
	assert_false(sk_trie_pmatch(m.vm, 0, path.p, path.n - 2));
	sk_buf_str(&path, "/b/c");
	assert_true(sk_trie_pmatch(m.vm, 0, path.p, path.n));
	stop(&m);
	sk_buf_free(&path);
}

/* --- regular expressions
 * ------------------------------------------------------------------------------------------------------------------------------
 */
static int
start_pattern(struct machine *m, const char *pattern)
{
	struct sk_builder *b = sk_builder_new();

	(void)sk_builder_pattern(b, sk_slice_cstr(pattern));
	return start(m, b);
}

static void
test_patterns(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool want;
	} cases[] = {
	    {"", "", true},
	    {"", "a", false},
	    {"a|ab", "ab", true},
	    {"a.c", "a\nc", false},
	    {"a.c",
	     "a\xff"
	     "c",
	     true},
	    {".", "\xc3\xa4", true},
	    {"..", "\xc3\xa4", false},
	    {"a$", "a\n", false},
	    {"a\n^b", "a\nb", true},
	    {"[^a]", "\xf0\x9f\x98\x80", true},
	};
	struct machine m;

	(void)state;
	for (size_t i = 0; i < SK_COUNTOF(cases); i++) {
		assert_int_equal(start_pattern(&m, cases[i].pattern), 0);
		if (sk_pattern_matches(m.vm, 0, cases[i].text, strlen(cases[i].text)) != cases[i].want)
			fail_msg("%s on %s", cases[i].pattern, cases[i].text);
		stop(&m);
	}
}

static void
test_refused_pattern(void **state)
{
	struct machine m;

	(void)state;
	assert_int_equal(start_pattern(&m, "a(b"), -EBADMSG);
	assert_non_null(strstr(m.why, "pattern 0"));
	sk_bundle_close(m.bundle);
	sk_buf_free(&m.image);
}

/* An expression that would try more ways than there are atoms ends at the limit: no match, and the machine goes on. */
static void
test_match_limit(void **state)
{
	struct machine m;
	char text_[2048];

	(void)state;
	memset(text_, 'a', sizeof(text_));
	text_[sizeof(text_) - 1] = 'c';
	assert_int_equal(start_pattern(&m, "(a|aa|aaa)+(b|d)"), 0);
	assert_false(sk_pattern_matches(m.vm, 0, text_, sizeof(text_)));
	assert_true(sk_pattern_matches(m.vm, 0, "aab", 3));
	stop(&m);
}

/* Text that is no UTF-8 is made valid in scratch memory; what does not fit does not match, and nothing stays used. */
static void
test_pattern_scratch(void **state)
{
	const size_t n = SK_MAX_EVENT_SCRATCH / 3 + 16;
	char *bytes = malloc(n);
	struct machine m;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 0xff, n);
	assert_int_equal(start_pattern(&m, ".*"), 0);
	sk_vm_begin(m.vm);
	assert_false(sk_pattern_matches(m.vm, 0, bytes, n));
	assert_true(sk_pattern_matches(m.vm, 0, bytes, 100));
	assert_int_equal(m.vm->scratch.used, 0);
	stop(&m);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sets),        cmocka_unit_test(test_nets),
	    cmocka_unit_test(test_prefixes),    cmocka_unit_test(test_prefix_ordinals),
	    cmocka_unit_test(test_paths),       cmocka_unit_test(test_deep_path),
	    cmocka_unit_test(test_patterns),    cmocka_unit_test(test_refused_pattern),
	    cmocka_unit_test(test_match_limit), cmocka_unit_test(test_pattern_scratch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
