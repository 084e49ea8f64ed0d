/* proc.aname, proc.apid and the like: of the n-th ancestor, or of all of them.
 *
 * All of them is a list for comparisons (an operator holds if it holds for any ancestor, the process itself not counted) and one text
 * in alerts; sk_list_form says how the one becomes the other. */
#include "daemon/fields/loader.h"

/* The value of one ancestor. */
typedef bool value_fn(struct sk_fields *f, struct sk_value *ret, struct sk_thread *t);

static bool
ancestor(void *ctx, uint64_t steps, value_fn *value, struct sk_value *ret)
{
	struct sk_thread *t = sk_loader_thread(ctx);

	t = t ? sk_thread_main(t) : NULL;
	for (uint64_t i = 0; t && i < steps; i++)
		t = i < SK_MAX_ANCESTORS ? sk_thread_parent(t) : NULL;
	return t && value(ctx, ret, t);
}

/* The values of the strict ancestors of T, nearest first, with room for one more behind them. Returns their number; 0 is none, or no memory. */
static size_t
collect(struct sk_fields *f, struct sk_thread *t, value_fn *value, struct sk_value **ret_list)
{
	struct sk_value *list = sk_scratch(f, (SK_MAX_ANCESTORS + 1) * sizeof(*list));
	size_t n = 0;

	*ret_list = list;
	if (!list)
		return 0;
	for (t = sk_thread_parent(t); t && n < SK_MAX_ANCESTORS; t = sk_thread_parent(t))
		n += value(f, &list[n], t);
	return n;
}

static bool
ancestors(void *ctx, const struct sk_field_arg_value *arg, value_fn *value, struct sk_value *ret)
{
	struct sk_thread *t = sk_loader_thread(ctx);
	struct sk_value *list;
	size_t n;

	if (arg->kind == SK_VA_INDEX)
		return ancestor(ctx, arg->index, value, ret);
	n = t && sk_thread_main(t) ? collect(ctx, t, value, &list) : 0;
	return n && sk_ret_list(ret, list, n, SK_LIST_WORDS);
}

static bool
comm_of(struct sk_fields *f, struct sk_value *ret, struct sk_thread *t)
{
	(void)f;
	return sk_ret_shared(ret, t->comm);
}

static bool
exe_of(struct sk_fields *f, struct sk_value *ret, struct sk_thread *t)
{
	(void)f;
	return sk_ret_shared(ret, t->exe);
}

static bool
exepath_of(struct sk_fields *f, struct sk_value *ret, struct sk_thread *t)
{
	(void)f;
	return sk_ret_shared(ret, t->exepath);
}

static bool
cmdline_of(struct sk_fields *f, struct sk_value *ret, struct sk_thread *t)
{
	(void)f;
	return sk_ret_view(ret, sk_thread_cmdline(t));
}

static bool
args_of(struct sk_fields *f, struct sk_value *ret, struct sk_thread *t)
{
	return sk_ret_nul_list(f, ret, sk_str_slice(t->args));
}

static bool
pid_of(struct sk_fields *f, struct sk_value *ret, struct sk_thread *t)
{
	(void)f;
	return sk_ret_id(ret, t->pid);
}

SK_LOADER(proc_aname)
{
	return ancestors(ctx, arg, comm_of, ret);
}

SK_LOADER(proc_aexe)
{
	return ancestors(ctx, arg, exe_of, ret);
}

SK_LOADER(proc_aexepath)
{
	return ancestors(ctx, arg, exepath_of, ret);
}

SK_LOADER(proc_acmdline)
{
	return ancestors(ctx, arg, cmdline_of, ret);
}

/* Printed without argument it is the process's own pid. */
SK_LOADER(proc_apid)
{
	struct sk_thread *t = sk_loader_thread(ctx);
	struct sk_value *list;
	size_t n;

	if (arg->kind == SK_VA_INDEX)
		return ancestor(ctx, arg->index, pid_of, ret);
	if (!t || !sk_thread_main(t))
		return false;
	n = collect(ctx, t, pid_of, &list);
	return list && sk_ret_id(&list[n], t->pid) && sk_ret_list(ret, list, n, SK_LIST_ASIDE);
}

/* Without argument one text, in comparisons too. */
SK_LOADER(proc_aargs)
{
	struct sk_thread *t = sk_loader_thread(ctx);
	struct sk_out o;

	if (arg->kind == SK_VA_INDEX)
		return ancestor(ctx, arg->index, args_of, ret);
	if (!t || !sk_thread_main(t))
		return false;
	sk_out_begin(&o, ctx);
	t = sk_thread_parent(t);
	for (unsigned i = 0; t && i < SK_MAX_ANCESTORS; i++, t = sk_thread_parent(t)) {
		if (o.n)
			sk_out_char(&o, ' ');
		sk_out_nul_list(&o, sk_str_slice(t->args));
	}
	return o.n && sk_out_ret(&o, ret);
}
