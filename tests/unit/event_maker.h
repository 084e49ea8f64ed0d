/* Events made by hand for tests: values by position, encoded as the schema says. */
#ifndef SK_TEST_EVENT_MAKER_H
#define SK_TEST_EVENT_MAKER_H

#include "base/schema.h"

#include <saker/event.h>

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct event_maker {
	struct sk_event ev;
	uint64_t num, ts; /* of the last event made; ts grows by 1000 each time */
	uint8_t data[65536];
};

static inline void
event_param_(struct event_maker *m, const void *p, size_t n)
{
	uint32_t at = m->ev.off[m->ev.nparams];

	assert(m->ev.nparams < SK_PARAMS_MAX && at + n <= sizeof(m->data));
	if (n)
		memcpy(m->data + at, p, n);
	m->ev.off[++m->ev.nparams] = at + (uint32_t)n;
}

/* An event of TYPE by thread TID. FORM has a letter for each parameter, in order; what it leaves out at the end is not there at
 * all:
 *   i  int or long   a number of the width that the schema gives the parameter (pass it as int64_t)
 *   s  const char *  a string with its NUL
 *   b  const void *, size_t  bytes
 *   -                absent
 * Valid until the next one is made. */
static inline const struct sk_event *
event_make(struct event_maker *m, uint16_t type, int64_t tid, const char *form, ...)
{
	va_list ap;

	m->ts = m->ts ? m->ts + 1000 : 1000000000000ull;
	m->ev = (struct sk_event){
	    .num = ++m->num, .ts = m->ts, .tid = tid, .type = type, .desc = sk_event_desc(type), .data = m->data};
	va_start(ap, form);
	for (unsigned i = 0; form[i]; i++) {
		int64_t v;
		const char *s;

		assert(i < m->ev.desc->nparams);
		switch (form[i]) {
		case 'i':
			v = va_arg(ap, int64_t);
			event_param_(m, &v, sk_type_width((enum sk_ptype)m->ev.desc->params[i].type));
			break;
		case 's':
			s = va_arg(ap, const char *);
			event_param_(m, s, strlen(s) + 1);
			break;
		case 'b':
			s = va_arg(ap, const char *);
			event_param_(m, s, va_arg(ap, size_t));
			break;
		default:
			event_param_(m, NULL, 0);
		}
	}
	va_end(ap);
	return &m->ev;
}

#define I(x) ((int64_t)(x))

#endif
