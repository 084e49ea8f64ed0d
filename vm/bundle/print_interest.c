/* What a bundle asks of a probe, and of those who fill in fields. */
#include "base/schema.h"
#include "vm/bundle/text.h"

void
sk_print_interest(struct sk_printer *p)
{
	const struct sk_bundle_view *v = p->v;

	for (uint32_t i = 0; i < v->ninterest && !sk_print_full(p); i++) {
		const struct sk_interest_def *in = &v->interest[i];

		sk_buf_printf(p->out, "interest %s ", sk_source_name((enum sk_source)in->source));
		sk_print_event(p->out, in->event);
		sk_buf_str(p->out, in->need == SK_NEED_ALL ? " failed (" : in->need == SK_NEED_OLD ? " old (" : " (");
		for (uint32_t k = 0; k < in->nvalues && !sk_print_full(p); k++) {
			sk_buf_str(p->out, k ? ", " : "");
			sk_print_operand(p, v->indexes[in->first_value + k]);
		}
		sk_buf_str(p->out, ")\n");
	}
}

static void
put_events(struct sk_printer *p, uint32_t source)
{
	uint32_t n = 0;

	for (uint32_t type = 0; type < SK_EVENT_LIMIT; type++)
		n += p->v->dispatch[source * SK_EVENT_LIMIT + type] != 0;
	if (n == 0)
		return;
	sk_buf_printf(p->out, "events of %s: %u\n", sk_source_name((enum sk_source)source), n);
	for (uint32_t type = 0; type < SK_EVENT_LIMIT; type++)
		if (p->v->dispatch[source * SK_EVENT_LIMIT + type]) {
			sk_buf_char(p->out, '\t');
			sk_print_event(p->out, type);
			sk_buf_char(p->out, '\n');
		}
}

static void
put_fields(struct sk_printer *p)
{
	const struct sk_bundle_view *v = p->v;
	uint32_t n = 0;

	for (uint32_t i = 0; i < v->ncomputed; i++)
		n += v->values[i].def == SK_VD_FIELD;
	sk_buf_printf(p->out, "fields: %u\n", n);
	for (uint32_t i = 0; i < v->ncomputed && !sk_print_full(p); i++)
		if (v->values[i].def == SK_VD_FIELD) {
			sk_buf_char(p->out, '\t');
			sk_print_operand(p, i);
			sk_buf_char(p->out, '\n');
		}
}

void
sk_bundle_print_interest(const struct sk_bundle *b, struct sk_buf *out)
{
	const struct sk_bundle_view *v = sk_bundle_view(b);
	struct sk_printer p = {v, out, SIZE_MAX};

	for (uint32_t s = 0; s < SK_SOURCE_COUNT; s++)
		put_events(&p, s);
	put_fields(&p);
	if (v->ninterest)
		sk_buf_str(out, "per event type: the fields that its program can load\n");
	p.limit = out->n + v->header->size * 64;
	sk_print_interest(&p);
}
