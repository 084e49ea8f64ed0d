#include "probe/scap/convert.h"

#include "base/attr.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "base/schema.h"
#include "probe/scap/enters.h"

/* Where a parameter of the new event comes from. */
enum source_kind { SRC_END, SRC_OLD, SRC_ENTER_OR_EMPTY, SRC_ENTER_OR_DEFAULT, SRC_EMPTY, SRC_DEFAULT, SRC_CONTAINER };
struct source {
	uint8_t kind, index;
};

enum action { STORE, STORE_AND_PASS, PASS, ADD_PARAMS, CHANGE_TYPE };

struct rule {
	uint16_t type, new_type;
	uint8_t nparams, action;
	struct source src[SK_PARAMS_MAX + 1]; /* SRC_END ends it */
};

static const struct rule rules[] = {
#define S_OLD(i) { SRC_OLD, i }
#define S_ENTER_E(i) { SRC_ENTER_OR_EMPTY, i }
#define S_ENTER_D(i) { SRC_ENTER_OR_DEFAULT, i }
#define S_EMPTY { SRC_EMPTY, 0 }
#define S_DEFAULT { SRC_DEFAULT, 0 }
#define S_CONTAINER { SRC_CONTAINER, 0 }
#define SK_CONV(event, np, act, next, ...) { SK_E_##event, SK_E_##next, np, act, { __VA_ARGS__{ SRC_END, 0 } } },
#include <saker/conversions.def>
#undef SK_CONV
};

