/* The builder's pools: strings, values, lists, and the records that need no construction. Sets and tries have files of their own,
 * as has writing. */
#include "vm/bundle/builder_int.h"

struct sk_builder *
sk_builder_new(void)
{
	struct sk_builder *b = sodium_init() < 0 ? NULL : calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	randombytes_buf(b->key, sizeof(b->key));
	/* The empty string is reference {0, 0} of every bundle, so that zeroed references are valid. */
	(void)sk_builder_string(b, SK_SLICE(""));
	return b;
}

static void
once_free(struct sk_once *o)
{
	sk_dedup_free(&o->index);
	sk_vec_free(&o->digests);
}

void
sk_builder_free(struct sk_builder *b)
{
	if (!b)
		return;
	sk_buf_free(&b->strings);
	sk_dedup_free(&b->refs_index);
	struct sk_once *onces[] = {&b->computed_once, &b->consts_once,   &b->sets_once,   &b->tries_once,
				   &b->patterns_once, &b->multis_once,   &b->ranges_once, &b->lists_once,
				   &b->selects_once,  &b->programs_once, &b->outputs_once};
	for (size_t i = 0; i < SK_COUNTOF(onces); i++)
		once_free(onces[i]);
	void *arrays[] = {b->refs.v,       b->computed.v,     b->consts.v, b->args.v,     b->sets.v,        b->slots.v,
			  b->set_inputs.v, b->set_ordinals.v, b->tries.v,  b->nodes.v,    b->trie_inputs.v, b->trie_ordinals.v,
			  b->patterns.v,   b->multis.v,       b->ranges.v, b->indexes.v,  b->lists.v,       b->list_ids.v,
			  b->selects.v,    b->code.v,         b->srcmap.v, b->programs.v, b->rules.v,       b->outputs.v,
			  b->pieces.v,     b->interest.v,     b->inputs.v};
	for (size_t i = 0; i < SK_COUNTOF(arrays); i++)
		free(arrays[i]);
	free(b);
}

/* --- keys */

void
sk_key_begin(struct sk_key *k)
{
	(void)crypto_generichash_init(&k->st, NULL, 0, sizeof(struct sk_digest));
}

void
sk_key_add(struct sk_key *k, const void *p, size_t n)
{
	if (n)
		(void)crypto_generichash_update(&k->st, p, n);
}

void
sk_key_u32(struct sk_key *k, uint32_t v)
{
	sk_key_add(k, &v, sizeof(v));
}

static bool
digest_eq(const void *ctx, const void *key, uint32_t id)
{
	const struct sk_once *o = ctx;

	return memcmp(&o->digests.v[id], key, sizeof(struct sk_digest)) == 0;
}

uint32_t
sk_once(struct sk_builder *b, struct sk_once *o, struct sk_key *k, bool *ret_new)
{
	struct sk_digest d;
	uint64_t h;

	(void)crypto_generichash_final(&k->st, d.d, sizeof(d));
	memcpy(&h, d.d, sizeof(h));
	uint32_t id = sk_dedup_find(&o->index, h, digest_eq, o, &d);
	*ret_new = id == SK_DEDUP_NONE;
	if (!*ret_new)
		return id;
	id = (uint32_t)o->digests.n;
	if (!sk_vec_push(&o->digests, d) || !sk_dedup_add(&o->index, h, id))
		b->nomem = true;
	return id;
}

/* --- strings */

struct sk_slice
sk_builder_text(const struct sk_builder *b, struct sk_str_ref s)
{
	return b->strings.p ? sk_slice(b->strings.p + s.off, s.len) : sk_slice("", 0);
}

static bool
ref_eq(const void *ctx, const void *key, uint32_t id)
{
	const struct sk_builder *b = ctx;
	const struct sk_slice *s = key;

	return sk_slice_eq(sk_builder_text(b, b->refs.v[id]), *s);
}

