/* Transformers: filter_language.md A.9. RET stays absent when an argument is, when the input is malformed, or when scratch memory is spent. */
#include "vm/machine.h"

typedef bool (*text_fn)(struct sk_vm *vm, const struct sk_value *in, struct sk_value *ret);

static bool
ret_text(struct sk_value *ret, uint8_t kind, const char *p, size_t n)
{
	*ret = (struct sk_value){ .kind = kind, .n = (uint32_t)n, .s = p };
	return true;
}

static bool
change_case(struct sk_vm *vm, const struct sk_value *in, struct sk_value *ret, char first)
{
	char *out = sk_vm_scratch(vm, in->n);

	if (!out)
		return false;
	for (uint32_t i = 0; i < in->n; i++)
		out[i] = (uint8_t)(in->s[i] - first) < 26 ? (char)(in->s[i] ^ 0x20) : in->s[i];
	return ret_text(ret, in->kind, out, in->n);
}

static bool
to_lower(struct sk_vm *vm, const struct sk_value *in, struct sk_value *ret)
{
	return change_case(vm, in, ret, 'A');
}

static bool
to_upper(struct sk_vm *vm, const struct sk_value *in, struct sk_value *ret)
{
	return change_case(vm, in, ret, 'a');
}

static bool
base_name(struct sk_vm *vm, const struct sk_value *in, struct sk_value *ret)
{
	const char *slash = in->n ? memrchr(in->s, '/', in->n) : NULL;
	size_t skip = slash ? (size_t)(slash + 1 - in->s) : 0;

	(void)vm;
	return ret_text(ret, in->kind, in->s + skip, in->n - skip);
}

static int
b64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Standard alphabet, padding optional. Text ends at a decoded NUL, as it does for everybody who compares text. */
static bool
b64_decode(struct sk_vm *vm, const struct sk_value *in, struct sk_value *ret)
{
	uint32_t n = in->n, acc = 0, bits = 0;
	size_t k = 0;

	while (n && n % 4 == 0 && in->n - n < 2 && in->s[n - 1] == '=')
		n--;
	if (in->n % 4 == 0 && n && in->s[n - 1] == '=')
		n--;
	char *out = n % 4 == 1 ? NULL : sk_vm_scratch(vm, n / 4 * 3 + 3);
	if (!out)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		int d = b64_digit(in->s[i]);

		if (d < 0)
			return false;
		acc = acc << 6 | (uint32_t)d;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[k++] = (char)(acc >> bits & 0xff);
		}
	}
	if (acc & ((1u << bits) - 1))
		return false; /* bits beyond the last byte are zero in what an encoder makes */
	return ret_text(ret, in->kind, out, in->kind == SK_V_STR ? strnlen(out, k) : k);
}

/* Apply FN to a text, or to each element of a list of texts. */
static void
each_text(struct sk_vm *vm, const struct sk_value *in, struct sk_value *ret, text_fn fn)
{
	if (in->kind == SK_V_STR || in->kind == SK_V_BYTES) {
		(void)fn(vm, in, ret);
		return;
	}
	struct sk_value *out = in->kind == SK_V_LIST ? (struct sk_value *)(void *)sk_vm_scratch(vm, in->n * sizeof(*out)) : NULL;

	for (uint32_t i = 0; out && i < in->n; i++)
		if (!fn(vm, &in->list[i], &out[i]))
			return;
	if (out)
		*ret = (struct sk_value){ .kind = SK_V_LIST, .n = in->n, .list = out };
}

static void
length(const struct sk_value *in, struct sk_value *ret)
{
	if (in->kind != SK_V_NONE)
		*ret = (struct sk_value){ .kind = SK_V_UINT, .u = in->n };
}

/* Put N texts together with SEP between them. */
static void
put_together(struct sk_vm *vm, const struct sk_value *parts, uint32_t n, const struct sk_value *sep, struct sk_value *ret)
{
	size_t total = 0, k = 0;

	for (uint32_t i = 0; i < n; i++)
		total += parts[i].n + (i && sep ? sep->n : 0);
	char *out = sk_vm_scratch(vm, total + 1);
	if (!out)
		return;
	for (uint32_t i = 0; i < n; i++) {
		if (i && sep && sep->n) {
			memcpy(out + k, sep->s, sep->n);
			k += sep->n;
		}
		if (parts[i].n)
			memcpy(out + k, parts[i].s, parts[i].n);
		k += parts[i].n;
	}
	(void)ret_text(ret, SK_V_STR, out, k);
}

/* The arguments from FIRST on as one array of texts: a list argument is spread. NULL when one is absent. */
static struct sk_value *
gather(struct sk_vm *vm, const uint32_t *args, uint32_t n, uint32_t *ret_n)
{
	uint32_t total = 0, k = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct sk_value *a = sk_vm_reg(vm, args[i]);

		if (a->kind == SK_V_NONE)
			return NULL;
		total += a->kind == SK_V_LIST ? a->n : 1;
	}
	struct sk_value *out = (struct sk_value *)(void *)sk_vm_scratch(vm, (total + 1) * sizeof(*out));
	for (uint32_t i = 0; out && i < n; i++) {
		const struct sk_value *a = sk_vm_reg(vm, args[i]);

		if (a->kind == SK_V_LIST && a->n)
			memcpy(&out[k], a->list, a->n * sizeof(*out));
		else if (a->kind != SK_V_LIST)
			out[k] = *a;
		k += a->kind == SK_V_LIST ? a->n : 1;
	}
	*ret_n = total;
	return out;
}

