/* For tests of fields: a state made by hand, an event over it, and the value of a field as JSON. */
#ifndef SK_TEST_FIELD_CHECK_H
#define SK_TEST_FIELD_CHECK_H

#include "base/buf.h"
#include "base/schema.h"
#include "daemon/fields/fields.h"

#include <saker/bundle.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct field_fixture {
	struct sk_state *state;
	struct sk_fields *fields;
	struct sk_event ev;
	uint8_t data[4096];
};

static inline int
field_setup(struct field_fixture *x)
{
	*x = (struct field_fixture){ .state = sk_state_new() };
	x->fields = x->state ? sk_fields_new(x->state) : NULL;
	return x->fields ? 0 : -1;
}

static inline void
field_teardown(struct field_fixture *x)
{
	sk_fields_free(x->fields);
	sk_state_free(x->state);
}

/* Begin an event without parameters, of thread TID where that is known. */
static inline void
field_event(struct field_fixture *x, uint16_t type, uint64_t ts, int64_t tid)
{
	struct sk_event_ctx *ec = &x->fields->ec;

	x->ev = (struct sk_event){ .num = 1, .ts = ts, .tid = tid, .type = type, .desc = sk_event_desc(type), .data = x->data };
	*ec = (struct sk_event_ctx){ .ev = &x->ev, .state = x->state, .thread = sk_state_thread(x->state, tid), .fd_num = -1, .deliver = true };
	sk_fields_begin(x->fields);
}

/* Append a parameter. */
static inline void
field_param(struct field_fixture *x, const void *p, size_t n)
{
	uint32_t at = x->ev.off[x->ev.nparams];

	memcpy(x->data + at, p, n);
	x->ev.nparams++;
	x->ev.off[x->ev.nparams] = at + (uint32_t)n;
}

static inline void
field_param_i64(struct field_fixture *x, int64_t v)
{
	field_param(x, &v, sizeof(v));
}

static inline void
field_param_u32(struct field_fixture *x, uint32_t v)
{
	field_param(x, &v, sizeof(v));
}

static inline void
field_param_str(struct field_fixture *x, const char *s)
{
	field_param(x, s, strlen(s) + 1);
}

/* The event works on descriptor NUM of its thread. */
static inline void
field_on_fd(struct field_fixture *x, int64_t num)
{
	struct sk_event_ctx *ec = &x->fields->ec;
	const struct sk_fdtable *fds = ec->thread ? sk_thread_fds(ec->thread) : NULL;

	ec->uses_fd = true;
	ec->fd_num = num;
	ec->fd = fds ? sk_fdtable_find(fds, num) : NULL;
}

struct field_case {
	const char *field;
	const char *arg;  /* NULL: none; digits: an index, unless they begin with '='; else a key */
	const char *json; /* "absent" for none */
};

static inline struct sk_field_arg_value
field_arg(const char *text)
{
	struct sk_field_arg_value a = { 0 };

	if (!text)
		return a;
	if (text[0] >= '0' && text[0] <= '9') {
		a.kind = SK_VA_INDEX;
		a.index = strtoull(text, NULL, 10);
		return a;
	}
	a.kind = SK_VA_KEY;
	a.key = text;
	a.key_len = (uint32_t)strlen(text);
	return a;
}

static inline void
field_check(struct field_fixture *x, const struct field_case *c)
{
	const struct sk_field_desc *d = sk_field_find(sk_slice_cstr(c->field));
	struct sk_loader l = sk_fields_loader(x->fields);
	struct sk_field_arg_value arg = field_arg(c->arg);
	struct sk_value v = { 0 };
	struct sk_buf out = { 0 };

	if (!d)
		fail_msg("no field %s", c->field);
	arg.aux = l.bind(l.ctx, (enum sk_field_id)d->id, &arg);
	if (l.load[d->id](l.ctx, &arg, &v) && v.kind != SK_V_NONE)
		sk_field_json(&out, x->fields, (enum sk_field_id)d->id, &v);
	else
		sk_buf_str(&out, "absent");
	if (strcmp(sk_buf_cstr(&out), c->json) != 0)
		fail_msg("%s[%s] is %s, not %s", c->field, c->arg ? c->arg : "", sk_buf_cstr(&out), c->json);
	sk_buf_free(&out);
}

static inline void
field_check_all(struct field_fixture *x, const struct field_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		field_check(x, &c[i]);
}

#define FIELD_CHECK_ALL(x, cases) field_check_all(x, cases, sizeof(cases) / sizeof((cases)[0]))

#endif
