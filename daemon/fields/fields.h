/* Field values of the current event. Each READY row of fields.def has one function sk_x_<sym>() in this folder, by family:
 * evt.c evt_args.c evt_time.c proc.c proc_ancestors.c thread.c fd.c fd_net.c fdlist.c fs_path.c user.c container.c k8s.c. */
#ifndef SK_FIELDS_H
#define SK_FIELDS_H

#include "daemon/state/state.h"

#include <saker/vm.h>

/* What field functions get as ctx. */
struct sk_fields {
	struct sk_event_ctx ec;
	struct sk_scratch *scratch; /* memory of computed values, reset each event */
	enum sk_source source;
	bool base64_buffers;        /* buffer_format_base64 */
	uint64_t last_deltatime_ts; /* evt.deltatime counts from the event on which it was last read */
	const char *hostname;       /* evt.hostname: of the capture, or FALCO_HOSTNAME/SAKER_HOSTNAME live */
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

/* Text of a value as alerts print it (output_format.md §2), appended to OUT; absent prints <NA>. */
struct sk_buf;
void sk_value_text(struct sk_buf *out, const struct sk_value *v, enum sk_ptype type, enum sk_pfmt fmt, bool base64);
/* The value as JSON (output_format.md §3): null when absent. FIELD decides the fields that have a form of their own (evt.time: ns). */
void sk_value_json(struct sk_buf *out, const struct sk_value *v, enum sk_ptype type, enum sk_pfmt fmt, bool base64);

#endif