struct sk_str_ref
sk_builder_string(struct sk_builder *b, struct sk_slice s)
{
	uint64_t h;

	(void)crypto_shorthash((uint8_t *)&h, (const uint8_t *)s.p, s.n, b->key);
	uint32_t id = sk_dedup_find(&b->refs_index, h, ref_eq, b, &s);
	if (id != SK_DEDUP_NONE)
		return b->refs.v[id];
	if (s.n >= SK_MAX_BUNDLE || b->strings.n > SK_MAX_BUNDLE - s.n - 1) {
		b->too_big = true;
		return (struct sk_str_ref){0, 0};
	}
	struct sk_str_ref ref = {(uint32_t)b->strings.n, (uint32_t)s.n};
	sk_buf_put(&b->strings, s.p, s.n);
	sk_buf_char(&b->strings, '\0');
	if (b->strings.failed || !sk_vec_push(&b->refs, ref) || !sk_dedup_add(&b->refs_index, h, (uint32_t)b->refs.n - 1)) {
		b->nomem = true;
		return (struct sk_str_ref){0, 0};
	}
	return ref;
}

/* --- lists */

static uint32_t
range(struct sk_builder *b, const uint32_t *v, uint32_t n, bool values)
{
	struct sk_key k;
	bool fresh;

	sk_key_begin(&k);
	sk_key_u32(&k, values);
	sk_key_add(&k, v, (size_t)n * sizeof(*v));
	uint32_t id = sk_once(b, &b->ranges_once, &k, &fresh);
	if (!fresh)
		return id;
	SK_PUT(b, &b->ranges, (struct sk_range){(uint32_t)b->indexes.n, n, values});
	for (uint32_t i = 0; i < n; i++)
		SK_PUT(b, &b->indexes, v[i]);
	return id;
}

static void
put_list(struct sk_builder *b, uint32_t range_id)
{
	if (range_id < b->ranges.n)
		SK_PUT(b, &b->lists, (struct sk_list_def){b->ranges.v[range_id].first, b->ranges.v[range_id].n});
}

uint32_t
sk_builder_list(struct sk_builder *b, const uint32_t *v, uint32_t n, bool values)
{
	struct sk_key k;
	bool fresh;
	uint32_t r = range(b, v, n, values);

	sk_key_begin(&k);
	sk_key_u32(&k, r);
	uint32_t id = sk_once(b, &b->lists_once, &k, &fresh);
	if (fresh) {
		SK_PUT(b, &b->list_ids, (uint32_t)b->lists.n);
		put_list(b, r);
	}
	return b->nomem ? 0 : b->list_ids.v[id];
}

uint32_t
sk_builder_multi(struct sk_builder *b, uint8_t op, uint8_t mod, enum sk_quant quant, uint32_t list)
{
	struct sk_multi_def m = {.op = op, .mod = mod, .quant = (uint8_t)quant, .list = list};
	struct sk_key k;
	bool fresh;

	sk_key_begin(&k);
	sk_key_add(&k, &m, sizeof(m));
	uint32_t id = sk_once(b, &b->multis_once, &k, &fresh);
	if (fresh)
		SK_PUT(b, &b->multis, m);
	return id;
}

uint32_t
sk_builder_select(struct sk_builder *b, enum sk_select_kind kind, uint32_t table, const struct sk_slice_u32 *lists, uint32_t n)
{
	struct sk_key k;
	bool fresh;
	SK_AUTO_FREE uint32_t *ranges = calloc(n ? n : 1, sizeof(*ranges));

	if (!ranges) {
		b->nomem = true;
		return 0;
	}
	for (uint32_t i = 0; i < n; i++)
		ranges[i] = range(b, lists[i].v, lists[i].n, false);
	sk_key_begin(&k);
	sk_key_u32(&k, kind);
	sk_key_u32(&k, table);
	sk_key_add(&k, ranges, n * sizeof(*ranges));
	uint32_t id = sk_once(b, &b->selects_once, &k, &fresh);
	if (fresh) {
		SK_PUT(b, &b->selects, (struct sk_select_def){kind, table, (uint32_t)b->lists.n, n});
		for (uint32_t i = 0; i < n; i++)
			put_list(b, ranges[i]);
	}
	return id;
}

uint32_t
sk_builder_pattern(struct sk_builder *b, struct sk_slice text)
{
	struct sk_pattern_def p = {sk_builder_string(b, text)};
	struct sk_key k;
	bool fresh;

	sk_key_begin(&k);
	sk_key_add(&k, &p, sizeof(p));
	uint32_t id = sk_once(b, &b->patterns_once, &k, &fresh);
	if (fresh)
		SK_PUT(b, &b->patterns, p);
	return id;
}

