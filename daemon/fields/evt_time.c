/* evt.time and its relatives. Texts are in UTC unless the daemon asked for its own zone, so that a replay prints the same anywhere. */
#include "daemon/fields/loader.h"
#include "daemon/fields/text.h"

#include <time.h>

#define SECOND 1000000000u

static const char clock_format[] = "%H:%M:%S";
static const char date_format[] = "%Y-%m-%d %H:%M:%S";
static const char iso_format[] = "%Y-%m-%dT%H:%M:%S";

/* The event's time by a strftime format, with nine digits of the second if NS. */
static bool
ret_time(struct sk_fields *f, struct sk_value *ret, const char *format, bool local, bool ns, const char *suffix)
{
	uint64_t ts = f->ec.ev->ts;
	time_t s = (time_t)(ts / SECOND);
	struct tm tm;
	struct sk_out o;
	char text[64];

	if (!(local ? localtime_r(&s, &tm) : gmtime_r(&s, &tm)))
		return false;
	sk_out_begin(&o, f);
	sk_out_put(&o, text, strftime(text, sizeof(text), format, &tm));
	if (ns)
		sk_out_printf(&o, ".%09u", (unsigned)(ts % SECOND));
	sk_out_str(&o, suffix);
	return sk_out_ret(&o, ret);
}

SK_LOADER(evt_time)
{
	struct sk_fields *f = ctx;

	(void)arg;
	return ret_time(f, ret, clock_format, f->local_time, true, "");
}

SK_LOADER(evt_time_s)
{
	struct sk_fields *f = ctx;

	(void)arg;
	return ret_time(f, ret, clock_format, f->local_time, false, "");
}

SK_LOADER(evt_time_iso8601)
{
	(void)arg;
	return ret_time(ctx, ret, iso_format, false, true, "+0000");
}

SK_LOADER(evt_datetime)
{
	struct sk_fields *f = ctx;

	(void)arg;
	return ret_time(f, ret, date_format, f->local_time, true, "");
}

SK_LOADER(evt_datetime_s)
{
	struct sk_fields *f = ctx;

	(void)arg;
	return ret_time(f, ret, date_format, f->local_time, false, "");
}

/* Other tools choose its form on their command line; this is the default one. */
SK_LOADER(evt_outputtime)
{
	return sk_x_evt_time(ctx, arg, ret);
}

/* --- numbers: a span or point in ns, its whole seconds, the rest ------------------------------------------------------------ */
static uint64_t
raw_time(struct sk_fields *f)
{
	return f->ec.ev->ts;
}

/* Events of different CPUs may arrive slightly out of order; none is before the first. */
static uint64_t
rel_time(struct sk_fields *f)
{
	uint64_t ts = f->ec.ev->ts;

	return ts > f->ec.first_ts ? ts - f->ec.first_ts : 0;
}

/* Since the event on which it was last read; the same however often it is read on this one. */
static uint64_t
delta_time(struct sk_fields *f)
{
	uint64_t ts = f->ec.ev->ts;

	if (!f->deltatime_read) {
		f->deltatime = f->last_deltatime_ts && ts > f->last_deltatime_ts ? ts - f->last_deltatime_ts : 0;
		f->last_deltatime_ts = ts;
		f->deltatime_read = true;
	}
	return f->deltatime;
}

/* Calls are reported once, when they end: how long they took is not known. */
static uint64_t
no_time(struct sk_fields *f)
{
	(void)f;
	return 0;
}

#define NUMBER(field, expr)                                                                                                  \
	SK_LOADER(field)                                                                                                     \
	{                                                                                                                    \
		(void)arg;                                                                                                   \
		return sk_ret_uint(ret, (expr));                                                                             \
	}
NUMBER(evt_rawtime, raw_time(ctx))
NUMBER(evt_rawtime_s, raw_time(ctx) / SECOND)
NUMBER(evt_rawtime_ns, raw_time(ctx) % SECOND)
NUMBER(evt_reltime, rel_time(ctx))
NUMBER(evt_reltime_s, rel_time(ctx) / SECOND)
NUMBER(evt_reltime_ns, rel_time(ctx) % SECOND)
NUMBER(evt_deltatime, delta_time(ctx))
NUMBER(evt_deltatime_s, delta_time(ctx) / SECOND)
NUMBER(evt_deltatime_ns, delta_time(ctx) % SECOND)
NUMBER(evt_latency, no_time(ctx))
NUMBER(evt_latency_s, no_time(ctx))
NUMBER(evt_latency_ns, no_time(ctx))
NUMBER(evt_wait_latency, no_time(ctx))

SK_LOADER(evt_latency_human)
{
	(void)ctx;
	(void)arg;
	return sk_ret_view(ret, SK_SLICE("0ns"));
}

/* The logarithm of nothing. */
SK_LOADER(evt_latency_quantized)
{
	(void)ctx;
	(void)arg;
	(void)ret;
	return false;
}

/* Distance from the time in the argument in whole milliseconds, rounded up: "evt.around[T] = D" means at most D. */
SK_LOADER(evt_around)
{
	const struct sk_fields *f = ctx;
	uint64_t ts = f->ec.ev->ts, at = sk_arg_number(arg), d = ts > at ? ts - at : at - ts;

	return sk_ret_uint(ret, d / 1000000 + (d % 1000000 != 0));
}
