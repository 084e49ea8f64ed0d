/* Regular expressions: PCRE2 with its JIT. The compiler admits only regular languages in POSIX syntax; the limits bound what a hostile bundle can cost. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "vm/machine.h"

#include "base/utf8.h"

#include <errno.h>
#include <pcre2.h>

struct sk_pattern {
	pcre2_code *code;
};

#define JIT_STACK_START (32u << 10)
#define JIT_STACK_MAX (256u << 10)

/* RE2's POSIX syntax reads ^ and $ at line ends and . as any character but a newline; the whole value must match. */
#define PATTERN_OPTIONS (PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_MULTILINE | PCRE2_DOLLAR_ENDONLY | PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_BACKSLASH_C)

static int
compile(struct sk_vm *vm, uint32_t i, char *reterr, size_t n)
{
	struct sk_slice text = sk_bundle_str(vm->v, vm->v->patterns[i].text);
	int code;
	size_t at;
	PCRE2_UCHAR why[128];

	vm->patterns[i].code = pcre2_compile((PCRE2_SPTR)text.p, text.n, PATTERN_OPTIONS, &code, &at, NULL);
	if (!vm->patterns[i].code) {
		(void)pcre2_get_error_message(code, why, sizeof(why));
		(void)snprintf(reterr, n, "pattern %u: %s at offset %zu", i, (const char *)why, at);
		return code == PCRE2_ERROR_NOMEMORY ? -ENOMEM : -EBADMSG;
	}
	/* Without the JIT (a kernel that forbids writable code) matching falls back to the interpreter. */
	(void)pcre2_jit_compile(vm->patterns[i].code, PCRE2_JIT_COMPLETE);
	return 0;
}

int
sk_patterns_compile(struct sk_vm *vm, char *reterr, size_t n)
{
	if (vm->v->npatterns == 0)
		return 0;
	vm->patterns = calloc(vm->v->npatterns, sizeof(*vm->patterns));
	vm->match_data = pcre2_match_data_create(1, NULL);
	vm->match_context = pcre2_match_context_create(NULL);
	vm->jit_stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
	if (!vm->patterns || !vm->match_data || !vm->match_context)
		return -ENOMEM;
	(void)pcre2_set_match_limit(vm->match_context, SK_REGEX_MATCH_LIMIT);
	(void)pcre2_set_depth_limit(vm->match_context, SK_REGEX_DEPTH_LIMIT);
	if (vm->jit_stack)
		pcre2_jit_stack_assign(vm->match_context, NULL, vm->jit_stack);
	for (uint32_t i = 0; i < vm->v->npatterns; i++) {
		int r = compile(vm, i, reterr, n);

		if (r < 0)
			return r;
	}
	return 0;
}

void
sk_patterns_free(struct sk_vm *vm)
{
	for (uint32_t i = 0; vm->patterns && i < vm->v->npatterns; i++)
		pcre2_code_free(vm->patterns[i].code);
	free(vm->patterns);
	pcre2_match_data_free(vm->match_data);
	pcre2_match_context_free(vm->match_context);
	pcre2_jit_stack_free(vm->jit_stack);
}

/* Text with every malformed sequence replaced by U+FFFD, in scratch; p is NULL when it does not fit. */
static struct sk_slice
made_valid(struct sk_vm *vm, const char *text, size_t n)
{
	char *out = sk_vm_scratch(vm, n * 3);
	size_t k = 0, skip;

	for (size_t i = 0; out && i < n;) {
		size_t len = sk_utf8_sequence(text + i, n - i, &skip);

		if (len)
			memcpy(out + k, text + i, len);
		else
			memcpy(out + k, "\xef\xbf\xbd", 3);
		k += len ? len : 3;
		i += len ? len : skip;
	}
	return sk_slice(out, k);
}

bool
sk_pattern_matches(struct sk_vm *vm, uint32_t pattern, const char *text, size_t n)
{
	uint32_t mark = vm->scratch.used;

	if (sk_utf8_valid_prefix(text, n) < n) {
		struct sk_slice valid = made_valid(vm, text, n);

		if (!valid.p)
			return false;
		text = valid.p;
		n = valid.n;
	}
	int r = pcre2_match(vm->patterns[pattern].code, (PCRE2_SPTR)text, n, 0, PCRE2_NO_UTF_CHECK, vm->match_data, vm->match_context);

	vm->scratch.used = mark;
	return r >= 0;
}
