/* User and group of a thread, by the tables of its container. Names that the capture lacks are not looked up on the machine that reads it:
 * they are "<NA>", but for root, which is root everywhere. */
#include "daemon/fields/loader.h"

#define NO_ID UINT32_MAX
#define NA "<NA>"

static const struct sk_user *
user(void *ctx, const struct sk_thread *t, uint32_t uid)
{
	const struct sk_fields *f = ctx;

	return sk_state_user(f->ec.state, sk_str_slice(t->container_id), uid);
}

static bool
ret_text(struct sk_value *ret, const struct sk_str *s, const char *otherwise)
{
	return s ? sk_ret_shared(ret, s) : sk_ret_const(ret, otherwise);
}

static bool
ret_user_name(void *ctx, struct sk_value *ret, const struct sk_thread *t, uint32_t uid)
{
	const struct sk_user *u = user(ctx, t, uid);

	return ret_text(ret, u ? u->name : NULL, uid == 0 ? "root" : NA);
}

static bool
ret_home(void *ctx, struct sk_value *ret, const struct sk_thread *t)
{
	const struct sk_user *u = user(ctx, t, t->uid);

	return ret_text(ret, u ? u->home : NULL, t->uid == 0 ? "/root" : NA);
}

static bool
ret_shell(void *ctx, struct sk_value *ret, const struct sk_thread *t)
{
	const struct sk_user *u = user(ctx, t, t->uid);

	return ret_text(ret, u ? u->shell : NULL, NA);
}

static bool
ret_group_name(void *ctx, struct sk_value *ret, const struct sk_thread *t)
{
	const struct sk_fields *f = ctx;
	const struct sk_group_entry *g = sk_state_group(f->ec.state, sk_str_slice(t->container_id), t->gid);

	return ret_text(ret, g ? g->name : NULL, t->gid == 0 ? "root" : NA);
}

static int64_t
login_uid(const struct sk_thread *t)
{
	return t->loginuid == NO_ID ? -1 : (int64_t)t->loginuid;
}

SK_LOADER_OF_THREAD(user_uid, sk_ret_uint(ret, t->uid))
SK_LOADER_OF_THREAD(user_name, ret_user_name(ctx, ret, t, t->uid))
SK_LOADER_OF_THREAD(user_homedir, ret_home(ctx, ret, t))
SK_LOADER_OF_THREAD(user_shell, ret_shell(ctx, ret, t))
SK_LOADER_OF_THREAD(user_loginuid, sk_ret_int(ret, login_uid(t)))
SK_LOADER_OF_THREAD(user_loginname, ret_user_name(ctx, ret, t, t->loginuid))
SK_LOADER_OF_THREAD(group_gid, sk_ret_uint(ret, t->gid))
SK_LOADER_OF_THREAD(group_name, ret_group_name(ctx, ret, t))
