#include "daemon/live_calls.h"

#include "base/schema.h"
#include "probe/live/calls.h"

/* An event of a capture may be a generic one although its call has a type of its own today; an event of the probe is not. So the name of a generic event of the probe is
 * that of a call without a type. */
static bool
is_generic(struct sk_slice name)
{
	bool known = false;

	for (uint32_t i = 0; i < SK_LIVE_CALLS; i++) {
		const struct sk_call *c = sk_call_of(i);

		if (c && c->event == SK_E_GENERIC_X && sk_slice_is(name, c->name))
			return true;
	}
	for (uint32_t t = 0; t < SK_EVENT_LIMIT && !known; t++)
		known = t != SK_E_GENERIC_E && t != SK_E_GENERIC_X && sk_event_desc(t) && sk_slice_is(name, sk_event_desc(t)->name);
	return !known; /* by a number of another architecture, or by the number of a call that is to come */
}

static bool
set_has_generic(const struct sk_bundle_view *v, const struct sk_set_def *set)
{
	for (uint32_t i = 0; i < set->nslots; i++) {
		uint32_t value = v->slots[set->first_slot + i].value;

		if (value && is_generic(sk_bundle_str(v, v->values[value - 1].text)))
			return true;
	}
	return false;
}

/* A look-up of the event's name among some, which gives no candidates for others. */
static bool
picks_by_name(const struct sk_bundle_view *v, const struct sk_insn *in)
{
	const struct sk_value_def *d = &v->values[in->a];

	return in->op == SK_OP_SELECT && d->def == SK_VD_FIELD && (d->id == SK_F_evt_type || d->id == SK_F_syscall_type) && v->selects[in->b].kind == SK_SELECT_SET;
}

bool
sk_live_wants_generic(const struct sk_bundle_view *v)
{
	uint32_t number = v->dispatch[(size_t)SK_SOURCE_SYSCALL * SK_EVENT_LIMIT + SK_E_GENERIC_X];
	const struct sk_program_def *p;

	if (!number)
		return false;
	p = &v->programs[number - 1];
	for (uint32_t i = 0; i < p->ninsns; i++) {
		const struct sk_insn *in = &v->code[p->first_insn + i];

		if (in->op == SK_OP_NEXT)
			return false;
		if (!picks_by_name(v, in) || set_has_generic(v, &v->sets[v->selects[in->b].table]))
			return true;
	}
	return true;
}
