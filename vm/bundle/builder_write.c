/* From the builder's pools to the image: number the constants, lay out the sections, fill in the header. */
#include "vm/bundle/builder_int.h"
#include "vm/bundle/digest.h"
#include "vm/bundle/layout.h"

#include <errno.h>

struct writer {
	struct sk_builder *b;
	struct sk_buf *out;
	size_t begin; /* of the image in OUT */
	struct sk_section_def sections[SK_SECTION_LIMIT];
	uint32_t nsections;
};

static uint32_t
final_number(const struct sk_builder *b, uint32_t v)
{
	return v & SK_CONST_BIT ? (v & ~SK_CONST_BIT) + (uint32_t)b->computed.n : v;
}

static void
section_begin(struct writer *w, uint32_t id)
{
	while ((w->out->n - w->begin) % SK_SECTION_ALIGN && !w->out->failed)
		sk_buf_char(w->out, '\0');
	w->sections[w->nsections] = (struct sk_section_def){id, sk_section_info(id)->required, w->out->n - w->begin, 0};
}

static void
section_end(struct writer *w)
{
	struct sk_section_def *s = &w->sections[w->nsections++];

	s->size = w->out->n - w->begin - s->off;
}

static void
section(struct writer *w, uint32_t id, const void *p, size_t n, size_t size)
{
	section_begin(w, id);
	sk_buf_put(w->out, p, n * size);
	section_end(w);
}

/* Arguments move to the order of their values, so that a reader need not ask whether two values share some. */
static void
put_values(struct writer *w, const struct sk_value_def *v, size_t n, uint64_t *nargs)
{
	for (size_t i = 0; i < n; i++) {
		struct sk_value_def d = v[i];

		if (d.def == SK_VD_XFORM || (d.def == SK_VD_CONST && d.is_list)) {
			d.num = *nargs;
			*nargs += d.nargs;
		}
		sk_buf_put(w->out, &d, sizeof(d));
	}
}

static void
put_args(struct writer *w, const struct sk_value_def *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < v[i].nargs; k++) {
			uint32_t number = final_number(w->b, w->b->args.v[v[i].num + k]);

			sk_buf_put(w->out, &number, sizeof(number));
		}
}

static void
write_values(struct writer *w)
{
	const struct sk_builder *b = w->b;
	uint64_t nargs = 0;

	section_begin(w, SK_SEC_VALUES);
	put_values(w, b->computed.v, b->computed.n, &nargs);
	put_values(w, b->consts.v, b->consts.n, &nargs);
	section_end(w);
	section_begin(w, SK_SEC_ARGS);
	put_args(w, b->computed.v, b->computed.n);
	put_args(w, b->consts.v, b->consts.n);
	section_end(w);
}

static void
write_slots(struct writer *w)
{
	section_begin(w, SK_SEC_SLOTS);
	for (size_t i = 0; i < w->b->slots.n; i++) {
		struct sk_set_slot s = w->b->slots.v[i];

		if (s.value)
			s.value = final_number(w->b, s.value - 1) + 1;
		sk_buf_put(w->out, &s, sizeof(s));
	}
	section_end(w);
}

static void
write_indexes(struct writer *w)
{
	const struct sk_builder *b = w->b;

	section_begin(w, SK_SEC_INDEXES);
	for (size_t i = 0; i < b->ranges.n; i++)
		for (uint32_t k = 0; k < b->ranges.v[i].n; k++) {
			uint32_t v = b->indexes.v[b->ranges.v[i].first + k];

			if (b->ranges.v[i].values)
				v = final_number(b, v);
			sk_buf_put(w->out, &v, sizeof(v));
		}
	section_end(w);
}

static void
write_code(struct writer *w)
{
	section_begin(w, SK_SEC_CODE);
	for (size_t i = 0; i < w->b->code.n; i++) {
		struct sk_insn in = w->b->code.v[i];

		if (sk_op_info(in.op)->b == SK_OPND_CONST)
			in.b = final_number(w->b, in.b);
		sk_buf_put(w->out, &in, sizeof(in));
	}
	section_end(w);
}

static void
write_pieces(struct writer *w)
{
	section_begin(w, SK_SEC_PIECES);
	for (size_t i = 0; i < w->b->pieces.n; i++) {
		struct sk_piece_def p = w->b->pieces.v[i];

		if (p.value)
			p.value = final_number(w->b, p.value - 1) + 1;
		sk_buf_put(w->out, &p, sizeof(p));
	}
	section_end(w);
}