/* --- programs */

static void
put_program(struct sk_builder *b, const struct sk_insn *code, struct sk_program_def p, const struct sk_srcmap_def *map)
{
	static const struct sk_srcmap_def nowhere = {SK_SRCMAP_NONE, SK_SRCMAP_NONE, 0, 0};

	if (b->code.n > UINT32_MAX - p.ninsns) {
		b->too_big = true;
		return;
	}
	p.first_insn = (uint32_t)b->code.n;
	for (uint32_t i = 0; i < p.ninsns; i++) {
		SK_PUT(b, &b->code, code[i]);
		SK_PUT(b, &b->srcmap, map ? map[i] : nowhere);
	}
	b->has_srcmap |= map != NULL;
	SK_PUT(b, &b->programs, p);
}

uint32_t
sk_builder_program(struct sk_builder *b, const struct sk_insn *code, uint32_t n, const uint32_t *blocks, uint32_t nblocks,
		   uint32_t nmemos, const struct sk_srcmap_def *map)
{
	struct sk_program_def p = {0, n, sk_builder_list(b, blocks, nblocks, false), nmemos};
	struct sk_key k;
	bool fresh;

	sk_key_begin(&k);
	sk_key_add(&k, &p, sizeof(p));
	sk_key_add(&k, code, n * sizeof(*code));
	uint32_t id = sk_once(b, &b->programs_once, &k, &fresh);
	if (fresh)
		put_program(b, code, p, map);
	return id;
}

void
sk_builder_dispatch(struct sk_builder *b, enum sk_source source, uint32_t event, uint32_t program)
{
	if (source < SK_SOURCE_COUNT && event < SK_EVENT_LIMIT)
		b->dispatch[source * SK_EVENT_LIMIT + event] = program + 1;
}

/* --- rules */

uint32_t
sk_builder_output(struct sk_builder *b, struct sk_slice text, const struct sk_piece_def *pieces, uint32_t n)
{
	struct sk_output_def o = {sk_builder_string(b, text), 0, n};
	struct sk_key k;
	bool fresh;

	sk_key_begin(&k);
	sk_key_add(&k, &o, sizeof(o));
	sk_key_add(&k, pieces, n * sizeof(*pieces));
	uint32_t id = sk_once(b, &b->outputs_once, &k, &fresh);
	if (!fresh)
		return id;
	o.first_piece = (uint32_t)b->pieces.n;
	for (uint32_t i = 0; i < n; i++)
		SK_PUT(b, &b->pieces, pieces[i]);
	SK_PUT(b, &b->outputs, o);
	return id;
}

uint32_t
sk_builder_rule(struct sk_builder *b, const struct sk_rule_def *r, const struct sk_slice *tags, uint32_t ntags)
{
	struct sk_rule_def rule = *r;
	SK_AUTO_FREE struct sk_str_ref *refs = calloc(ntags ? ntags : 1, sizeof(*refs));

	if (!refs) {
		b->nomem = true;
		return 0;
	}
	for (uint32_t i = 0; i < ntags; i++)
		refs[i] = sk_builder_string(b, tags[i]);
	rule.tags = sk_builder_list(b, (const uint32_t *)refs, ntags * 2, false);
	SK_PUT(b, &b->rules, rule);
	return (uint32_t)b->rules.n - 1;
}

uint32_t
sk_builder_input(struct sk_builder *b, struct sk_slice name, struct sk_slice content)
{
	struct sk_input_def in = {.name = sk_builder_string(b, name)};

	(void)crypto_hash_sha256(in.sha256, (const uint8_t *)content.p, content.n);
	SK_PUT(b, &b->inputs, in);
	return (uint32_t)b->inputs.n - 1;
}

void
sk_builder_interest(struct sk_builder *b, const struct sk_interest_def *i, const uint32_t *values, uint32_t n)
{
	struct sk_interest_def in = *i;
	uint32_t r = range(b, values, n, true);

	if (r >= b->ranges.n)
		return;
	in.first_value = b->ranges.v[r].first;
	in.nvalues = n;
	SK_PUT(b, &b->interest, in);
}
