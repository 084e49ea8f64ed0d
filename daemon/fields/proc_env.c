/* The environment of a process and of its ancestors. It belongs to the main thread. */
#include "daemon/fields/loader.h"

/* How far proc.aenv[NAME] looks up. */
#define AENV_DEPTH 20

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct sk_slice
trim(struct sk_slice s)
{
	while (s.n && is_blank(s.p[0]))
		s = sk_slice(s.p + 1, s.n - 1);
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

static struct sk_slice
env_of(const struct sk_thread *t)
{
	const struct sk_thread *m = sk_thread_main(t);

	return sk_str_slice(m ? m->env : NULL);
}

/* The value of a variable, empty when it is not set. */
static struct sk_slice
env_value(const struct sk_thread *t, struct sk_slice name)
{
	struct sk_slice env = env_of(t), e;

	while (sk_nul_list_next(&env, &e))
		if (e.n > name.n && e.p[name.n] == '=' && sk_slice_starts(e, name))
			return trim(sk_slice(e.p + name.n + 1, e.n - name.n - 1));
	return sk_slice("", 0);
}

static struct sk_slice
key_of(const struct sk_field_arg_value *arg)
{
	return sk_slice(arg->key, arg->key_len);
}

SK_LOADER(proc_env)
{
	struct sk_thread *t = sk_loader_thread(ctx);

	if (!t)
		return false;
	if (arg->kind == SK_VA_KEY)
		return sk_ret_view(ret, env_value(t, key_of(arg)));
	return sk_ret_nul_list(ctx, ret, env_of(t));
}

/* Of the nearest ancestor that has it; empty if none has. */
static bool
ret_nearest(struct sk_value *ret, const struct sk_thread *t, struct sk_slice name)
{
	struct sk_slice v = { "", 0 };

	for (int i = 0; i < AENV_DEPTH && !v.n; i++) {
		t = sk_thread_parent(t);
		if (!t)
			break;
		v = env_value(t, name);
	}
	return sk_ret_view(ret, v);
}

static bool
ret_of_ancestor(struct sk_fields *f, struct sk_value *ret, const struct sk_thread *t, uint64_t steps)
{
	for (uint64_t i = 0; t && i < steps; i++)
		t = i < SK_MAX_ANCESTORS ? sk_thread_parent(t) : NULL;
	return t && sk_ret_nul_list(f, ret, env_of(t));
}

/* The environments of all ancestors for comparisons; printed, the process's own. */
static bool
ret_all(struct sk_fields *f, struct sk_value *ret, const struct sk_thread *t)
{
	struct sk_value *list = sk_scratch(f, (SK_MAX_ANCESTORS + 1) * sizeof(*list));
	size_t n = 0;

	if (!list)
		return false;
	for (const struct sk_thread *p = sk_thread_parent(t); p && n < SK_MAX_ANCESTORS; p = sk_thread_parent(p))
		sk_ret_nul_list(f, &list[n++], env_of(p));
	sk_ret_nul_list(f, &list[n], env_of(t));
	return sk_ret_list(ret, list, n, SK_LIST_ASIDE);
}

SK_LOADER(proc_aenv)
{
	struct sk_thread *t = sk_loader_thread(ctx);

	if (!t)
		return false;
	if (arg->kind == SK_VA_KEY)
		return ret_nearest(ret, t, key_of(arg));
	if (arg->kind == SK_VA_INDEX)
		return ret_of_ancestor(ctx, ret, t, arg->index);
	return ret_all(ctx, ret, t);
}