#define POOL(w, id, vec) section(w, id, (w)->b->vec.v, (w)->b->vec.n, sizeof(*(w)->b->vec.v))

static void
write_sections(struct writer *w)
{
	struct sk_builder *b = w->b;

	section(w, SK_SEC_STRINGS, b->strings.p, b->strings.n, 1);
	write_values(w);
	POOL(w, SK_SEC_SETS, sets);
	write_slots(w);
	POOL(w, SK_SEC_TRIES, tries);
	POOL(w, SK_SEC_NODES, nodes);
	POOL(w, SK_SEC_PATTERNS, patterns);
	POOL(w, SK_SEC_MULTIS, multis);
	POOL(w, SK_SEC_LISTS, lists);
	write_indexes(w);
	POOL(w, SK_SEC_SELECTS, selects);
	write_code(w);
	POOL(w, SK_SEC_PROGRAMS, programs);
	section(w, SK_SEC_DISPATCH, b->dispatch, SK_COUNTOF(b->dispatch), sizeof(b->dispatch[0]));
	POOL(w, SK_SEC_RULES, rules);
	POOL(w, SK_SEC_OUTPUTS, outputs);
	write_pieces(w);
	if (b->interest.n)
		POOL(w, SK_SEC_INTEREST, interest);
	if (b->has_srcmap)
		POOL(w, SK_SEC_SRCMAP, srcmap);
	POOL(w, SK_SEC_INPUTS, inputs);
}

static uint32_t
max_u32(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static struct sk_bundle_header
header(const struct writer *w)
{
	const struct sk_builder *b = w->b;
	struct sk_bundle_header h = {.format = SK_BUNDLE_FORMAT, .schema = SK_SCHEMA_VERSION, .nsections = w->nsections};

	memcpy(h.magic, SK_BUNDLE_MAGIC, sizeof(h.magic));
	for (size_t i = 0; i < b->computed.n; i++)
		if (b->computed.v[i].def == SK_VD_FIELD)
			h.max_field = max_u32(h.max_field, b->computed.v[i].id);
	for (uint32_t i = 0; i < SK_COUNTOF(b->dispatch); i++)
		if (b->dispatch[i])
			h.max_event = max_u32(h.max_event, i % SK_EVENT_LIMIT);
	for (size_t i = 0; i < b->interest.n; i++)
		h.max_event = max_u32(h.max_event, b->interest.v[i].event);
	for (size_t i = 0; i < b->code.n; i++)
		h.max_op = max_u32(h.max_op, b->code.v[i].op);
	for (size_t i = 0; i < b->multis.n; i++)
		h.max_op = max_u32(h.max_op, b->multis.v[i].op);
	h.size = w->out->n - w->begin;
	return h;
}

static uint32_t
count_sections(const struct sk_builder *b)
{
	uint32_t n = 0;

	for (uint32_t id = 0; id < SK_SECTION_LIMIT; id++)
		n += sk_section_info(id)->required;
	return n + (b->interest.n != 0) + b->has_srcmap;
}

int
sk_builder_finish(struct sk_builder *b, struct sk_buf *out)
{
	struct writer w = {.b = b, .out = out, .begin = out->n};
	size_t front = sizeof(struct sk_bundle_header) + count_sections(b) * sizeof(struct sk_section_def);

	if (b->nomem)
		return -ENOMEM;
	if (b->too_big || b->rules.n > SK_MAX_RULES)
		return -E2BIG;
	char *room = sk_buf_room(out, front);
	if (!room)
		return -ENOMEM;
	memset(room, 0, front);
	out->n += front;
	write_sections(&w);
	if (out->failed)
		return -ENOMEM;
	if (out->n - w.begin > SK_MAX_BUNDLE)
		return -E2BIG;
	struct sk_bundle_header h = header(&w);
	struct sk_digest_work digest;
	char *image = out->p + w.begin;
	memcpy(image + sizeof(h), w.sections, w.nsections * sizeof(w.sections[0]));
	sk_digest_begin(&digest, image + sizeof(h), h.size - sizeof(h));
	sk_digest_end(&digest, h.digest);
	memcpy(image, &h, sizeof(h));
	return 0;
}
