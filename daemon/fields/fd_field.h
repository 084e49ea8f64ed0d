/* What the loaders of fd.* share: the descriptor an event works on. */
#ifndef SK_FIELDS_FD_FIELD_H
#define SK_FIELDS_FD_FIELD_H

#include "daemon/fields/fd_kind.h"
#include "daemon/fields/loader.h"

/* Does the event work on a descriptor, known or not? */
static inline bool
sk_fd_applies(const struct sk_fields *f)
{
	return f->ec.uses_fd && f->ec.thread;
}

/* The event's descriptor; NULL when it has none or it is not known. */
static inline const struct sk_fd *
sk_loader_fd(void *ctx)
{
	const struct sk_fields *f = ctx;

	return sk_fd_applies(f) ? f->ec.fd : NULL;
}

static inline bool
sk_ret_fd_type(struct sk_value *ret, const struct sk_fd *fd)
{
	return sk_ret_const(ret, sk_fd_kind(fd->type)->name);
}

/* A whole loader: EXPR puts the value into *ret and says whether it exists, given the descriptor FD. Absent without one. */
#define SK_LOADER_OF_FD(sym, EXPR)                                                                                           \
	SK_LOADER(sym)                                                                                                       \
	{                                                                                                                    \
		const struct sk_fd *fd = sk_loader_fd(ctx);                                                                  \
		(void)arg;                                                                                                   \
		return fd && (EXPR);                                                                                         \
	}

/* --- fd_name.c ------------------------------------------------------------------------------------------------------------- */
/* The name that the event itself gives to the descriptor it was to make; empty if it says nothing of it. False on enter events. */
bool sk_fd_name_by_event(struct sk_fields *f, struct sk_slice *ret);

#endif
