/* The rules are compiled as they run, to know what takes an event and which types the rule is asked about; and the rule once more
 * alone, without any pass, so that every test that is written in it is there to be looked at. */
#include "daemon/why/parts.h"

#include "base/suggest.h"
#include "daemon/compile_child.h"

#include <errno.h>
#include <unistd.h>

static bool
find_rule(const struct sk_bundle_view *v, const char *name, uint32_t *ret)
{
	for (uint32_t i = 0; i < v->nrules; i++)
		if (sk_slice_is(sk_bundle_str(v, v->rules[i].name), name)) {
			*ret = i;
			return true;
		}
	return false;
}

static int
unknown_rule(const struct sk_bundle_view *v, const char *name, char *err, size_t n)
{
	struct sk_suggest s = {.wanted = sk_slice_cstr(name)};

	for (uint32_t i = 0; i < v->nrules; i++)
		sk_suggest_offer(&s, sk_bundle_str(v, v->rules[i].name));
	(void)snprintf(err, n, "no rule is called '%s'" SK_SUGGEST_FMT "; saker -L lists them", name, SK_SUGGEST_ARG(s.best));
	return -ENOENT;
}

/* FIRST and the rule files, for sakerc. Free the array. */
static const char **
arguments(const struct sk_options *o, const struct sk_config *c, const char *const *first, size_t nfirst)
{
	const struct sk_strings *files = o->rules.n ? &o->rules : &c->rules_files;
	const char **args = calloc(nfirst + files->n + 1, sizeof(*args));
	size_t k = nfirst;

	if (!args)
		return NULL;
	memcpy(args, first, nfirst * sizeof(*args));
	for (size_t i = 0; i < files->n; i++)
		if (o->rules.n || access(files->v[i], F_OK) == 0)
			args[k++] = files->v[i];
	return args;
}

/* One run over the files. They have been compiled before: there is nothing new to say about them. */
static int
run(const struct sk_options *o, const struct sk_config *c, const char *const *first, size_t nfirst, struct sk_buf *out, char *err,
    size_t n)
{
	const char **args = arguments(o, c, first, nfirst);
	int r = args ? sk_compiler_run(&(struct sk_compiler_run){.args = args, .quiet = true}, out, err, n) : -ENOMEM;

	free(args);
	return r;
}

static int
load_alone(const struct sk_options *o, const struct sk_config *c, struct sk_why_rules *ret, char *err, size_t n)
{
	const char *const compile[] = {"compile",  "-o",        "-",          "--only",    o->why_rule, "--no-pass",
				       "simplify", "--no-pass", "specialise", "--no-pass", "order",     "--no-pass",
				       "select",   "--no-pass", "share",      "--"};
	const char *const origins[] = {"dump", "--origins", "--only", o->why_rule, "--"};
	struct sk_buf text = {0};
	struct sk_reject why;
	int r = run(o, c, compile, SK_COUNTOF(compile), &ret->image, err, n);

	if (r == 0) {
		r = sk_bundle_open(sk_buf_view(&ret->image).p, ret->image.n, &ret->alone, &why);
		if (r < 0)
			(void)snprintf(err, n, "the compiled rule is refused: %s", why.text);
	}
	if (r == 0)
		r = run(o, c, origins, SK_COUNTOF(origins), &text, err, n);
	if (r == 0 && !sk_why_origins_read(&ret->origins, sk_buf_view(&text)))
		r = -ENOMEM;
	sk_buf_free(&text);
	return r;
}

int
sk_why_load(const struct sk_options *o, const struct sk_config *c, struct sk_why_rules *ret, char *err, size_t n)
{
	int r = sk_rules_load(c, &o->rules, NULL, &ret->whole, err, n);

	if (r < 0)
		return r;
	const struct sk_bundle_view *v = sk_bundle_view(ret->whole.bundle);
	if (!find_rule(v, o->why_rule, &ret->rule))
		return unknown_rule(v, o->why_rule, err, n);
	if (v->rules[ret->rule].source != SK_SOURCE_SYSCALL) {
		(void)snprintf(err, n, "rule '%s' is about another source than system calls, which is all that captures hold",
			       o->why_rule);
		return -EINVAL;
	}
	return ret->whole.image.n ? load_alone(o, c, ret, err, n) : 0;
}

void
sk_why_unload(struct sk_why_rules *r)
{
	sk_bundle_close(r->alone);
	sk_buf_free(&r->image);
	sk_why_origins_free(&r->origins);
	sk_rules_unload(&r->whole);
}