#define SK_CONV(event, np, act, next, ...)                                                                                     \
	_Static_assert(((act) != STORE && (act) != STORE_AND_PASS) || (np) <= SK_ENTER_PARAMS, "room to keep " #event);
#include <saker/conversions.def>
#undef SK_CONV

/* The longest chain of types is that of execve, nine. */
#define MAX_STEPS 20u

struct param {
	const uint8_t *p;
	uint32_t n;
};

/* An event while it is being rebuilt: parameters point to where they come from. */
struct draft {
	const struct sk_event_desc *desc;
	uint32_t nparams;
	struct param v[SK_PARAMS_MAX];
	bool mismatch;
};

struct sk_converter {
	struct sk_enters enters;
	uint64_t mismatches;
	struct sk_buf container; /* text that SRC_CONTAINER makes */
	struct sk_buf out;
	/* Rule of a type and a number of parameters: index + 1 into rules, 0 if none. */
	uint16_t rule_of[SK_EVENT_LIMIT][SK_PARAMS_MAX + 1];
};

struct sk_converter *
sk_converter_new(void)
{
	struct sk_converter *c = calloc(1, sizeof(*c));

	for (uint16_t i = 0; c && i < SK_COUNTOF(rules); i++)
		c->rule_of[rules[i].type][rules[i].nparams] = (uint16_t)(i + 1);
	return c;
}

void
sk_converter_reset(struct sk_converter *c)
{
	sk_enters_free(&c->enters);
	c->mismatches += c->enters.lost;
	c->enters.lost = 0;
}

void
sk_converter_free(struct sk_converter *c)
{
	if (!c)
		return;
	sk_enters_free(&c->enters);
	sk_buf_free(&c->container);
	sk_buf_free(&c->out);
	free(c);
}

uint64_t
sk_converter_mismatches(const struct sk_converter *c)
{
	return c->mismatches + c->enters.lost;
}

enum verdict { CURRENT, DROP, CONVERT };

static enum verdict
judge(const struct sk_event_desc *d, uint32_t nparams)
{
	bool managed = (d->flags & SK_EF_CONVERTER_MANAGED) != 0, old = (d->flags & SK_EF_OLD_VERSION) != 0;

	if (d->flags & SK_EF_UNUSED)
		return DROP;
	if (!managed)
		return old ? DROP : CURRENT;
	if (!(d->type & 1))
		return CONVERT;
	return old || nparams != d->nparams ? CONVERT : CURRENT;
}

static const struct rule *
find_rule(const struct sk_converter *c, const struct draft *d)
{
	uint16_t i = c->rule_of[d->desc->type][d->nparams];

	return i ? &rules[i - 1] : NULL;
}

/* Zeros of the size of the type; all ones for ids of users and groups; nothing for text and bytes. */
static struct param
default_of(enum sk_ptype type)
{
	static const uint8_t zeros[16], ones[4] = { 0xff, 0xff, 0xff, 0xff };

	if (type == SK_PT_UID || type == SK_PT_GID)
		return (struct param){ ones, 4 };
	return (struct param){ zeros, sk_type_width(type) };
}

static struct param
old_param(struct draft *d, uint32_t i)
{
	if (i < d->nparams)
		return d->v[i];
	d->mismatch = true;
	return (struct param){ NULL, 0 };
}

/* Parameter I of the enter event of D, the exit event; *USED tells that there is one. */
static struct param
enter_param(const struct sk_enter *e, struct draft *d, struct source src, enum sk_ptype type, bool *used)
{
	if (e && e->type + 1 == d->desc->type && src.index < e->nparams) {
		*used = true;
		return (struct param){ e->data + e->off[src.index], e->off[src.index + 1] - e->off[src.index] };
	}
	/* Another call's enter event: that of this call is missing from the capture. */
	d->mismatch = d->mismatch || e;
	return src.kind == SRC_ENTER_OR_DEFAULT ? default_of(type) : (struct param){ NULL, 0 };
}

static struct sk_slice
text_of(struct param p)
{
	return p.n ? sk_slice((const char *)p.p, strnlen((const char *)p.p, p.n)) : sk_slice("", 0);
}

/* (id, type, name, image) as the JSON object that later schemas carry, with its NUL. */
static struct param
container_json(struct sk_converter *c, struct draft *d)
{
	struct sk_buf *b = &c->container;
	struct param type = old_param(d, 1);
	uint32_t number = 0;

	memcpy(&number, type.n ? type.p : (const uint8_t *)"", type.n < 4 ? type.n : 4);
	b->n = 0;
	sk_buf_str(b, "{\"id\":\"");
	sk_buf_json(b, text_of(old_param(d, 0)));
	sk_buf_str(b, "\",\"type\":");
	sk_buf_u64(b, number);
	sk_buf_str(b, ",\"name\":\"");
	sk_buf_json(b, text_of(old_param(d, 2)));
	sk_buf_str(b, "\",\"image\":\"");
	sk_buf_json(b, text_of(old_param(d, 3)));
	sk_buf_str(b, "\"}");
	sk_buf_char(b, '\0');
	return b->failed ? (struct param){ NULL, 0 } : (struct param){ (const uint8_t *)b->p, (uint32_t)b->n };
}

static struct param
make_param(struct sk_converter *c, struct draft *d, const struct sk_enter *e, struct source src, enum sk_ptype type, bool *used)
{
	switch ((enum source_kind)src.kind) {
	case SRC_OLD:
		return old_param(d, src.index);
	case SRC_ENTER_OR_EMPTY:
	case SRC_ENTER_OR_DEFAULT:
		return enter_param(e, d, src, type, used);
	case SRC_DEFAULT:
		return default_of(type);
	case SRC_CONTAINER:
		return container_json(c, d);
	case SRC_EMPTY:
	case SRC_END:
		break;
	}
	return (struct param){ NULL, 0 };
}

/* One step: the type of the rule, with the parameters that it says. */
static void
apply(struct sk_converter *c, int64_t tid, const struct rule *r, struct draft *d)
{
	struct draft next = { .desc = sk_event_desc(r->new_type), .mismatch = d->mismatch };
	struct sk_enter *e = sk_enters_get(&c->enters, tid);
	bool used = false;

	if (r->action == ADD_PARAMS) {
		next.nparams = d->nparams;
		memcpy(next.v, d->v, sizeof(d->v[0]) * d->nparams);
	}
	d->mismatch = false;
	for (const struct source *s = r->src; s->kind != SRC_END && next.nparams < next.desc->nparams; s++) {
		enum sk_ptype type = (enum sk_ptype)next.desc->params[next.nparams].type;
		struct param p = make_param(c, d, e, *s, type, &used);
		uint32_t width = sk_type_width(type);

		if (width && p.n > width)
			p.n = width; /* little endian: keeps the low bytes */
		next.v[next.nparams++] = p;
	}
	if (used)
		e->live = false;
	next.mismatch = next.mismatch || d->mismatch;
	*d = next;
}

static void
open_draft(const struct sk_event *ev, struct draft *d)
{
	d->desc = ev->desc;
	d->mismatch = false;
	d->nparams = ev->nparams;
	for (uint32_t i = 0; i < ev->nparams; i++)
		d->v[i] = (struct param){ ev->data + ev->off[i], ev->off[i + 1] - ev->off[i] };
}

/* Lay the parameters out in the converter's buffer and let EV point there. */
static bool
close_draft(struct sk_converter *c, const struct draft *d, struct sk_event *ev)
{
	c->out.n = 0;
	for (uint32_t i = 0; i < d->nparams; i++) {
		sk_buf_put(&c->out, d->v[i].p, d->v[i].n);
		ev->off[i + 1] = (uint32_t)c->out.n;
	}
	ev->off[0] = 0;
	ev->nparams = d->nparams;
	ev->desc = d->desc;
	ev->type = d->desc->type;
	ev->data = c->out.n ? (const uint8_t *)c->out.p : (const uint8_t *)"";
	return !c->out.failed;
}

/* Keep the event, as far as it is converted, for its exit event. */
static bool
keep(struct sk_converter *c, struct sk_event *ev, const struct draft *d, bool *changed)
{
	if (*changed && !close_draft(c, d, ev))
		return false;
	*changed = false;
	sk_enters_put(&c->enters, ev);
	return true;
}

/* Follow the rules from D on. DROP also where none fits; *CHANGED tells that D is more than EV. */
static enum verdict
follow(struct sk_converter *c, struct sk_event *ev, struct draft *d, bool *changed)
{
	for (uint32_t step = 0; step < MAX_STEPS; step++) {
		enum verdict v = judge(d->desc, d->nparams);
		const struct rule *r = v == CONVERT ? find_rule(c, d) : NULL;

		if (v != CONVERT)
			return v;
		if (!r) {
			/* An exit event of today with fewer parameters than any schema had is still of use. */
			d->mismatch = true;
			return d->desc->flags & SK_EF_OLD_VERSION || !(d->desc->type & 1) ? DROP : CURRENT;
		}
		if (r->action == STORE || r->action == STORE_AND_PASS)
			return keep(c, ev, d, changed) && r->action == STORE_AND_PASS ? CURRENT : DROP;
		if (r->action == PASS)
			return CURRENT;
		apply(c, ev->tid, r, d);
		*changed = true;
	}
	d->mismatch = true;
	return DROP;
}

enum sk_convert
sk_converter_run(struct sk_converter *c, struct sk_event *ev)
{
	struct draft d;
	bool changed = false;
	enum verdict v;

	open_draft(ev, &d);
	v = follow(c, ev, &d, &changed);
	c->mismatches += d.mismatch;
	if (v == DROP)
		return SK_CONVERT_DROP;
	return !changed || close_draft(c, &d, ev) ? SK_CONVERT_PASS : SK_CONVERT_DROP;
}
