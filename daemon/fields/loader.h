/* How a loader is written down: most fields are one expression over the event's thread. */
#ifndef SK_FIELDS_LOADER_H
#define SK_FIELDS_LOADER_H

#include "daemon/fields/fields.h"
#include "daemon/fields/text.h"

#include <saker/bundle.h>

/* The head of a loader; CTX, ARG and RET are its parameters. */
#define SK_LOADER(sym) bool sk_x_##sym(void *ctx, const struct sk_field_arg_value *arg, struct sk_value *ret)

/* A whole loader: EXPR puts the value into *ret and says whether it exists, given the thread T of the event. Absent without a thread. */
#define SK_LOADER_OF_THREAD(sym, EXPR)                                                                                       \
	SK_LOADER(sym)                                                                                                       \
	{                                                                                                                    \
		struct sk_thread *t = sk_loader_thread(ctx);                                                                 \
		(void)arg;                                                                                                   \
		return t && (EXPR);                                                                                          \
	}

static inline struct sk_thread *
sk_loader_thread(void *ctx)
{
	struct sk_fields *f = ctx;

	return f->ec.thread;
}

static inline bool
sk_ret_shared(struct sk_value *ret, const struct sk_str *s) /* the state keeps S until the next event at least */
{
	return sk_ret_view(ret, sk_str_slice(s));
}

/* A text that is a constant of this program. */
static inline bool
sk_ret_const(struct sk_value *ret, const char *s)
{
	return sk_ret_view(ret, sk_slice_cstr(s));
}

/* Process and thread ids; sources that do not know the host's ids make up larger ones, which nobody should see. */
static inline bool
sk_ret_id(struct sk_value *ret, int64_t id)
{
	return id >= -1 && id <= (int64_t)UINT32_MAX && sk_ret_int(ret, id);
}

/* A list value over N elements that live until the next event. */
static inline bool
sk_ret_list(struct sk_value *ret, const struct sk_value *list, size_t n, enum sk_list_form form)
{
	*ret = (struct sk_value){ .kind = SK_V_LIST, .n = (uint32_t)n, .list = list };
	sk_value_set_list_form(ret, form);
	return true;
}

/* --- lists of the state: elements with a NUL after each (arguments, environment, cgroups) ---------------------------------- */
/* Take the first element off LIST; false when there is none left. */
bool sk_nul_list_next(struct sk_slice *list, struct sk_slice *ret);
/* Append the elements with a blank between them. */
void sk_out_nul_list(struct sk_out *o, struct sk_slice list);
/* The same as a value; a list of one element is returned without a copy. Always true. */
bool sk_ret_nul_list(struct sk_fields *f, struct sk_value *ret, struct sk_slice list);

#endif
