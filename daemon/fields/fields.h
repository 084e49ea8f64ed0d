/* Field values of the current event. Each READY row of fields.def has one function sk_x_<sym>() in this folder, by family:
 * evt.c evt_args.c evt_time.c proc.c proc_ancestors.c thread.c fd.c fd_net.c fdlist.c fs_path.c user.c container.c k8s.c. */
#ifndef SK_FIELDS_H
#define SK_FIELDS_H

#include "daemon/state/state.h"

#include <saker/vm.h>
#include <stdlib.h>

/* What field functions get as ctx. */
struct sk_fields {
	struct sk_event_ctx ec;
	struct sk_scratch *scratch; /* memory of computed values, reset each event */
	enum sk_source source;
	bool base64_buffers;        /* buffer_format_base64 */
	bool local_time;            /* evt.time and the like in the zone of this process; else UTC, so that replay is the same everywhere */
	uint64_t last_deltatime_ts; /* evt.deltatime counts from the event on which it was last read */
	uint64_t deltatime;         /* its value on the current event, once read */
	bool deltatime_read;
	uint64_t count;             /* util.cnt */
	const char *hostname;       /* evt.hostname: of the capture, or FALCO_HOSTNAME/SAKER_HOSTNAME live */
	struct sk_arg_names *names; /* where parameters of a name stand, for evt.arg.NAME: arg_names.c */
	const struct sk_arg_name *data_name; /* "data": evt.buffer */
};

struct sk_fields *sk_fields_new(struct sk_state *s);
void sk_fields_free(struct sk_fields *f);
/* Begin a new event: what sk_state_apply() filled in is in f->ec; drops the values computed for the last one. */
void sk_fields_begin(struct sk_fields *f);
/* The table for sk_vm_new(); ctx is the struct sk_fields. */
struct sk_loader sk_fields_loader(struct sk_fields *f);

/* N bytes of scratch valid until the next event; NULL when the event's budget (SK_MAX_EVENT_SCRATCH) is spent. */
void *sk_scratch(struct sk_fields *f, size_t n);
/* Copy into scratch as a STR value; false (absent) when the budget is spent. */
bool sk_ret_str(struct sk_fields *f, struct sk_value *ret, struct sk_slice s);

/* An argument that is a number, however the bundle holds it; other texts count as their leading digits. */
static inline uint64_t
sk_arg_number(const struct sk_field_arg_value *arg)
{
	return arg->key ? strtoull(arg->key, NULL, 10) : arg->index;
}

static inline bool
sk_ret_view(struct sk_value *ret, struct sk_slice s) /* S outlives the event: no copy */
{
	*ret = (struct sk_value){ .kind = SK_V_STR, .n = (uint32_t)s.n, .s = s.p };
	return true;
}
static inline bool
sk_ret_uint(struct sk_value *ret, uint64_t v)
{
	*ret = (struct sk_value){ .kind = SK_V_UINT, .u = v };
	return true;
}
static inline bool
sk_ret_int(struct sk_value *ret, int64_t v)
{
	*ret = (struct sk_value){ .kind = SK_V_INT, .i = v };
	return true;
}
static inline bool
sk_ret_bool(struct sk_value *ret, bool v)
{
	*ret = (struct sk_value){ .kind = SK_V_BOOL, .u = v };
	return true;
}

#define SK_FIELD(id, sym, cls, name, type, fmt, arg, flags, prov, era, state, help) SK_FIELD_DECL_##state(sym)
#define SK_FIELD_DECL_READY(sym) bool sk_x_##sym(void *ctx, const struct sk_field_arg_value *arg, struct sk_value *ret);
#define SK_FIELD_DECL_LATER(sym)
#include <saker/fields.def>
#undef SK_FIELD
#undef SK_FIELD_DECL_READY
#undef SK_FIELD_DECL_LATER

/* Text of a value as alerts print it (output_format.md §2), appended to OUT; absent prints <NA>. A parameter (evt.rawarg) says itself
 * how it is printed: sk_value_set_dyn(). */
struct sk_buf;
void sk_value_text(struct sk_buf *out, const struct sk_value *v, enum sk_ptype type, enum sk_pfmt fmt, bool base64);
/* The value as JSON (output_format.md §3): null when absent. */
void sk_value_json(struct sk_buf *out, const struct sk_value *v, enum sk_ptype type, enum sk_pfmt fmt, bool base64);
/* The value V of field FIELD on the current event as JSON: as above, but for the fields whose JSON differs from their text (evt.time and
 * evt.datetime are ns since the epoch there). */
void sk_field_json(struct sk_buf *out, const struct sk_fields *f, enum sk_field_id field, const struct sk_value *v);

/* How the value of a parameter is printed travels in members that numbers and texts do not use. */
static inline void
sk_value_set_dyn(struct sk_value *v, enum sk_ptype type, enum sk_pfmt fmt)
{
	v->ip = (uint8_t)type;
	v->prefix = (uint8_t)fmt;
}

/* How a LIST value is printed. Fields of all ancestors (proc.aname without an argument) are lists for comparisons, and one text in alerts. */
enum sk_list_form {
	SK_LIST_PLAIN, /* "(a,b)"; an array in JSON, null when empty */
	SK_LIST_WORDS, /* the elements with a blank between them, but none before the first that is not empty; absent when nothing is left of it */
	SK_LIST_ASIDE  /* what is printed is not an element: it stands behind the last one, at list[n] */
};
static inline void
sk_value_set_list_form(struct sk_value *v, enum sk_list_form form)
{
	v->prefix = (uint8_t)form; /* lists have no other use for it */
}
static inline enum sk_list_form
sk_value_list_form(const struct sk_value *v)
{
	return (enum sk_list_form)v->prefix;
}

#endif
