/* Output templates: fields that are never there, and templates without any. */
#include "compiler/lint/lint_internal.h"

/* Where the template says "%FIELD", at or behind *AT. */
static struct sk_span
find_field(const struct sk_text *t, struct sk_slice field, size_t *at)
{
	struct sk_slice s = t->s;

	for (size_t i = *at; i < s.n; i++) {
		const char *hit = memmem(s.p + i, s.n - i, field.p, field.n);

		if (!hit)
			break;
		i = (size_t)(hit - s.p);
		/* The name of the field follows the %, or a width and the name. */
		size_t k = i;
		while (k > *at && s.p[k - 1] >= '0' && s.p[k - 1] <= '9')
			k--;
		if (k > 0 && s.p[k - 1] == '%') {
			*at = i + field.n;
			return (struct sk_span){ (uint32_t)k - 1, (uint32_t)(i + field.n) };
		}
	}
	return (struct sk_span){ 0, (uint32_t)s.n };
}

static void
look_at_field(struct sk_lint *l, struct sk_lint_rule *r, const struct sk_ir_piece *p, size_t *at)
{
	struct sk_span span = find_field(&r->rule->output, p->text, at);
	struct sk_event_set left = sk_event_set_minus(&r->types, &l->absent[p->value]);

	if (!r->typed || sk_event_set_empty(&r->types) || !sk_event_set_empty(&left))
		return;
	(void)sk_lint_report(l, SK_D_OUTPUT_ABSENT, &r->rule->output_item, sk_text_loc(&r->rule->output, span), NULL,
			     "%%%.*s always prints <NA>: it has no value on the event types of the rule (%.*s)",
			     SK_SLICE_ARG(p->text), SK_SLICE_ARG(sk_lint_type_names(l, &r->types)));
}

void
sk_lint_output(struct sk_lint *l, struct sk_lint_rule *r)
{
	const struct sk_ir_output *o = &r->ir->output;
	size_t at = 0;
	bool any = false;

	for (uint32_t i = 0; i < o->npieces; i++)
		if (o->pieces[i].value != SK_IR_LITERAL && o->pieces[i].use != SK_PIECE_HIDDEN) {
			look_at_field(l, r, &o->pieces[i], &at);
			any = true;
		}
	if (!any)
		(void)sk_lint_report(l, SK_D_NO_OUTPUT_FIELD, &r->rule->output_item,
				     sk_text_loc(&r->rule->output, (struct sk_span){ 0, (uint32_t)r->rule->output.s.n }), NULL,
				     "the output names no field: the alert will not say who did what");
}
