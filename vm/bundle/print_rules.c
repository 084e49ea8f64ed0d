/* Inputs, outputs and rules as text. */
#include "base/schema.h"
#include "vm/bundle/text.h"

static void
put_inputs(struct sk_printer *p)
{
	for (uint32_t i = 0; i < p->v->ninputs && !sk_print_full(p); i++) {
		const struct sk_input_def *in = &p->v->inputs[i];

		sk_buf_printf(p->out, "input i%u ", i);
		sk_print_quoted(p->out, sk_bundle_str(p->v, in->name));
		sk_buf_char(p->out, ' ');
		for (size_t k = 0; k < sizeof(in->sha256); k++)
			sk_buf_printf(p->out, "%02x", in->sha256[k]);
		sk_buf_char(p->out, '\n');
	}
}

static const char *
fmt_name(uint8_t fmt)
{
	static const char *const names[] = {"NA", "DEC", "HEX", "OCT", "PADDED", "ID"};

	return names[fmt];
}

static void
put_piece(struct sk_printer *p, const struct sk_piece_def *piece)
{
	struct sk_slice text = sk_bundle_str(p->v, piece->text);

	if (!piece->value) {
		sk_buf_str(p->out, "\ttext ");
		sk_print_quoted(p->out, text);
	} else {
		sk_buf_str(p->out, "\tfield ");
		sk_print_operand(p, piece->value - 1);
		sk_buf_str(p->out, " key ");
		sk_print_quoted(p->out, text);
	}
	if (piece->width)
		sk_buf_printf(p->out, " width %u", piece->width);
	if (piece->type != SK_PT_NONE)
		sk_buf_printf(p->out, " type %s", sk_type_name((enum sk_ptype)piece->type));
	if (piece->fmt != SK_PF_NA)
		sk_buf_printf(p->out, " fmt %s", fmt_name(piece->fmt));
	if (piece->is_transformed)
		sk_buf_str(p->out, piece->is_transformed == SK_PIECE_HIDDEN ? " hidden" : " transformed");
	sk_buf_char(p->out, '\n');
}

static void
put_outputs(struct sk_printer *p)
{
	for (uint32_t i = 0; i < p->v->noutputs && !sk_print_full(p); i++) {
		const struct sk_output_def *o = &p->v->outputs[i];

		sk_buf_printf(p->out, "output o%u ", i);
		sk_print_quoted(p->out, sk_bundle_str(p->v, o->text));
		sk_buf_char(p->out, '\n');
		for (uint32_t k = 0; k < o->npieces && !sk_print_full(p); k++)
			put_piece(p, &p->v->pieces[o->first_piece + k]);
	}
}

static void
put_text(struct sk_printer *p, const char *word, struct sk_str_ref s)
{
	if (!s.len)
		return;
	sk_buf_printf(p->out, "\t%s ", word);
	sk_print_quoted(p->out, sk_bundle_str(p->v, s));
	sk_buf_char(p->out, '\n');
}

static void
put_tags(struct sk_printer *p, uint32_t list)
{
	const struct sk_list_def *l = &p->v->lists[list];

	if (l->n == 0)
		return;
	sk_buf_str(p->out, "\ttags");
	for (uint32_t k = 0; k < l->n && !sk_print_full(p); k += 2) {
		sk_buf_char(p->out, ' ');
		sk_print_quoted(p->out, sk_bundle_str(p->v, (struct sk_str_ref){p->v->indexes[l->first + k],
										p->v->indexes[l->first + k + 1]}));
	}
	sk_buf_char(p->out, '\n');
}

static void
put_rule(struct sk_printer *p, uint32_t i)
{
	const struct sk_rule_def *r = &p->v->rules[i];

	sk_buf_printf(p->out, "rule r%u ", i);
	sk_print_quoted(p->out, sk_bundle_str(p->v, r->name));
	sk_buf_char(p->out, '\n');
	put_text(p, "desc", r->desc);
	put_text(p, "condition", r->condition);
	sk_buf_printf(p->out, "\tprints o%u\n\tpriority %s\n\tsource %s\n\tat i%u:%u:%u\n", r->output,
		      sk_priority_name((enum sk_priority)r->priority), sk_source_name((enum sk_source)r->source), r->input,
		      r->line, r->column);
	put_tags(p, r->tags);
	if (!r->enabled)
		sk_buf_str(p->out, "\tdisabled\n");
	if (r->capture || r->capture_duration_ms)
		sk_buf_printf(p->out, "\tcapture %u %u\n", r->capture, r->capture_duration_ms);
}

void
sk_print_rules(struct sk_printer *p)
{
	put_inputs(p);
	put_outputs(p);
	for (uint32_t i = 0; i < p->v->nrules && !sk_print_full(p); i++)
		put_rule(p, i);
}