/* --- getopt(argv, "ab:c"): options of a command line, as getopt(3) with a leading '+' would see them ----------------------- */
struct getopt_out {
	struct sk_value *items;
	uint32_t n, cap;
	char wanted;           /* 0: collect everything */
	struct sk_value found; /* last value of the wanted option */
};

static void
emit(struct getopt_out *o, const char *opt, struct sk_value value, bool takes_value)
{
	if (o->wanted) {
		if (*opt == o->wanted)
			o->found = takes_value ? value : (struct sk_value){ .kind = SK_V_STR, .n = 1, .s = opt };
		return;
	}
	if (o->n < o->cap)
		o->items[o->n++] = (struct sk_value){ .kind = SK_V_STR, .n = 1, .s = opt };
	if (takes_value && o->n < o->cap)
		o->items[o->n++] = value;
}

/* One word "-abc"; returns how many words it used (1, or 2 when an option took the next one as its value). */
static uint32_t
getopt_word(struct getopt_out *o, const struct sk_value *words, uint32_t nwords, const struct sk_value *spec)
{
	static const char unknown[] = "?";
	const struct sk_value *w = &words[0];

	for (uint32_t i = 1; i < w->n; i++) {
		const char *at = w->s[i] == ':' || !spec->n ? NULL : memchr(spec->s, w->s[i], spec->n);

		if (!at) {
			emit(o, unknown, (struct sk_value){ 0 }, false);
			continue;
		}
		bool takes = at + 1 < spec->s + spec->n && at[1] == ':';
		if (!takes) {
			emit(o, at, (struct sk_value){ 0 }, false);
			continue;
		}
		struct sk_value value = { .kind = SK_V_STR, .n = w->n - i - 1, .s = w->s + i + 1 };
		bool next = value.n == 0 && nwords > 1;
		emit(o, at, next ? words[1] : value, true);
		return next ? 2 : 1;
	}
	return 1;
}

static void
get_options(struct sk_vm *vm, const struct sk_value *argv, const struct sk_value *spec, struct sk_slice wanted, struct sk_value *ret)
{
	struct getopt_out o = { .wanted = wanted.n ? wanted.p[0] : '\0' };
	size_t most = 1;

	if (argv->kind != SK_V_LIST || spec->kind != SK_V_STR)
		return;
	for (uint32_t i = 0; i < argv->n; i++)
		most += argv->list[i].n + 1;
	o.cap = (uint32_t)most;
	o.items = (struct sk_value *)(void *)sk_vm_scratch(vm, o.wanted ? 0 : most * sizeof(*o.items));
	if (!o.items)
		return;
	for (uint32_t i = 0; i < argv->n;) {
		const struct sk_value *w = &argv->list[i];

		if (w->n < 2 || w->s[0] != '-' || (w->n == 2 && w->s[1] == '-'))
			break;
		i += w->s[1] == '-' ? 1 : getopt_word(&o, w, argv->n - i, spec);
	}
	if (o.wanted)
		*ret = o.found;
	else
		*ret = (struct sk_value){ .kind = SK_V_LIST, .n = o.n, .list = o.items };
}

void
sk_vm_transform(struct sk_vm *vm, const struct sk_value_def *def, struct sk_value *ret)
{
	const uint32_t *args = vm->v->args + def->num;
	const struct sk_value *first = sk_vm_reg(vm, args[0]);
	struct sk_value *parts;
	uint32_t n;

	switch ((enum sk_xform)def->id) {
	case SK_XF_TOLOWER: each_text(vm, first, ret, to_lower); break;
	case SK_XF_TOUPPER: each_text(vm, first, ret, to_upper); break;
	case SK_XF_B64: each_text(vm, first, ret, b64_decode); break;
	case SK_XF_BASENAME: each_text(vm, first, ret, base_name); break;
	case SK_XF_LEN: length(first, ret); break;
	case SK_XF_JOIN:
		parts = gather(vm, args + 1, def->nargs - 1, &n);
		if (parts && first->kind == SK_V_STR)
			put_together(vm, parts, n, first, ret);
		break;
	case SK_XF_CONCAT:
		parts = gather(vm, args, def->nargs, &n);
		if (parts)
			put_together(vm, parts, n, NULL, ret);
		break;
	case SK_XF_GETOPT: get_options(vm, first, sk_vm_reg(vm, args[1]), sk_bundle_str(vm->v, def->text), ret); break;
	case SK_XF_NONE:
	case SK_XF_VAL:
	case SK_XF_LIMIT: break;
	}
}
