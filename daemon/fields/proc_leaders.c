/* The leaders of a process's session and process groups, and its login shell. */
#include "daemon/fields/loader.h"

enum id { SID, VPGID, PGID };

static int64_t
id_of(const struct sk_thread *t, enum id which)
{
	return which == SID ? t->sid : which == VPGID ? t->vpgid : t->pgid;
}

static bool
in_pid_namespace(const struct sk_thread *t)
{
	return (t->flags & SK_CL_CHILD_IN_PIDNS) || t->tid != t->vtid;
}

/* The leader's pid is the id, if both are of one namespace. Otherwise, or when it is gone, the oldest of the unbroken line of ancestors
 * with the same id stands for it. NULL: nobody does, not even a process of a pid namespace that leads itself. */
static const struct sk_thread *
leader(const struct sk_fields *f, const struct sk_thread *t, enum id which)
{
	int64_t id = id_of(t, which);
	const struct sk_thread *l = NULL, *p = t;

	if (which == PGID || !in_pid_namespace(t))
		l = sk_state_thread(f->ec.state, id);
	if (l)
		return l;
	for (unsigned i = 0; i < SK_MAX_ANCESTORS; i++) {
		p = sk_thread_parent(p);
		if (!p || id_of(p, which) != id)
			break;
		l = p;
	}
	return l;
}

static bool
ret_of_leader(void *ctx, struct sk_value *ret, enum id which, size_t member)
{
	const struct sk_thread *t = sk_loader_thread(ctx);
	struct sk_str *text;

	if (!t)
		return false;
	t = id_of(t, which) == -1 ? NULL : leader(ctx, t, which);
	if (!t)
		return sk_ret_const(ret, "");
	memcpy(&text, (const char *)t + member, sizeof(text));
	return sk_ret_shared(ret, text);
}

#define LOADER_OF_LEADER(sym, which, member)                                                                                 \
	SK_LOADER(sym)                                                                                                       \
	{                                                                                                                    \
		(void)arg;                                                                                                   \
		return ret_of_leader(ctx, ret, which, offsetof(struct sk_thread, member));                                   \
	}

LOADER_OF_LEADER(proc_sname, SID, comm)
LOADER_OF_LEADER(proc_sid_exe, SID, exe)
LOADER_OF_LEADER(proc_sid_exepath, SID, exepath)
LOADER_OF_LEADER(proc_vpgid_name, VPGID, comm)
LOADER_OF_LEADER(proc_vpgid_exe, VPGID, exe)
LOADER_OF_LEADER(proc_vpgid_exepath, VPGID, exepath)
LOADER_OF_LEADER(proc_pgid_name, PGID, comm)
LOADER_OF_LEADER(proc_pgid_exe, PGID, exe)
LOADER_OF_LEADER(proc_pgid_exepath, PGID, exepath)

/* By its name: sh, bash, zsh, fish. */
static bool
is_shell(const struct sk_thread *t)
{
	return sk_slice_ends(sk_str_slice(t->comm), SK_SLICE("sh"));
}

SK_LOADER(proc_loginshellid)
{
	const struct sk_thread *t = sk_loader_thread(ctx);
	const struct sk_thread *shell = NULL;

	(void)arg;
	t = t ? sk_thread_main(t) : NULL;
	for (unsigned i = 0; t && i <= SK_MAX_ANCESTORS; i++, t = sk_thread_parent(t))
		if (is_shell(t))
			shell = t;
	return shell && sk_ret_int(ret, shell->pid);
}
